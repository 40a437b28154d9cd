package io.springtide.master.http;

import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.Readiness;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A deployment as it was at one moment, free of the state it was read from. */
record DeploymentView(String clusterId, Deployment deployment, DeploymentSteps steps) {

    static DeploymentView of(ClusterState state, Deployment deployment) {
        return new DeploymentView(state.clusterId(), deployment,
                DeploymentSteps.of(deployment, app -> isPod(state, app)));
    }

    /** Whether clients know something as a pod, be it that it has just gone. */
    static boolean isPod(ClusterState state, AppId id) {
        Optional<RunKind> kind = state.app(id).map(app -> app.latest().spec().kind())
                .or(() -> state.removed().get(id)
                        .flatMap(gone -> Optional.ofNullable(gone.versions().lastEntry()))
                        .map(newest -> newest.getValue().spec().kind()));
        return kind.equals(Optional.of(RunKind.POD));
    }

    /** What the new instances of an app have said of their readiness. */
    static List<TaskView> readiness(ClusterState state, AppId id) {
        Optional<AppState> app = state.app(id)
                .filter(one -> one.current().spec().delivery().readinessChecked());
        if (app.isEmpty()) {
            return List.of();
        }
        long configuredMs = app.get().current().configuredMs();
        List<TaskView> asked = new ArrayList<>();
        for (int i = 0; i < app.get().instances().size(); i++) {
            Instance instance = app.get().instances().get(i);
            if (instance.active() && instance.version().configuredMs() == configuredMs
                    && !instance.readiness().equals(Readiness.NONE)) {
                asked.add(TaskView.of(state, instance));
            }
        }
        return asked;
    }

    String id() {
        return DeploymentIds.text(clusterId, deployment.number());
    }

    String version() {
        return Timestamps.format(deployment.versionMs());
    }

    /** The innermost group that everything it changes lies in. */
    String group() {
        String group = "";
        boolean first = true;
        for (List<DeploymentSteps.Action> step : steps.all()) {
            for (DeploymentSteps.Action action : step) {
                String path = action.run().path();
                group = first ? parent(path) : common(group, path);
                first = false;
            }
        }
        return group.isEmpty() ? "/" : group;
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static String common(String group, String path) {
        String common = group;
        while (!path.startsWith(common + "/")) {
            common = parent(common);
        }
        return common;
    }
}
