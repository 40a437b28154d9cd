package io.springtide.agent.health;

import io.springtide.agent.runtime.Inside;
import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.HealthCheck;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Carries out the checks whose answers are only shown, as long as an instance runs. It has threads and
 * bounds of its own: what is only shown must not hold up what is judged. All methods return at once.
 */
public final class AnswerChecker implements AutoCloseable {

    /** Hears the answers that differ from the one before, from any thread. */
    @FunctionalInterface
    public interface Listener {
        void report(long instanceId, CheckReport report);
    }

    private static final int PROBES_MAX = 32;
    private static final int COMMANDS_MAX = 2;
    private static final long INTERVAL_MS_FALLBACK = 60_000;
    private static final long SPREAD_MS_MAX = 1000;

    private final Questions<CheckReport> questions;
    private final Probe probe;
    private final Semaphore probes = new Semaphore(PROBES_MAX);
    private final Semaphore commands = new Semaphore(COMMANDS_MAX);

    /**
     * A checker that checks nothing yet.
     *
     * @param inside for what only the runtimes can find out
     */
    public AnswerChecker(Listener listener, Inside inside) {
        this.questions = new Questions<>("check-timer", listener::report);
        this.probe = new Probe(inside, questions.timer());
    }

    /** Begins to ask an instance, after the check's delay; a repeat begins anew. */
    public void ask(HealthTarget target, HealthCheck check) {
        long intervalMs = check.getIntervalMs() > 0 ? check.getIntervalMs() : INTERVAL_MS_FALLBACK;
        // Spread: a burst of launches must not become a burst of checks forever.
        long delayMs = check.getDelayMs() + ThreadLocalRandom.current()
                .nextLong(Math.min(intervalMs, SPREAD_MS_MAX) + 1);
        questions.begin(target.instanceId(),
                check.getProtocol() == HealthCheck.Protocol.COMMAND ? commands : probes, delayMs,
                intervalMs, () -> report(probe.ask(target, check), check), answer -> false);
    }

    /** Asks an instance no more. */
    public void stop(long instanceId) {
        questions.stop(instanceId);
    }

    @Override
    public void close() {
        questions.close();
    }

    /** The answer as it is told; empty if it says nothing about the instance. */
    static Optional<CheckReport> report(Answer answer, HealthCheck check) {
        CheckReport.Builder report = CheckReport.newBuilder();
        return switch (answer) {
            case Answer.Http(int status) -> Optional.of(report.setHttpStatus(status).build());
            case Answer.Connected() -> Optional.of(report.setTcpSucceeded(true).build());
            // A code that is not known is no answer.
            case Answer.Exited(int code, String unused) -> Optional.of(code < 0
                    ? report.build()
                    : report.setExitCode(code).build());
            // That nobody listens is what a connection is tried for.
            case Answer.Nothing unused -> Optional.of(
                    check.getProtocol() == HealthCheck.Protocol.TCP
                            ? report.setTcpSucceeded(false).build()
                            : report.build());
            case Answer.Interrupted() -> Optional.empty();
        };
    }
}
