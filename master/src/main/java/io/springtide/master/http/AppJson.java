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
import java.util.function.Predicate;

/** Apps with what clients want to see inside of them. */
final class AppJson {

    private static final byte[] TASKS = JsonBytes.ascii(",\"tasks\":[");

    private final AppDefinitions definitions;
    private final Embeds embeds;
    private final long nowMs;

    AppJson(AppDefinitions definitions, Embeds embeds, long nowMs) {
        this.definitions = definitions;
        this.embeds = embeds;
        this.nowMs = nowMs;
    }

    /** An app without its tasks, as one tree. */
    ObjectNode tree(AppView app) {
        ObjectNode node = definitions.json(app.version());
        if (embeds.placement()) {
            node.set("placement", definitions.placement(app.version()));
        }
        if (embeds.rollout()) {
            node.set("rollout", definitions.rollout(app.version()));
        }
        if (embeds.onPartition()) {
            node.put("onPartition", definitions.onPartition(app.version()));
        }
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
        if (embeds.readiness()) {
            new TaskJson(definitions, app.clusterId())
                    .writeReadiness(node.putArray("readinessCheckResults"), app.tasks());
        }
        if (embeds.lastTaskFailure()) {
            app.failure().ifPresent(failure -> node.set("lastTaskFailure", failure(app, failure)));
        }
        if (embeds.taskStats()) {
            node.set("taskStats", stats(app));
        }
        return node;
    }

    /** As the other, in the place where a generator is. */
    void write(JsonGenerator json, AppView app) throws IOException {
        JsonBytes out = new JsonBytes();
        write(out, app);
        json.writeRawValue(new String(out.take(), StandardCharsets.UTF_8));
    }

    /** An app with everything that is to be shown of it. */
    void write(JsonBytes out, AppView app) {
        out.raw('{').members(tree(app));
        if (embeds.tasks()) {
            TaskJson tasks = new TaskJson(definitions, app.clusterId());
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
