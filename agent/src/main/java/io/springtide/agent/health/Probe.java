package io.springtide.agent.health;

import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Inside;
import io.springtide.api.agent.HealthCheck;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/** Asks an instance what a check wants to know, blocking for the check's timeout at most. */
final class Probe {

    private static final long TIMEOUT_MS_FALLBACK = 20_000;

    private final HttpGet http;
    private final Inside inside;

    /** @param timer ends what takes too long */
    Probe(Inside inside, ScheduledExecutorService timer) {
        this.inside = inside;
        this.http = new HttpGet(timer);
    }

    /** Asks, and judges the answer as health. */
    Outcome run(HealthTarget target, HealthCheck check) {
        return switch (ask(target, check)) {
            case Answer.Http(int status) -> judge(status, check);
            case Answer.Connected() -> new Outcome.Healthy();
            case Answer.Exited(int code, String output) -> code == 0
                    ? new Outcome.Healthy()
                    : new Outcome.Unhealthy("the command ended with exit code " + code
                            + (output.isEmpty() ? "" : ": " + output));
            case Answer.Nothing(String reason) -> new Outcome.Unhealthy(reason);
            case Answer.Interrupted() -> new Outcome.Ignored();
        };
    }

    static Outcome judge(int status, HealthCheck check) {
        if (status < 200 && check.getIgnoreHttp1Xx()) {
            return new Outcome.Ignored();
        }
        return status >= 200 && status < 400
                ? new Outcome.Healthy()
                : new Outcome.Unhealthy("HTTP status " + status);
    }

    /** Asks. */
    Answer ask(HealthTarget target, HealthCheck check) {
        long timeoutMs = check.getTimeoutMs() > 0 ? check.getTimeoutMs() : TIMEOUT_MS_FALLBACK;
        try {
            return switch (check.getProtocol()) {
                case TCP -> tcp(target, check, timeoutMs);
                case HTTP -> http(target, check, timeoutMs, false);
                case HTTPS -> http(target, check, timeoutMs, true);
                case COMMAND -> command(target, check, timeoutMs);
                case UNRECOGNIZED ->
                    new Answer.Nothing("this agent is too old for this kind of check");
            };
        } catch (SocketTimeoutException e) {
            return new Answer.Nothing("no answer within " + timeoutMs + " ms");
        } catch (IOException | IllegalArgumentException e) {
            return new Answer.Nothing(e.getMessage() == null ? e.toString() : e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Interrupted();
        }
    }

    private Answer tcp(HealthTarget target, HealthCheck check, long timeoutMs)
            throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(Doors.of(target, check, inside), (int) timeoutMs);
            return new Answer.Connected();
        }
    }

    private Answer http(HealthTarget target, HealthCheck check, long timeoutMs, boolean secure)
            throws IOException {
        return new Answer.Http(http.ask(Doors.of(target, check, inside), check.getPath(), secure,
                timeoutMs, 0).status());
    }

    private Answer command(HealthTarget target, HealthCheck check, long timeoutMs)
            throws InterruptedException {
        CommandEnd end = inside.command(target.task(), check.getCommand(),
                Duration.ofMillis(timeoutMs));
        return switch (end) {
            case CommandEnd.Exited(int code, String output) -> new Answer.Exited(code, output);
            case CommandEnd.TimedOut() ->
                new Answer.Nothing("the command took longer than " + timeoutMs + " ms");
            case CommandEnd.NotRun(String reason) -> new Answer.Nothing(reason);
        };
    }
}
