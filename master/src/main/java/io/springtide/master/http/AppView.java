package io.springtide.master.http;

import io.springtide.core.model.AppVersion;
import io.springtide.core.model.TaskFailure;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An app as it was at one moment, free of the state it was read from.
 *
 * @param tasks empty unless they were asked for
 * @param deployment the running one that includes it; 0 = none
 */
record AppView(String clusterId, AppVersion version, Counts counts, List<TaskView> tasks,
        long deployment, Optional<TaskFailure> failure) {

    static AppView of(ClusterState state, AppState app, boolean withTasks) {
        Counts counts = Counts.NONE;
        List<TaskView> tasks = new ArrayList<>(withTasks ? app.instances().size() : 0);
        for (int i = 0; i < app.instances().size(); i++) {
            Instance instance = app.instances().get(i);
            if (PodJson.isPod(instance.version())) {
                // A pod had this id before, and its last instances are ending.
                continue;
            }
            counts = counts.with(state.conditionOf(instance),
                    instance.version().spec().healthChecked(), instance.health());
            if (withTasks) {
                tasks.add(TaskView.of(state, instance));
            }
        }
        return new AppView(state.clusterId(), app.latest(), counts, tasks, app.deployment(),
                app.lastFailure());
    }

    String path() {
        return version.spec().id().path();
    }
}
