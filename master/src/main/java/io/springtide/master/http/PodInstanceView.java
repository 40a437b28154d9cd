package io.springtide.master.http;

import io.springtide.core.model.Condition;
import io.springtide.core.model.PartStatus;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.List;
import java.util.Optional;

/**
 * An instance of a pod as it was at one moment, free of the state it was read from.
 *
 * @param parts what its agent said of its containers last; none before it has said anything
 * @param sinceMs when its condition changed last
 */
record PodInstanceView(TaskView task, List<PartStatus> parts, long sinceMs) {

    static PodInstanceView of(ClusterState state, Instance instance) {
        return new PodInstanceView(TaskView.of(state, instance), instance.parts(),
                instance.seenMs());
    }

    /** What is known of one container. */
    Optional<PartStatus> part(String container) {
        return parts.stream().filter(part -> part.name().equals(container)).findFirst();
    }

    /** How one container stands: as the whole instance does, unless more is known. */
    Condition condition(String container) {
        // Of a silent agent, what it said last is no longer news.
        return task.condition().unreachable()
                ? task.condition()
                : part(container).map(PartStatus::condition).orElse(task.condition());
    }
}
