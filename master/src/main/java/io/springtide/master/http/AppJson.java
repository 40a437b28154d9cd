package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.TaskFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Apps with what clients want to see inside of them. */
final class AppJson {

    private static final byte[] STAGED = JsonBytes.ascii(",\"tasksStaged\":");
    private static final byte[] RUNNING = JsonBytes.ascii(",\"tasksRunning\":");
    private static final byte[] HEALTHY = JsonBytes.ascii(",\"tasksHealthy\":");
    private static final byte[] UNHEALTHY = JsonBytes.ascii(",\"tasksUnhealthy\":");
    private static final byte[] DEPLOYMENTS = JsonBytes.ascii(",\"deployments\":[");
    private static final byte[] TASKS = JsonBytes.ascii(",\"tasks\":[");

    private final AppDefinitions definitions;
    private final Embeds embeds;
    private final long nowMs;
    private final AgentTexts agents;

    AppJson(AppDefinitions definitions, Embeds embeds, long nowMs) {
        this(definitions, embeds, nowMs, new AgentTexts());
    }

    AppJson(AppDefinitions definitions, Embeds embeds, long nowMs, AgentTexts agents) {
        this.agents = agents;
        this.definitions = definitions;
        this.embeds = embeds;
        this.nowMs = nowMs;
    }

    /** An app without its tasks, as one tree. */
    ObjectNode tree(AppView app) {
        ObjectNode node = definitions.json(app.version());
        addTerms(node, app);
        addCounts(node, app);
        addResults(node, app);
        return node;
    }

    /** Adds our own words, which few ask for. */
    private void addTerms(ObjectNode node, AppView app) {
        if (embeds.placement()) {
            node.set("placement", definitions.placement(app.version()));
        }
        if (embeds.rollout()) {
            node.set("rollout", definitions.rollout(app.version()));
        }
        if (embeds.onPartition()) {
            node.put("onPartition", definitions.onPartition(app.version()));
        }
    }

    private void addCounts(ObjectNode node, AppView app) {
        if (embeds.counts()) {
            node.put("tasksStaged", app.counts().staged());
            node.put("tasksRunning", app.counts().running());
            node.put("tasksHealthy", app.counts().healthy());
            node.put("tasksUnhealthy", app.counts().unhealthy());
        }
        if (embeds.deployments()) {
            var deployments = node.putArray("deployments");
            if (app.deployment() != 0) {
                deployments.addObject().put("id",
                        DeploymentIds.text(app.clusterId(), app.deployment()));
            }
        }
    }

    /** As the other, without a tree: nearly everybody asks for these. */
    private void writeCounts(JsonBytes out, AppView app) {
        if (embeds.counts()) {
            out.raw(STAGED).number(app.counts().staged())
                    .raw(RUNNING).number(app.counts().running())
                    .raw(HEALTHY).number(app.counts().healthy())
                    .raw(UNHEALTHY).number(app.counts().unhealthy());
        }
        if (embeds.deployments()) {
            out.raw(DEPLOYMENTS);
            if (app.deployment() != 0) {
                out.raw("{\"id\":")
                        .text(DeploymentIds.text(app.clusterId(), app.deployment())).raw('}');
            }
            out.raw(']');
        }
    }

    private void addResults(ObjectNode node, AppView app) {
        if (embeds.readiness()) {
            new TaskJson(definitions, app.clusterId(), agents)
                    .writeReadiness(node.putArray("readinessCheckResults"), app.tasks());
        }
        if (embeds.lastTaskFailure()) {
            app.failure().ifPresent(failure -> node.set("lastTaskFailure", failure(app, failure)));
        }
        if (embeds.taskStats()) {
            node.set("taskStats", stats(app));
        }
    }

    /** As the other, in the place where a generator is. */
    void write(JsonGenerator json, AppView app) throws IOException {
        JsonBytes out = new JsonBytes();
        write(out, app);
        json.writeRawValue(new String(out.take(), StandardCharsets.UTF_8));
    }

    /** An app with everything that is to be shown of it. */
    void write(JsonBytes out, AppView app) {
        out.raw('{');
        if (PodJson.isPod(app.version())) {
            out.members(tree(app));
        } else {
            definitions.text(app.version()).write(out, app.version());
            writeRest(out, terms -> addTerms(terms, app));
            writeCounts(out, app);
            writeRest(out, results -> addResults(results, app));
        }
        if (embeds.tasks()) {
            TaskJson tasks = new TaskJson(definitions, app.clusterId(), agents);
            // An app is never without members.
            out.raw(TASKS);
            for (int i = 0; i < app.tasks().size(); i++) {
                if (i > 0) {
                    out.raw(',');
                }
                tasks.write(out, app.tasks().get(i), false);
            }
            out.raw(']');
        }
        out.raw('}');
    }

    private static void writeRest(JsonBytes out, Consumer<ObjectNode> adds) {
        ObjectNode rest = Json.object();
        adds.accept(rest);
        if (!rest.isEmpty()) {
            out.raw(',').members(rest);
        }
    }

    private static ObjectNode failure(AppView app, TaskFailure failure) {
        String prefix = TaskIds.prefix(app.path(), app.clusterId());
        return Json.object().put("appId", app.path())
                .put("host", failure.hostname())
                .put("message", failure.message())
                .put("slaveId", failure.agent())
                .put("state", TaskJson.state(failure.condition()))
                .put("taskId", TaskIds.taskId(prefix, failure.instance()))
                .put("timestamp", Timestamps.format(failure.atMs()))
                .put("version", Timestamps.format(failure.versionMs()));
    }

    private ObjectNode stats(AppView app) {
        ObjectNode node = Json.object();
        long scaledMs = app.version().scaledMs();
        long configuredMs = app.version().configuredMs();
        stats(node, "startedAfterLastScaling", app,
                task -> task.version().versionMs() >= scaledMs);
        stats(node, "withLatestConfig", app,
                task -> task.version().configuredMs() == configuredMs);
        stats(node, "withOutdatedConfig", app,
                task -> task.version().configuredMs() != configuredMs);
        stats(node, "totalSummary", app, task -> true);
        return node;
    }

    private void stats(ObjectNode parent, String name, AppView app, Predicate<TaskView> which) {
        Counts counts = Counts.NONE;
        List<Long> ages = new ArrayList<>();
        int seen = 0;
        for (TaskView task : app.tasks()) {
            if (which.test(task)) {
                seen++;
                counts = counts.with(task);
                if (task.startedMs() > 0) {
                    ages.add(Math.max(0, nowMs - task.startedMs()));
                }
            }
        }
        if (seen == 0) {
            return;
        }
        ObjectNode stats = parent.putObject(name).putObject("stats");
        stats.putObject("counts").put("staged", counts.staged()).put("running", counts.running())
                .put("healthy", counts.healthy()).put("unhealthy", counts.unhealthy());
        if (!ages.isEmpty()) {
            ages.sort(null);
            double sum = ages.stream().mapToLong(Long::longValue).sum();
            stats.putObject("lifeTime").put("averageSeconds", sum / ages.size() / 1_000)
                    .put("medianSeconds", ages.get(ages.size() / 2) / 1_000.0);
        }
    }
}
