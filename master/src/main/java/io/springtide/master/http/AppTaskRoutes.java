package io.springtide.master.http;

import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /v2/apps/{id}/tasks}: the tasks of one app, or of all apps in a group. */
final class AppTaskRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "v2", "apps")) {
            return Optional.empty();
        }
        List<String> names = path.subList(2, path.size());
        int last = names.size() - 1;
        if (last >= 1 && names.get(last).equals("tasks")) {
            List<String> id = names.subList(0, last);
            return Resource.at("/v2/apps/{id}/tasks").produces("application/json", "text/plain")
                    .get(x -> AppReads.tasks(x, id))
                    .delete(x -> killAll(x, id)).found();
        }
        if (last >= 2 && names.get(last - 1).equals("tasks")) {
            List<String> id = names.subList(0, last - 1);
            return Resource.at("/v2/apps/{id}/tasks/{taskId}")
                    .delete(x -> killOne(x, id, names.get(last))).found();
        }
        return Optional.empty();
    }

    private static List<TaskView> tasks(Exchange x, List<String> names) {
        Optional<PathId> group = AppPaths.group(names);
        if (group.isPresent()) {
            return x.backend().view().read(state -> state.apps().values().stream()
                    .filter(app -> new PathId(app.id().path()).isBelow(group.get()))
                    .flatMap(app -> of(state, app).stream()).toList());
        }
        AppId id = AppPaths.existing(names);
        return x.backend().view().read(state -> state.app(id).filter(PodJson::isApp)
                .map(app -> of(state, app))).orElseThrow(() -> Errors.appUnknown(id.path()));
    }

    private static List<TaskView> of(ClusterState state, AppState app) {
        List<TaskView> tasks = new ArrayList<>(app.instances().size());
        for (int i = 0; i < app.instances().size(); i++) {
            if (!PodJson.isPod(app.instances().get(i).version())) {
                tasks.add(TaskView.of(state, app.instances().get(i)));
            }
        }
        return tasks;
    }

    private static void killAll(Exchange x, List<String> names) {
        Optional<String> host = x.query().text("host")
                .filter(text -> !text.isEmpty() && !text.equals("*"));
        TaskKill.kill(x, tasks(x, names).stream()
                .filter(task -> host.isEmpty() || task.agent().hostname().equals(host.get()))
                .toList(), false);
    }

    /** The task's own id decides; some clients derive the app's from it, and derive it wrongly. */
    private static void killOne(Exchange x, List<String> names, String taskId) {
        OptionalLong number = TaskIds.instanceNumber(taskId);
        Optional<TaskView> task = number.isEmpty()
                ? Optional.empty()
                : TaskRoutes.find(x.backend(), number.getAsLong(), taskId)
                        .filter(one -> !one.ofPod());
        if (task.isEmpty()) {
            // Which of the two is wrong matters to whoever mistyped.
            tasks(x, names);
            throw Errors.taskUnknown(taskId);
        }
        TaskKill.kill(x, List.of(task.get()), true);
    }
}
