package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide why}: explains in sentences why an app does not have all its instances. */
@Command(name = "why", //
        description = "Explain why an app waits, or what happened to it last.", //
        footer = {
                "", "Example:", "  tide why /shop/cart"})
final class WhyCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    WhyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(app);
        Json definition = client.get("/v2/apps" + TideClient.appPath(id)).body().get("app");
        Json own = own(client, id);
        Json queued = queued(client, id);
        List<String> lines = new ArrayList<>();
        state(lines, id, definition);
        if (own.isMissing()) {
            fromQueue(lines, queued);
        } else {
            fromMaster(lines, own, queued);
        }
        lastFailure(lines, definition.get("lastTaskFailure"));
        Json all = own.isMissing()
                ? new JsonObject().with("app", id).with("queue", queued)
                        .with("lastTaskFailure", definition.get("lastTaskFailure")).build()
                : own;
        output.printOne(terminal, all, id, lines);
        return Exit.OK;
    }

    /** The master's own explanation; missing on a master that is only a Marathon. */
    private static Json own(TideClient client, String id) {
        try {
            return client.get("/tide/v1/apps" + TideClient.appPath(id) + "/why").body();
        } catch (TideException.Refused refused) {
            if (refused.status() == 404) {
                return Json.nothing();
            }
            throw refused;
        }
    }

    private static Json queued(TideClient client, String id) {
        for (Json item : client.get("/v2/queue").body().get("queue").items()) {
            if (QueueCommand.idOf(item).equals(id)) {
                return item;
            }
        }
        return Json.nothing();
    }

    private static void state(List<String> lines, String id, Json app) {
        long wanted = app.get("instances").asLong();
        long running = app.get("tasksRunning").asLong();
        long staged = app.get("tasksStaged").asLong();
        long unhealthy = app.get("tasksUnhealthy").asLong();
        if (wanted == 0) {
            lines.add(id + " is suspended: it wants no instances.");
        } else if (running >= wanted && unhealthy == 0) {
            lines.add(id + " has what it wants: " + running + " of " + wanted + " instances run.");
        } else {
            lines.add(id + " wants " + wanted + " instances; " + running + " run"
                    + (staged > 0 ? ", " + staged + " are starting" : "")
                    + (unhealthy > 0 ? ", " + unhealthy + " fail their health check" : "") + ".");
        }
        for (Json deployment : app.get("deployments").items()) {
            lines.add("Deployment " + deployment.get("id").text() + " is under way.");
        }
    }

    private static void fromMaster(List<String> lines, Json why, Json queued) {
        String sentence = why.get("sentence").text();
        if (!sentence.isEmpty()) {
            lines.add(sentence);
        }
        long agents = why.get("agents").asLong();
        for (Json rejection : why.get("rejections").items()) {
            long count = rejection.get("count").asLong();
            lines.add("  " + count + (agents > 0 ? " of " + agents : "")
                    + (count == 1 && agents < 2 ? " agent" : " agents")
                    + ": " + rejection.get("text")
                            .textOr(Rejections.word(rejection.get("reason").text())));
        }
        Json closest = why.get("closest");
        if (!closest.isMissing()) {
            lines.add("Closest is agent " + closest.get("agent").text() + ", "
                    + closest.get("text").text() + ".");
        }
        delay(lines, why.get("delaySeconds").asLong(), queued);
        for (Json label : why.get("labels").items()) {
            lines.add("Label " + label.get("label").text() + ": " + label.get("message").text()
                    + ".");
        }
    }

    private static void fromQueue(List<String> lines, Json queued) {
        if (queued.isMissing()) {
            lines.add("Nothing of it waits to be started.");
            return;
        }
        lines.add(queued.get("count").text() + " instances wait to be started"
                + (queued.get("since").text().isEmpty()
                        ? ""
                        : ", the first for "
                                + Moments.ago(queued.get("since").text(), Instant.now()))
                + ".");
        Json delay = queued.get("delay");
        if (!delay.get("overdue").asBoolean()) {
            delay(lines, delay.get("timeLeftSeconds").asLong(), queued);
        }
        String counts = Rejections.counts(queued.get("processedOffersSummary"));
        if (!counts.isEmpty()) {
            lines.add("The agents lack, first reason each: " + counts + ".");
        }
    }

    private static void delay(List<String> lines, long delaySeconds, Json queued) {
        if (delaySeconds > 0) {
            lines.add("It failed before, so the next start is put off for "
                    + Moments.span(delaySeconds)
                    + ". A new version, or DELETE /v2/queue" + QueueCommand.idOf(queued)
                    + "/delay, starts it at once.");
        }
    }

    private static void lastFailure(List<String> lines, Json failure) {
        if (failure.isMissing()) {
            return;
        }
        lines.add("Last failure: " + failure.get("state").text() + " on "
                + failure.get("host").textOr("?") + ", "
                + Moments.ago(failure.get("timestamp").text(), Instant.now()) + " ago"
                + (failure.get("message").text().isEmpty()
                        ? "."
                        : ": " + failure.get("message").text()));
        lines.add("  its output: tide logs " + failure.get("taskId").text() + " --stderr");
    }
}
