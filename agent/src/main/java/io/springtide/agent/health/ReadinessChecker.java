package io.springtide.agent.health;

import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.ReadinessReport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Asks instances whether they are ready, until they say so once. One timer thread; the questions are
 * asked on virtual threads, a bounded number at a time. All methods return at once.
 */
public final class ReadinessChecker implements AutoCloseable {

    /** Hears the answers that differ from the one before, from any thread. */
    @FunctionalInterface
    public interface Listener {
        void report(long instanceId, ReadinessReport report);
    }

    /** As much of an answer as is kept for people to read. */
    static final int BODY_BYTES_MAX = 1000;
    private static final int CONTENT_TYPE_CHARS_MAX = 200;
    private static final int ASKED_AT_ONCE_MAX = 32;
    private static final int STATUS_FALLBACK = 200;
    private static final long INTERVAL_MS_FALLBACK = 30_000;
    private static final long TIMEOUT_MS_FALLBACK = 10_000;

    private final Questions<ReadinessReport> questions;
    private final HttpGet http;
    private final Semaphore permits = new Semaphore(ASKED_AT_ONCE_MAX);

    public ReadinessChecker(Listener listener) {
        this.questions = new Questions<>("readiness-timer", listener::report);
        this.http = new HttpGet(questions.timer());
    }

    /** Begins to ask, at once, and at first more often than the interval says; a repeat begins anew. */
    public void ask(HealthTarget target, ReadinessCheck check) {
        questions.beginEager(target.instanceId(), permits, intervalMs(check),
                () -> Optional.of(answer(target, check)), ReadinessReport::getReady);
    }

    /** The same for what was frozen a moment ago: it is asked again soon if it is not ready at once. */
    public void askThawed(HealthTarget target, ReadinessCheck check) {
        questions.beginHurried(target.instanceId(), permits, intervalMs(check),
                () -> Optional.of(answer(target, check)), ReadinessReport::getReady);
    }

    private static long intervalMs(ReadinessCheck check) {
        return check.getIntervalMs() > 0 ? check.getIntervalMs() : INTERVAL_MS_FALLBACK;
    }

    /** Asks an instance no more. */
    public void stop(long instanceId) {
        questions.stop(instanceId);
    }

    @Override
    public void close() {
        questions.close();
    }

    private ReadinessReport answer(HealthTarget target, ReadinessCheck check) {
        boolean kept = check.getPreserveLastResponse();
        long timeoutMs = check.getTimeoutMs() > 0 ? check.getTimeoutMs() : TIMEOUT_MS_FALLBACK;
        try {
            HttpGet.Answer answer = http.ask(Doors.of(target, check.getPortIndex()),
                    check.getPath(), check.getHttps(), timeoutMs, kept ? BODY_BYTES_MAX : 0);
            ReadinessReport.Builder report = ReadinessReport.newBuilder()
                    .setReady(ready(check, answer.status()))
                    .setHttpStatus(answer.status());
            return kept
                    ? report.setContentType(cut(answer.contentType())).setBody(answer.body())
                            .build()
                    : report.build();
        } catch (SocketTimeoutException e) {
            return unanswered(kept, "no answer within " + timeoutMs + " ms");
        } catch (IOException | IllegalArgumentException e) {
            return unanswered(kept, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private static boolean ready(ReadinessCheck check, int status) {
        return check.getReadyStatusesCount() == 0
                ? status == STATUS_FALLBACK
                : check.getReadyStatusesList().contains(status);
    }

    /** Where answers are kept, people get to read why there is none. */
    private static ReadinessReport unanswered(boolean kept, String why) {
        ReadinessReport.Builder report = ReadinessReport.newBuilder().setReady(false);
        return kept
                ? report.setContentType("text/plain")
                        .setBody(why.substring(0, Math.min(why.length(), BODY_BYTES_MAX))).build()
                : report.build();
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), CONTENT_TYPE_CHARS_MAX));
    }
}
