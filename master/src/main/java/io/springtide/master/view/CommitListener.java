package io.springtide.master.view;

import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;

/**
 * Hears every fact once it is durable, in order, on the outbox's thread. Must be quick and must not
 * block; what it throws stops the master.
 */
public interface CommitListener {

    /** The fact is durable; {@code state} does not show it yet. For what the fact is about to remove. */
    default void before(Event event, ClusterState state) {}

    /** {@code state} shows the fact now. */
    default void after(Event event, ClusterState state) {}

    /** Facts have been passed over: {@code state} is what all of them have come to. */
    default void leapt(ClusterState state) {}

    /** All facts of a run of batches have been told; replies go out after this. */
    default void batchEnd(ClusterState state) {}
}
