package io.springtide.core.decide;

import io.springtide.core.model.AppSpec;
import io.springtide.core.model.KillSelection;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which instances of an app go first: unreachable ones, then by how far they have come, unhealthy before
 * healthy, those of older configurations before those of the present one, then by the app's kill
 * selection. Where a constraint levels the instances, how far they have come and what follows decide only
 * within the largest group, once those are gone that do not run.
 */
final class KillOrder {

    private final ClusterState state;
    private final AppState app;

    KillOrder(ClusterState state, AppState app) {
        this.state = state;
        this.app = app;
    }

    /** So many of them, or all if there are fewer. */
    List<Instance> first(List<Instance> from, int many) {
        if (many <= 0) {
            return List.of();
        }
        if (from.size() <= 1) {
            return List.copyOf(from);
        }
        AppSpec spec = app.current().spec();
        Comparator<Instance> byAge = Comparator.comparingLong(Instance::number);
        if (spec.killSelection() == KillSelection.YOUNGEST_FIRST) {
            byAge = byAge.reversed();
        }
        Comparator<Instance> order = Comparator.<Instance>comparingInt(this::progress)
                .thenComparing(one -> Course.fresh(app, one.version()))
                .thenComparing(byAge);
        List<String> fields = Levelled.fields(spec.shape().rules().constraints());
        if (!fields.isEmpty() && many < from.size()) {
            return levelled(from, many, order, fields);
        }
        List<Instance> sorted = new ArrayList<>(from);
        sorted.sort(order);
        return List.copyOf(sorted.subList(0, Math.min(many, sorted.size())));
    }

    private List<Instance> levelled(List<Instance> from, int many, Comparator<Instance> order,
            List<String> fields) {
        Levelled levelled = new Levelled(state.agents(), fields, from);
        List<Instance> first = new ArrayList<>();
        for (Standing standing : Standing.values()) {
            first.addAll(levelled.take(
                    from.stream().filter(one -> standing(one) == standing).toList(),
                    many - first.size(), order));
        }
        return List.copyOf(first);
    }

    /** What goes before what, whatever the groups. */
    private enum Standing {
        UNREACHABLE, NOT_STARTED, RUNNING
    }

    private Standing standing(Instance instance) {
        if (state.conditionOf(instance).unreachable()) {
            return Standing.UNREACHABLE;
        }
        return InstanceDecisions.launching(instance.seen())
                ? Standing.NOT_STARTED
                : Standing.RUNNING;
    }

    private int progress(Instance instance) {
        if (state.conditionOf(instance).unreachable()) {
            return -1;
        }
        return instance.seen().rank() * 2 + (state.healthy(instance) ? 1 : 0);
    }
}
