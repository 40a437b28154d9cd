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
 * A pod as it was at one moment, free of the state it was read from.
 *
 * @param leaving it has been deleted, and its last instances are ending
 */
record PodView(String clusterId, AppVersion version, boolean leaving,
        List<PodInstanceView> instances, Optional<TaskFailure> failure) {

    static PodView of(ClusterState state, AppState pod) {
        List<PodInstanceView> instances = new ArrayList<>(pod.instances().size());
        for (int i = 0; i < pod.instances().size(); i++) {
            Instance instance = pod.instances().get(i);
            // What ends may be an app's that had this id before.
            if (PodJson.isPod(instance.version())) {
                instances.add(PodInstanceView.of(state, instance));
            }
        }
        return new PodView(state.clusterId(), pod.latest(), pod.leaving(), instances,
                pod.lastFailure());
    }

    String path() {
        return version.spec().id().path();
    }
}
