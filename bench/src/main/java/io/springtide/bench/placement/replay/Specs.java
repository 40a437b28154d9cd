package io.springtide.bench.placement.replay;

import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.List;
import java.util.SortedMap;

/** Machines and apps of a trace, said to the core's state. */
final class Specs {

    static final long NOW_MS = 1_000_000;

    private Specs() {}

    /** The agent of a machine, in a row of its own. */
    static void register(ClusterState state, int row, String name,
            SortedMap<String, String> attributes, Resources resources) {
        state.apply(new Event.AgentRegistered(row, new AgentSpec(new AgentId(name), 1, name, "",
                "", "", attributes, resources, List.of(), RuntimeKind.DOCKER.bit()), NOW_MS));
    }

    /** An app of so many instances, none of them placed yet. */
    static AppState app(ClusterState state, String path, int instances, Shape shape) {
        AppSpec spec = new AppSpec(new AppId(path), "{}", instances, shape, Backoff.DEFAULT,
                Upgrade.DEFAULT, KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT, 0, false,
                List.of());
        state.apply(new Event.AppVersioned(new AppVersion(spec, NOW_MS, NOW_MS, NOW_MS)));
        return state.app(spec.id()).orElseThrow();
    }
}
