package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.traffic.ServiceReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/** {@code /tide/v1}: what Marathon's API has no place for. */
final class TideRoutes implements Routes {

    /** What one answer carries of a file at most; more is asked for again. */
    private static final int CHUNK_BYTES_MAX = 1024 * 1024;

    private static final int CHUNK_BYTES = 64 * 1024;

    private static final ServiceReader TRAFFIC = new ServiceReader();

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "tide", "v1")) {
            return Optional.empty();
        }
        List<String> names = path.subList(2, path.size());
        if (names.equals(List.of("status"))) {
            return Resource.at("/tide/v1/status").get(TideRoutes::status).found();
        }
        if (names.size() >= 3 && names.getFirst().equals("apps") && names.getLast().equals("why")) {
            List<String> id = names.subList(1, names.size() - 1);
            return Resource.at("/tide/v1/apps/{id}/why").get(x -> why(x, id)).found();
        }
        if (names.equals(List.of("tasks", "usage"))) {
            return Resource.at("/tide/v1/tasks/usage").leaderOnly().get(TideRoutes::usage).found();
        }
        if (names.size() == 4 && names.getFirst().equals("tasks") && names.get(2).equals("files")
                && (names.get(3).equals("stdout") || names.get(3).equals("stderr"))) {
            return Resource.at("/tide/v1/tasks/{taskId}/files/{file}").anyType().leaderOnly()
                    .get(x -> file(x, names.get(1), names.get(3))).found();
        }
        return Optional.empty();
    }

    private static void status(Exchange x) {
        Backend backend = x.backend();
        long nowMs = backend.clock().millis();
        ClusterCounts counts = backend.view().read(state -> ClusterCounts.of(state, nowMs));
        ObjectNode body = Json.object().put("ready", backend.status().ready())
                .put("leader", backend.status().leaderAddress())
                .put("leads", backend.status().leads()).put("epoch", backend.status().epoch())
                .put("position", backend.status().position())
                .put("staleMs", backend.status().staleMs());
        ObjectNode agents = body.putObject("agents");
        for (AgentCondition condition : AgentCondition.values()) {
            agents.put(ClusterCounts.word(condition), counts.agents.getOrDefault(condition, 0));
        }
        body.put("apps", counts.apps);
        body.putObject("instances").put("wanted", counts.desired).put("running",
                counts.running());
        ArrayNode alarms = body.putArray("alarms");
        if (counts.healthStormMs != 0) {
            alarms.addObject().put("name", "health-storm")
                    .put("since", Timestamps.format(counts.healthStormMs))
                    .put("message", "The health checks of " + Funnel.number(counts.healthFailing)
                            + " of " + Funnel.number(counts.healthChecked)
                            + " instances fail. So many at once have a cause in common, so nothing"
                            + " is ended for its health until it is over: look at the network,"
                            + " name service, or whatever else the checks depend on.");
        }
        Alarms.add(alarms, x);
        x.json(200, body.put("clusterId", backend.clusterId()));
    }

    private static void why(Exchange x, List<String> names) {
        AppId id = AppPaths.existing(names);
        Backend backend = x.backend();
        WhyView why = backend.view()
                .read(state -> state.app(id).filter(app -> !app.leaving())
                        .map(app -> WhyView.of(state, app)))
                .orElseThrow(() -> Errors.appUnknown(id.path()));
        ObjectNode body = why.json(backend.clock().millis());
        if (why.waiting().count() > 0) {
            backend.nodes().waiting(id).ifPresent(machines -> body.put("machines", machines)
                    .put("sentence", body.path("sentence").asText() + " " + machines));
        }
        ArrayNode labels = body.putArray("labels");
        TrafficJsonView.problems(labels, id,
                TRAFFIC.published(why.waiting().version()).faults());
        x.json(200, body);
    }

    private static void usage(Exchange x) {
        Backend backend = x.backend();
        List<TaskView> tasks = backend.view().read(state -> {
            List<TaskView> all = new ArrayList<>(state.instanceCount());
            for (AppState app : state.apps().values()) {
                for (int i = 0; i < app.instances().size(); i++) {
                    all.add(TaskView.of(state, app.instances().get(i)));
                }
            }
            return all;
        });
        String clusterId = backend.clusterId();
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("tasks");
        for (TaskView task : tasks) {
            backend.agents().usage(task.number()).ifPresent(usage -> list.addObject()
                    .put("id", PodJson.taskId(TaskIds.prefix(task.appPath(), clusterId),
                            task.version(), task.number()))
                    .put("cpus", usage.cpusMilli() / 1_000.0)
                    .put("memBytes", usage.memBytes()));
        }
        x.json(200, body);
    }

    /** Part of a file of a task. Ended tasks are in no state any more; their agent has to be named. */
    private static void file(Exchange x, String taskId, String file) {
        long offset = x.query().number("offset", 0);
        int length = Math.clamp(x.query().number("length", CHUNK_BYTES), 0, CHUNK_BYTES_MAX);
        OptionalLong number = TaskIds.instanceNumber(taskId);
        if (number.isEmpty()) {
            throw Errors.taskUnknown(taskId);
        }
        Optional<AgentId> named = x.query().text("agent")
                .filter(name -> !name.isEmpty() && name.length() <= AgentId.LENGTH_MAX)
                .map(AgentId::new);
        AgentId agent = TaskRoutes.find(x.backend(), number.getAsLong(), taskId)
                .map(task -> task.agent().id()).or(() -> named)
                .orElseThrow(() -> Errors.notFoundWithDetails("Task '" + taskId
                        + "' is not running; if it has ended, name the agent that ran it:"
                        + " ?agent=ID (the app's lastTaskFailure has it as slaveId)"));
        // Each container of a pod has files of its own; those of the instance are the first one's.
        String inside = TaskIds.container(taskId).map(name -> "containers/" + name + "/" + file)
                .orElse(file);
        x.whenDone(
                x.backend().agents().readFile(agent, number.getAsLong(), inside, offset, length),
                chunk -> send(x, file, taskId, chunk), failure -> unreadable(agent, failure));
    }

    private static void unreadable(AgentId agent, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        if (cause instanceof AgentsPort.AgentUnavailable unavailable) {
            throw Errors.refused(503, String.valueOf(unavailable.getMessage()));
        }
        throw new IllegalStateException("agent " + agent + " failed to read a file", cause);
    }

    private static void send(Exchange x, String file, String taskId, FileChunk chunk) {
        if (!chunk.getError().isEmpty()) {
            throw Errors.notFoundWithDetails(
                    "No " + file + " of task '" + taskId + "': " + chunk.getError());
        }
        x.response().putHeader("X-Tide-Offset", Long.toString(chunk.getOffset()))
                .putHeader("X-Tide-Size", Long.toString(chunk.getSize()))
                // What a task prints must not become a page of ours.
                .putHeader("Content-Disposition", "attachment");
        x.end(200, "application/octet-stream", chunk.getData().toByteArray());
    }
}
