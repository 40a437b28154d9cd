package io.springtide.bench.chaos;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting, for a time or for something to come about. */
final class Pause {

    private static final long LOOK_MS = 20;

    private Pause() {}

    /**
     * Sleeps.
     *
     * @throws ChaosException if interrupted
     */
    static void of(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted", interrupted);
        }
    }

    /**
     * Looks every few milliseconds whether something holds.
     *
     * @return how long it took, in milliseconds
     * @throws ChaosException if it does not in time
     */
    static double until(String what, Duration atMost, BooleanSupplier holds) {
        long beganNs = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - beganNs > atMost.toNanos()) {
                throw new ChaosException(
                        "waited " + atMost.toSeconds() + " s in vain for " + what);
            }
            of(Duration.ofMillis(LOOK_MS));
        }
        return msSince(beganNs);
    }

    static double msSince(long beganNs) {
        return (System.nanoTime() - beganNs) / 1e6;
    }
}
