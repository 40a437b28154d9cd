package io.springtide.core.placement;

import io.springtide.core.state.ClusterState;

/** The door to placement for those who decide: opens rounds over the state as it is. */
public final class Placement {

    private final ClusterState state;
    private final PlacementSettings settings;
    private final Fields fields;

    public Placement(ClusterState state, PlacementSettings settings) {
        this.state = state;
        this.settings = settings;
        this.fields = new Fields(state.agents());
    }

    public PlacementSettings settings() {
        return settings;
    }

    /** A round over the state as it is now. */
    public PlacementRound round() {
        return new PlacementRound(state, settings, fields);
    }
}
