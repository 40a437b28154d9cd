package io.springtide.agent.health;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/**
 * Asks each of some instances one question again and again, and tells the answers that differ from the
 * one before. One timer thread; the questions are asked on virtual threads. All methods return at once.
 */
final class Questions<A> implements AutoCloseable {

    /** Hears the answers that are news, from any thread. */
    @FunctionalInterface
    interface Listener<A> {
        void answered(long instanceId, A answer);
    }

    /** Blocks until there is an answer; an empty one is none, and is not told. */
    @FunctionalInterface
    interface Question<A> {
        Optional<A> ask();
    }

    private static final long EAGER_MS_MAX = 600_000;

    private final Listener<A> listener;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<Long, Asked> asked = new ConcurrentHashMap<>();

    /** @param name of the timer thread */
    Questions(String name, Listener<A> listener) {
        this.listener = listener;
        this.timer = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name(name).factory());
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** For what takes too long. */
    ScheduledExecutorService timer() {
        return timer;
    }

    /**
     * Begins to ask an instance; a repeat begins anew.
     *
     * @param permits how many may be asked at a time
     * @param enough the answer after which nothing is asked any more
     */
    void begin(long instanceId, Semaphore permits, long delayMs, long intervalMs,
            Question<A> question, Predicate<A> enough) {
        prepare(instanceId, permits, intervalMs, question, enough).begin(delayMs);
    }

    /** The same of what comes up just now: at first it is asked more often than the interval says. */
    void beginEager(long instanceId, Semaphore permits, long intervalMs, Question<A> question,
            Predicate<A> enough) {
        prepare(instanceId, permits, intervalMs, question, enough).beginEager(0, EAGER_MS_MAX);
    }

    /** The same at once, and soon again if that is not enough. */
    void beginHurried(long instanceId, Semaphore permits, long intervalMs,
            Question<A> question, Predicate<A> enough) {
        prepare(instanceId, permits, intervalMs, question, enough).beginHurried();
    }

    private Rounds prepare(long instanceId, Semaphore permits, long intervalMs,
            Question<A> question, Predicate<A> enough) {
        stop(instanceId);
        Asked one = new Asked(instanceId, permits, intervalMs, question, enough);
        asked.put(instanceId, one);
        return one.rounds;
    }

    /** Asks an instance no more. */
    void stop(long instanceId) {
        Optional.ofNullable(asked.remove(instanceId)).ifPresent(one -> one.rounds.stop());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private final class Asked {
        private final long instanceId;
        private final Question<A> question;
        private final Predicate<A> enough;
        private final Rounds rounds;
        private Optional<A> last = Optional.empty();

        Asked(long instanceId, Semaphore permits, long intervalMs, Question<A> question,
                Predicate<A> enough) {
            this.instanceId = instanceId;
            this.question = question;
            this.enough = enough;
            this.rounds = new Rounds(timer, permits, intervalMs, this::round);
        }

        private boolean round() {
            Optional<A> answer = question.ask();
            if (!rounds.stopped() && answer.isPresent() && !last.equals(answer)) {
                last = answer;
                listener.answered(instanceId, answer.get());
            }
            return answer.filter(enough).isEmpty();
        }
    }
}
