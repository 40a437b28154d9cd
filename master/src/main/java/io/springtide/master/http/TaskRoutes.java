package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.JsonInput;
import io.springtide.core.model.Condition;
import io.springtide.core.state.AppState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code /v2/tasks}: all tasks there are. */
final class TaskRoutes implements Routes {

    /** Far above what a body of one MiB can name. */
    private static final int IDS_MAX = 100_000;

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (path.equals(List.of("v2", "tasks"))) {
            return Resource.at("/v2/tasks").produces("application/json", "text/plain")
                    .get(TaskRoutes::list).found();
        }
        if (path.equals(List.of("v2", "tasks", "delete"))) {
            return Resource.at("/v2/tasks/delete").post(TaskRoutes::delete).found();
        }
        return Optional.empty();
    }

    /** The task that an id names in full; a number alone would let ids of other clusters pass. */
    static Optional<TaskView> find(Backend backend, long number, String taskOrInstanceId) {
        String clusterId = backend.clusterId();
        return backend.view()
                .read(state -> state.instance(number)
                        .map(instance -> TaskView.of(state, instance)))
                .filter(task -> PodJson.isNamed(task, clusterId, taskOrInstanceId));
    }

    private static void list(Exchange x) {
        Set<String> wanted = new HashSet<>();
        for (String name : List.of("status", "status[]")) {
            x.query().all(name).forEach(one -> wanted.add(one.toLowerCase(Locale.ROOT)));
        }
        List<TaskView> tasks = x.backend().view().read(state -> {
            List<TaskView> all = new ArrayList<>(state.instanceCount());
            for (AppState app : state.apps().values()) {
                for (int i = 0; i < app.instances().size(); i++) {
                    if (!PodJson.isPod(app.instances().get(i).version())) {
                        all.add(TaskView.of(state, app.instances().get(i)));
                    }
                }
            }
            return all;
        });
        if (!wanted.isEmpty()) {
            tasks = tasks.stream().filter(task -> wanted.contains(status(task.condition())))
                    .toList();
        }
        if (wantsText(x)) {
            x.end(200, "text/plain; charset=UTF-8", text(tasks).getBytes(StandardCharsets.UTF_8));
        } else {
            x.json(TaskKill.document(x, tasks, true));
        }
    }

    private static String status(Condition condition) {
        return switch (condition) {
            case PLACED, STAGING, STARTING -> "staging";
            case RUNNING -> "running";
            case UNREACHABLE, UNREACHABLE_INACTIVE, KILLING, FINISHED, FAILED, KILLED, ERROR,
                    GONE ->
                "other";
        };
    }

    private static boolean wantsText(Exchange x) {
        String accept = x.request().getHeader("Accept");
        return accept != null && accept.contains("text/plain")
                && !accept.contains("application/json");
    }

    /** For load balancers of old: a line for each service port, {@code app TAB port TAB host:port TAB ...}. */
    private static String text(List<TaskView> tasks) {
        StringBuilder text = new StringBuilder();
        int from = 0;
        while (from < tasks.size()) {
            int to = from;
            while (to < tasks.size() && tasks.get(to).appPath().equals(tasks.get(from).appPath())) {
                to++;
            }
            appendApp(text, tasks.subList(from, to));
            from = to;
        }
        return text.toString();
    }

    private static void appendApp(StringBuilder text, List<TaskView> tasks) {
        String name = tasks.getFirst().appPath().substring(1).replace('/', '_');
        List<Integer> servicePorts = tasks.getLast().version().spec().servicePorts();
        int lines = Math.max(1, servicePorts.size());
        for (int line = 0; line < lines; line++) {
            text.append(name).append('\t');
            text.append(servicePorts.isEmpty() ? " " : servicePorts.get(line).toString());
            text.append('\t');
            for (TaskView task : tasks) {
                if (task.condition() != Condition.RUNNING) {
                    continue;
                }
                text.append(task.agent().hostname());
                if (line < task.ports().size()) {
                    text.append(':').append(task.ports().get(line));
                }
                text.append('\t');
            }
            text.append('\n');
        }
    }

    private static void delete(Exchange x) {
        ObjectNode body = JsonInput.parseObject(x.body());
        JsonNode ids = body.path("ids");
        if (!ids.isArray() || ids.size() > IDS_MAX) {
            throw Errors.notValid("/ids", "must be an array of task ids");
        }
        List<TaskView> tasks = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (JsonNode id : ids) {
            String text = id.asText();
            if (!id.isTextual() || !looksLikeTaskId(text)) {
                throw Errors.badRequest("Invalid task id '" + text
                        + "'. [an id has the app's name, a dot, and a unique part]");
            }
            OptionalLong number = TaskIds.instanceNumber(text);
            if (number.isPresent() && seen.add(number.getAsLong())) {
                find(x.backend(), number.getAsLong(), text).ifPresent(tasks::add);
            }
        }
        TaskKill.kill(x, tasks, false);
    }

    private static boolean looksLikeTaskId(String text) {
        int cut = Math.max(text.lastIndexOf('.'), text.lastIndexOf('_'));
        return cut > 0 && cut < text.length() - 1;
    }
}
