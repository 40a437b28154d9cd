package io.springtide.master.http;

import io.springtide.api.marathon.AppReader;
import io.springtide.core.state.ClusterState;
import io.springtide.master.MasterStatus;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.nodes.NodesPort;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.scaling.ScalingPort;
import io.springtide.master.traffic.TrafficPort;
import io.springtide.master.view.ClusterView;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything that routes reach beyond their request. */
record Backend(RestSettings settings, CommandPort commands, ClusterView view, AgentsPort agents,
        MasterStatus status, EventStream events, MetricsExposition metrics, InstantSource clock,
        Readers readers, AppDefinitions definitions, AppPieces pieces,
        ScalingPort scaling, Supplier<Optional<TrafficPort>> traffic, NodesPort nodes) {

    /** For apps whose group does not matter. */
    AppReader reader() {
        return readers.anywhere();
    }

    String clusterId() {
        return view.read(ClusterState::clusterId);
    }
}
