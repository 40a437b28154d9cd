package io.springtide.master.ring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The way of a command from the one who gives it to everybody who hears of it, for one reign. */
public interface ReignEngine extends CommandPort, AutoCloseable {

    /** What is told to whoever waits when it stops. */
    Outcome STOPPED = new Outcome.Stopped("this master has stopped leading; ask again");

    /** Sets it going; once. */
    void start();

    /**
     * Waits for a promise of {@link #submit}; not on a thread of the engine.
     *
     * @throws TimeoutException if it has not been kept by then
     */
    Outcome await(CompletableFuture<Outcome> promise, Duration atMost)
            throws InterruptedException, ExecutionException, TimeoutException;

    /** Lets everything under way come out, then stops. Commands that come later are refused. */
    @Override
    void close();

    /**
     * Stops where it stands: what is not durable yet is dropped, and whoever waits for it is told that
     * nobody knows. For the end of a reign that has failed.
     *
     * @throws IllegalStateException if a stage does not let go, for example of the store
     */
    void abort();
}
