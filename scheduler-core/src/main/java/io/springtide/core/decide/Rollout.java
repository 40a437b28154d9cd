package io.springtide.core.decide;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What an app needs next to become what is wanted: so many launches, these kills. Scaling up and down,
 * replacing old versions within the bounds of the upgrade strategy, and making up for losses are all
 * the same question.
 *
 * @param launch how many instances may be launched now
 * @param surplus to be ended since there are too many
 * @param replaced to be ended in favour of newer ones
 * @param settled whether the app is just what is wanted
 */
public record Rollout(int launch, List<Instance> surplus, List<Instance> replaced,
        boolean settled) {

    /** Reads off the state what an app needs. */
    public static Rollout of(ClusterState state, AppState app) {
        Count count = new Count(state, app);
        return count.old.isEmpty() ? level(count) : roll(count);
    }

    /**
     * Only the current configuration is there: too few, too many, or right. Those that are still
     * ending take room as in a rolling change: an app that tolerates no extra instance gets none.
     */
    private static Rollout level(Count count) {
        int wanted = count.app.wanted();
        int over = count.fresh.size() - wanted;
        boolean settled = over == 0 && count.freshHealthy == wanted && count.ending == 0;
        int activeMax = count.app.current().spec().upgrade().activeMax(wanted);
        int launch = Math.max(0, Math.min(-over, activeMax - count.fresh.size() - count.ending));
        return new Rollout(launch, count.first(count.fresh, over), List.of(), settled);
    }

    /**
     * An older configuration is there too. Source: Marathon's TaskReplaceActor; unlike there,
     * instances that are still ending count towards the capacity, so that it is never exceeded.
     */
    private static Rollout roll(Count count) {
        int wanted = count.app.wanted();
        Upgrade upgrade = count.app.current().spec().upgrade();
        int healthyMin = upgrade.healthyMin(wanted);
        int activeMax = upgrade.activeMax(wanted);
        if (healthyMin == activeMax) {
            // Neither fewer nor more: it could never begin.
            activeMax++;
        }
        int active = count.fresh.size() + count.old.size();
        int launch = Math.max(0,
                Math.min(wanted - count.fresh.size(), activeMax - active - count.ending));
        List<Instance> surplus = count.first(count.fresh, count.fresh.size() - wanted);
        // Ending an unhealthy one costs no health; ending a healthy one must leave enough of them.
        int unhealthyEnd = Math.max(0, active - surplus.size() - healthyMin);
        int healthyEnd = Math.max(0, count.freshHealthy + count.oldHealthy - healthyMin);
        List<Instance> replaced = new ArrayList<>();
        for (Instance instance : count.first(count.old, count.old.size())) {
            if (count.state.healthy(instance)) {
                if (healthyEnd > 0) {
                    healthyEnd--;
                    replaced.add(instance);
                }
            } else if (replaced.size() < unhealthyEnd) {
                replaced.add(instance);
            }
        }
        return new Rollout(launch, surplus, replaced, false);
    }

    /** The app's instances, counted. */
    private static final class Count {

        final ClusterState state;
        final AppState app;
        final List<Instance> fresh;
        final List<Instance> old = new ArrayList<>();
        int freshHealthy;
        int oldHealthy;
        int ending;

        Count(ClusterState state, AppState app) {
            this.state = state;
            this.app = app;
            InstanceList all = app.instances();
            this.fresh = new ArrayList<>(all.size());
            for (int i = 0; i < all.size(); i++) {
                count(all.get(i));
            }
        }

        private void count(Instance instance) {
            if (!instance.active()) {
                if (state.agents().condition(instance.agentRow()) != AgentCondition.UNREACHABLE) {
                    ending++;
                }
                return;
            }
            int healthy = state.healthy(instance) ? 1 : 0;
            if (instance.version().configuredMs() == app.current().configuredMs()) {
                fresh.add(instance);
                freshHealthy += healthy;
            } else {
                old.add(instance);
                oldHealthy += healthy;
            }
        }

        /**
         * Those that go first: unreachable ones, then by how far they have come, unhealthy before
         * healthy, then by the app's kill selection. Where a constraint levels the instances, how far
         * they have come and what follows decide only within the largest group, once those are gone
         * that do not run.
         */
        List<Instance> first(List<Instance> from, int many) {
            if (many <= 0) {
                return List.of();
            }
            AppSpec spec = app.current().spec();
            Comparator<Instance> byAge = Comparator.comparingLong(Instance::number);
            if (spec.killSelection() == KillSelection.YOUNGEST_FIRST) {
                byAge = byAge.reversed();
            }
            Comparator<Instance> order = Comparator.<Instance>comparingInt(this::progress)
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
}
