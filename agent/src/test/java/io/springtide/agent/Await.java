package io.springtide.agent;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something to become true, with a deadline that only a broken run reaches. */
public final class Await {

    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        long endNs = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                throw new AssertionError("not within " + DEADLINE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
