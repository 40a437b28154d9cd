package io.springtide.master.view;

import io.springtide.core.model.AppId;
import io.springtide.core.state.ClusterState;
import java.util.function.Function;

/** The committed state, for reading by any thread. */
public interface ClusterView {

    /**
     * Runs a query against the committed state. The query must be brief, must not block, and must not
     * let the state or anything mutable of it escape: it holds up the release of replies.
     */
    <T> T read(Function<ClusterState, T> query);

    /** The state as bytes and the position it stands for, as one; takes a while for a large one. */
    CommittedState.Frozen freeze();

    /**
     * Stands for what is to be shown of an app, its instances and deployment included: whoever has seen
     * the same number before in this reign has seen the same app. Grows with every change, and beyond
     * the app's removal. Asked for within a query, it is that of the state which the query sees.
     */
    long revision(AppId app);

    /** The same for all apps together, which of them there are included. */
    long revision();
}
