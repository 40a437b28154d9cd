package io.springtide.agent.runtime.docker;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.TaskListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Notes what a runtime tells, and waits for it. */
final class Heard implements TaskListener {

    private static final long WAIT_S_MAX = 60;

    private final List<String> steps = new ArrayList<>();
    private String address = "";
    private Optional<Ending> ending = Optional.empty();

    @Override
    public synchronized void starting(long instanceId) {
        steps.add("starting");
    }

    @Override
    public synchronized void running(long instanceId, String ipAddress) {
        steps.add("running");
        address = ipAddress;
    }

    @Override
    public synchronized void paused(long instanceId) {
        steps.add("paused");
    }

    @Override
    public synchronized void resumed(long instanceId) {
        steps.add("resumed");
    }

    @Override
    public synchronized void overlooked(long instanceId) {
        steps.add("overlooked");
    }

    @Override
    public synchronized void ended(long instanceId, Ending how) {
        steps.add("ended");
        ending = Optional.of(how);
    }

    synchronized List<String> steps() {
        return List.copyOf(steps);
    }

    synchronized Optional<Ending> ending() {
        return ending;
    }

    /** The address with which it runs. */
    String awaitRunning() {
        until(() -> "it runs; heard " + steps() + ending(),
                () -> steps().contains("running") || ending().isPresent());
        if (!steps().contains("running")) {
            throw new AssertionError("it ended before it ran: " + ending());
        }
        synchronized (this) {
            return address;
        }
    }

    Ending awaitEnd() {
        until(() -> "it ends; heard " + steps(), () -> ending().isPresent());
        return ending().orElseThrow();
    }

    static void until(Supplier<String> what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S_MAX);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited " + WAIT_S_MAX + " s in vain until " + what.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
