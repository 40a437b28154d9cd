package io.springtide.master.view;

import io.springtide.core.state.ClusterState;
import java.util.function.Function;

/** The committed state, for reading by any thread. */
public interface ClusterView {

    /**
     * Runs a query against the committed state. The query must be brief, must not block, and must not
     * let the state or anything mutable of it escape: it holds up the release of replies.
     */
    <T> T read(Function<ClusterState, T> query);
}
