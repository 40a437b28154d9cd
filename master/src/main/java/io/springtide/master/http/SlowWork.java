package io.springtide.master.http;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Computations that take up to a second or so: one after another on a thread of its own, so that they hold
 * up neither an event loop nor more than one processor. A few may wait. Any thread.
 */
final class SlowWork {

    /** With the one at work, about ten seconds: whoever comes then is better told to come again. */
    static final int WAITING_MAX = 8;

    private static final int IDLE_S = 10;

    private final ThreadPoolExecutor pool;

    SlowWork(String name) {
        pool = new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                task -> Thread.ofPlatform().name(name).daemon(true).unstarted(task));
        // Nobody has to close it.
        pool.allowCoreThreadTimeOut(true);
    }

    /** What will come of it; empty, and nothing is done, if too many wait already. */
    <T> Optional<CompletableFuture<T>> submit(Supplier<T> work) {
        try {
            return Optional.of(CompletableFuture.supplyAsync(work, pool));
        } catch (RejectedExecutionException full) {
            return Optional.empty();
        }
    }
}
