package io.springtide.master.agents;

import io.springtide.core.command.Answer;
import io.springtide.master.ring.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Hands commands to the engine, again after a random pause while its ring is full. Any thread. */
final class Submissions {

    private static final long PAUSE_MS_MIN = 8;
    private static final int DOUBLINGS_MAX = 5;

    /** What waits for its turn without an end goes on until it is no longer wanted. */
    static final Duration WITHOUT_END = Duration.ofDays(365);

    private final Timing timing;
    private final AgentCounters counters;

    Submissions(Timing timing, AgentCounters counters) {
        this.timing = timing;
        this.counters = counters;
    }

    /** One command on its way into the ring. */
    interface Submission {

        /** Hands it over once; empty if that is no longer wanted. */
        Optional<CompletableFuture<Outcome>> attempt();

        /** It is in the ring; what is handed over after this comes behind it. */
        default void accepted() {}

        /** Its facts are durable. */
        default void decided(Answer answer) {}

        /** It is not known to have been decided, and will not be handed over again. */
        default void failed(String why) {}
    }

    /** Starts handing it over, for at most {@code patience} while the ring is full. */
    void submit(Submission submission, Duration patience) {
        attempt(submission, timing.nanoTime() + patience.toNanos(), 0);
    }

    private void attempt(Submission submission, long endNanos, int attempts) {
        Optional<CompletableFuture<Outcome>> handedOver = submission.attempt();
        if (handedOver.isEmpty()) {
            return;
        }
        CompletableFuture<Outcome> future = handedOver.get();
        if (future.isDone() && !future.isCompletedExceptionally()
                && future.join() instanceof Outcome.Busy) {
            again(submission, endNanos, attempts);
            return;
        }
        submission.accepted();
        var unused = future.whenComplete((outcome, failure) -> {
            if (failure != null) {
                submission.failed("the engine failed: " + failure);
                return;
            }
            switch (outcome) {
                case Outcome.Decided(Answer answer) -> submission.decided(answer);
                // Too late to hand it over again: others have overtaken it.
                case Outcome.Busy() -> submission.failed("the engine took a command back");
                case Outcome.Stopped(String why) -> submission.failed(why);
            }
        });
    }

    private void again(Submission submission, long endNanos, int attempts) {
        counters.busyRetries.increment();
        if (timing.nanoTime() - endNanos >= 0) {
            submission.failed("the master is too busy");
            return;
        }
        long middleMs = PAUSE_MS_MIN << Math.min(attempts, DOUBLINGS_MAX);
        long pauseMs = timing.random(middleMs / 2, middleMs * 3 / 2);
        timing.after(Duration.ofMillis(pauseMs),
                () -> attempt(submission, endNanos, attempts + 1));
    }
}
