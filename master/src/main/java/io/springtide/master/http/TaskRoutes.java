package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.JsonInput;
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
        if (TaskText.wanted(x)) {
            TaskText.send(x, PodJson::isApp);
            return;
        }
        Set<String> wanted = new HashSet<>();
        for (String name : List.of("status", "status[]")) {
            x.query().all(name).forEach(one -> wanted.add(one.toLowerCase(Locale.ROOT)));
        }
        // As in Marathon, a status that nobody knows asks for nothing in particular.
        wanted.retainAll(Set.of(TaskJson.STAGING, TaskJson.RUNNING));
        AppReads.allTasks(x, wanted);
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
