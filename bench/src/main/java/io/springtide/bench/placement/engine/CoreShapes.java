package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Group;
import io.springtide.bench.placement.work.Policy;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** How a group of a workload is said to Springtide's core: the one place that maps rules to shapes. */
final class CoreShapes {

    private CoreShapes() {}

    /** Empty if the core has no such rule. */
    static Optional<Shape> shape(Workload work, Group group) {
        PlacementPolicy policy = work.policy() == Policy.BINPACK
                ? PlacementPolicy.BINPACK
                : PlacementPolicy.SPREAD;
        Shape plain = shape(group, policy);
        return switch (group.rule()) {
            case Rule.Anywhere unused -> Optional.of(plain);
            case Rule.OnePerMachine unused -> Optional.of(ruled(plain, Constraint.HOSTNAME,
                    Constraint.Operator.UNIQUE, ""));
            // Stricter than a skew of several, which it therefore never breaks.
            case Rule.LevelZones unused -> Optional.of(ruled(plain, Constraint.ZONE,
                    Constraint.Operator.GROUP_BY, ""));
            case Rule.OneZone unused -> Optional.of(ruled(plain, Constraint.ZONE,
                    Constraint.Operator.CLUSTER, ""));
            case Rule.OnlyKind only -> Optional.of(ruled(plain, CoreCluster.KIND,
                    Constraint.Operator.IS, only.kind()));
            case Rule.KeepOff off -> Optional.of(plain.withRules(Rules.NONE.withPreferences(
                    wishes(0, 0, List.of(new Preferences.Neighbour(CoreCluster.app(off.group()),
                            Preferences.Scope.HOST, -1, true))))));
            // Spreading does so of itself, and levels racks and machines besides.
            case Rule.PreferLevelZones unused -> Optional.of(policy == PlacementPolicy.SPREAD
                    ? plain
                    : plain.withRules(Rules.NONE.withPreferences(wishes(50, 0, List.of()))));
            case Rule.PreferApart unused -> Optional.of(policy == PlacementPolicy.SPREAD
                    ? plain
                    : plain.withRules(Rules.NONE.withPreferences(wishes(0, 50, List.of()))));
        };
    }

    private static Shape ruled(Shape plain, String field, Constraint.Operator operator,
            String value) {
        return plain.withRules(
                Rules.NONE.withConstraints(new Constraint(field, operator, value)));
    }

    private static Preferences wishes(int siteWeight, int hostWeight,
            List<Preferences.Neighbour> apps) {
        return new Preferences("", siteWeight, 0, hostWeight, List.of(), apps);
    }

    /** Why a workload cannot be said to the core; empty if it can. */
    static Optional<String> refusal(Workload work) {
        if (work.wantsEviction()) {
            return Optional.of("evictions end with agents that carry them out: not timed");
        }
        for (int group : work.taskGroups()) {
            if (shape(work, work.groups().get(group)).isEmpty()) {
                return Optional.of("has no rule "
                        + work.groups().get(group).rule().getClass().getSimpleName());
            }
        }
        return Optional.empty();
    }

    /** What runs already: it only takes its room. */
    static Shape resident(Workload work, Group group) {
        return shape(work, group).orElseGet(() -> shape(group, PlacementPolicy.SPREAD));
    }

    private static Shape shape(Group group, PlacementPolicy policy) {
        return new Shape(new Resources(group.need().cpusMilli(), group.need().memMib(), 0, 0),
                Collections.nCopies(group.need().ports(), 0), RuntimeKind.DOCKER, policy);
    }
}
