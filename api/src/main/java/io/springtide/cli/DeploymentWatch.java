package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/**
 * Waits until a deployment is finished and shows how far it is. Never cancels it: whatever happens to
 * this process, the cluster goes on.
 */
final class DeploymentWatch {
    private static final long POLL_MS_FIRST = 100;
    private static final long POLL_MS_MAX = 1_000;

    @Option(names = "--detach", description = "Do not wait; print the deployment's id.")
    private boolean detach;

    @Option(names = "--timeout", //
            paramLabel = "TIME", //
            defaultValue = "60s", //
            description = "How long to wait, such as 90s, 5m (default 60s).")
    private String timeout = "60s";

    @Option(names = {"-q", "--quiet"}, description = "No messages.")
    private boolean quiet;

    /** True if there should be no messages. */
    boolean quiet() {
        return quiet;
    }

    /** Refuses a timeout that makes no sense before anything is changed. */
    Duration patience() {
        return duration(timeout);
    }

    /** Reads 500ms, 90s, 5m, 1h, or seconds. */
    static Duration duration(String text) {
        String lower = text.strip().toLowerCase(java.util.Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
            digits++;
        }
        if (digits > 0 && digits <= 9) {
            long number = Long.parseLong(lower.substring(0, digits));
            String unit = lower.substring(digits);
            if (unit.equals("ms")) {
                return Duration.ofMillis(number);
            }
            if (unit.isEmpty() || unit.equals("s")) {
                return Duration.ofSeconds(number);
            }
            if (unit.equals("m")) {
                return Duration.ofMinutes(number);
            }
            if (unit.equals("h")) {
                return Duration.ofHours(number);
            }
        }
        throw new CliException(Exit.USAGE, "'" + text + "' is no time.",
                "Write it like 500ms, 90s, 5m or 1h.");
    }

    /**
     * Follows the deployment that the reply has set going.
     *
     * @param doneText what to say in the end, e.g. "/shop is scaled"
     */
    Exit follow(Terminal terminal, TideClient client, Reply reply, String appId, String doneText) {
        String id = reply.deploymentId();
        if (detach) {
            if (!id.isEmpty()) {
                terminal.data(id);
            }
            return Exit.OK;
        }
        if (id.isEmpty()) {
            message(terminal, doneText + ": nothing had to change.");
            return Exit.OK;
        }
        Thread onInterrupt = Thread.ofPlatform()
                .unstarted(() -> terminal.say("\nInterrupted. The deployment goes on: "
                        + id + "\n  watch it:   tide deployments\n  see why it waits: tide why "
                        + appId));
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try (ProgressLine progress = new ProgressLine(terminal, quiet)) {
            return poll(terminal, client, id, appId, doneText, progress);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(onInterrupt);
            } catch (IllegalStateException ignored) {
                // The process is already ending: the hook has spoken.
            }
        }
    }

    private Exit poll(Terminal terminal, TideClient client, String id, String appId,
            String doneText,
            ProgressLine progress) {
        long patienceMs = patience().toMillis();
        long startNanos = System.nanoTime();
        long pollMs = POLL_MS_FIRST;
        while (true) {
            boolean running = isRunning(client, id);
            State state = State.of(client, appId);
            if (!running) {
                progress.clear();
                return finished(terminal, client, id, state, doneText, progress.elapsed());
            }
            progress.show(state.text(appId));
            long waitedMs = (System.nanoTime() - startNanos) / 1_000_000;
            if (waitedMs >= patienceMs) {
                progress.clear();
                throw outOfPatience(client, id, appId, state);
            }
            pause(Math.min(pollMs, patienceMs - waitedMs));
            pollMs = Math.min(POLL_MS_MAX, pollMs + pollMs / 4);
        }
    }

    private static boolean isRunning(TideClient client, String id) {
        for (Json deployment : client.get("/v2/deployments").body().items()) {
            if (deployment.get("id").text().equals(id)) {
                return true;
            }
        }
        return false;
    }

    private Exit finished(Terminal terminal, TideClient client, String id, State state,
            String doneText,
            String elapsed) {
        boolean reached = !state.exists || state.running >= state.wanted;
        if (!reached) {
            // The count may be read a moment before the last task: look once more.
            pause(POLL_MS_MAX);
            State again = State.of(client, state.appId);
            reached = !again.exists || again.running >= again.wanted;
        }
        if (!reached) {
            throw new CliException(Exit.DEPLOYMENT_FAILED,
                    "Deployment " + id + " is over, but " + state.text(state.appId) + ".",
                    "It was cancelled, replaced by another one, or instances died meanwhile. Look at: tide why "
                            + state.appId);
        }
        message(terminal,
                doneText + " ("
                        + (state.exists ? state.running + "/" + state.wanted + " running, " : "")
                        + elapsed + ").");
        return Exit.OK;
    }

    private CliException outOfPatience(TideClient client, String id, String appId, State state) {
        String goOn = "It goes on in the cluster. Watch it: tide deployments; see why: tide why "
                + appId;
        String what = "Not finished after " + timeout + ": " + state.text(appId) + " (deployment "
                + id + ").";
        try {
            Json why = client.get("/tide/v1/apps" + TideClient.appPath(appId) + "/why").body();
            if (why.get("blocked").asBoolean()) {
                return new CliException(Exit.NO_ROOM, what + " " + why.get("sentence").text(),
                        goOn);
            }
        } catch (TideException ignored) {
            // Only an explanation is missing; that it took too long is known.
        }
        return new CliException(Exit.TIMEOUT, what, goOn);
    }

    private void message(Terminal terminal, String text) {
        if (!quiet) {
            terminal.say(text);
        }
    }

    static void pause(long pauseMs) {
        try {
            Thread.sleep(pauseMs + ThreadLocalRandom.current().nextLong(pauseMs / 10 + 1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CliException(Exit.INTERRUPTED, "Interrupted.", "", interrupted);
        }
    }

    /** How far an app is. */
    private record State(String appId, boolean exists, long wanted, long running, long staged,
            long healthy,
            long unhealthy) {
        static State of(TideClient client, String appId) {
            try {
                Json app = client.get("/v2/apps" + TideClient.appPath(appId)).body().get("app");
                return new State(appId, true, app.get("instances").asLong(),
                        app.get("tasksRunning").asLong(),
                        app.get("tasksStaged").asLong(), app.get("tasksHealthy").asLong(),
                        app.get("tasksUnhealthy").asLong());
            } catch (TideException.Refused refused) {
                if (refused.status() == 404) {
                    return new State(appId, false, 0, 0, 0, 0, 0);
                }
                throw refused;
            }
        }

        String text(String name) {
            if (!exists) {
                return name + " is going away";
            }
            return name + ": " + running + "/" + wanted + " running"
                    + (staged > 0 ? ", " + staged + " starting" : "")
                    + (healthy > 0 ? ", " + healthy + " healthy" : "")
                    + (unhealthy > 0 ? ", " + unhealthy + " unhealthy" : "");
        }
    }
}
