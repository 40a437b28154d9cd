package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Deployments;
import io.springtide.api.client.Json;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/**
 * Waits until a deployment is finished and shows how far it is. Never cancels it: whatever happens to
 * this process, the cluster goes on.
 */
final class DeploymentWatch {
    private static final long POLL_MS_FIRST = 100;

    /** What holds a deployment up is to be told within a second. */
    private static final long POLL_MS_MAX = 600;

    @Option(names = "--detach", description = "Do not wait; print the deployment's id.")
    private boolean detach;

    @Option(names = "--timeout", //
            paramLabel = "TIME", //
            defaultValue = "60s", //
            description = "How long to wait, such as 90s, 5m (default 60s).")
    private String timeout = "60s";

    @Option(names = {"-q", "--quiet"}, description = "No messages.")
    private boolean quiet;

    private boolean untilPaused;

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
        return follow(terminal, client, reply, Goal.app(appId), doneText);
    }

    /** As the other, for whatever the deployment is to bring about. */
    Exit follow(Terminal terminal, TideClient client, Reply reply, Goal goal, String doneText) {
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
        return follow(terminal, client, id, goal, doneText);
    }

    /** Follows a deployment until it is over, whether or not others are only to be started. */
    Exit follow(Terminal terminal, TideClient client, String id, Goal goal, String doneText) {
        Thread onInterrupt = Thread.ofPlatform()
                .unstarted(() -> terminal.say("\nInterrupted. The deployment goes on: "
                        + id + "\n  watch it:   tide deployments watch " + id
                        + "\n  see why it waits: " + goal.explain()));
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try (ProgressLine progress = new ProgressLine(terminal, quiet)) {
            return poll(terminal, client, id, goal, doneText, progress);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(onInterrupt);
            } catch (IllegalStateException ignored) {
                // The process is already ending: the hook has spoken.
            }
        }
    }

    /**
     * Follows a deployment that goes on again: until it is over, or until it is paused once more, which
     * is what a canary with several stages does.
     */
    Exit followOn(Terminal terminal, TideClient client, Deployment deployment, String doneText) {
        if (detach) {
            terminal.data(deployment.id());
            return Exit.OK;
        }
        untilPaused = true;
        return follow(terminal, client, deployment.id(), Goal.of(deployment), doneText);
    }

    private Exit poll(Terminal terminal, TideClient client, String id, Goal goal,
            String doneText, ProgressLine progress) {
        long patienceMs = patience().toMillis();
        long startNanos = System.nanoTime();
        long pollMs = POLL_MS_FIRST;
        String told = "";
        Deployments deployments = client.deployments();
        while (true) {
            Optional<Deployment> deployment = deployments.find(id);
            Goal.Progress state = goal.look().progress(client);
            if (deployment.isEmpty()) {
                progress.clear();
                return finished(terminal, client, id, goal, state, doneText, progress.elapsed());
            }
            String beside = DeploymentText.beside(deployment.get());
            progress.show(state.text(goal.name()) + beside, !beside.equals(told));
            told = beside;
            if (untilPaused && deployment.get().paused()) {
                progress.clear();
                message(terminal, "Deployment " + id + " has come to its next pause ("
                        + state.text(goal.name()) + ")." + DeploymentText.sentence(deployment.get())
                        + "\nGo on: tide deployments promote " + id
                        + "; back: tide deployments abort " + id);
                return Exit.OK;
            }
            long waitedMs = (System.nanoTime() - startNanos) / 1_000_000;
            if (waitedMs >= patienceMs) {
                progress.clear();
                throw outOfPatience(client, deployment.get(), goal, state);
            }
            pause(Math.min(pollMs, patienceMs - waitedMs));
            pollMs = Math.min(POLL_MS_MAX, pollMs + pollMs / 4);
        }
    }

    private Exit finished(Terminal terminal, TideClient client, String id, Goal goal,
            Goal.Progress state, String doneText, String elapsed) {
        Goal.Progress last = state;
        if (!last.reached()) {
            // The count may be read a moment before the last task: look once more.
            pause(POLL_MS_MAX);
            last = goal.look().progress(client);
        }
        if (!last.reached()) {
            throw new CliException(Exit.DEPLOYMENT_FAILED,
                    "Deployment " + id + " is over, but " + last.text(goal.name()) + ".",
                    "It was cancelled, replaced by another one, or instances died meanwhile. Look at: "
                            + goal.explain());
        }
        message(terminal,
                doneText + " ("
                        + (last.exists() ? last.running() + "/" + last.wanted() + " running, " : "")
                        + elapsed + ").");
        return Exit.OK;
    }

    private CliException outOfPatience(TideClient client, Deployment deployment, Goal goal,
            Goal.Progress state) {
        String id = deployment.id();
        String what = "Not finished after " + timeout + ": " + state.text(goal.name())
                + " (deployment " + id + ")." + DeploymentText.sentence(deployment);
        if (deployment.paused()) {
            return new CliException(Exit.TIMEOUT, what, "Go on: tide deployments resume " + id
                    + ", or promote; back: tide deployments abort " + id);
        }
        String goOn = "It goes on in the cluster. Watch it: tide deployments watch " + id
                + "; see why: " + goal.explain();
        if (goal.blockable().isPresent()) {
            try {
                Json why = client.get("/tide/v1/apps"
                        + TideClient.appPath(goal.blockable().get()) + "/why").body();
                if (why.get("blocked").asBoolean()) {
                    return new CliException(Exit.NO_ROOM,
                            what + " " + why.get("sentence").text(), goOn);
                }
            } catch (TideException ignored) {
                // Only an explanation is missing; that it took too long is known.
            }
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
}
