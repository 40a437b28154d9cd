package io.springtide.master.agents;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread does, looking every few milliseconds until a generous deadline. */
final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_NANOS = 5_000_000;

    private Eventually() {}

    static void holds(String what, BooleanSupplier condition) {
        value(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    static <T> T value(String what, Supplier<Optional<T>> supplier) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<T> found = supplier.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come to pass: " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
