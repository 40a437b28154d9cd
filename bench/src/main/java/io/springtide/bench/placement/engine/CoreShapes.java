package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Group;
import io.springtide.bench.placement.work.Policy;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import java.util.Collections;
import java.util.Optional;

/** How a group of a workload is said to Springtide's core: the one place that maps rules to shapes. */
final class CoreShapes {

    private CoreShapes() {}

    /** Empty if the core has no such rule. */
    static Optional<Shape> shape(Workload work, Group group) {
        PlacementPolicy policy = work.policy() == Policy.BINPACK
                ? PlacementPolicy.BINPACK
                : PlacementPolicy.SPREAD;
        return switch (group.rule()) {
            case Rule.Anywhere unused -> Optional.of(shape(group, policy));
            // TODO(#3): until the core knows these rules, levelling stands in; the check tells whether it held.
            case Rule.OnePerMachine unused -> Optional.of(shape(group, PlacementPolicy.SPREAD));
            case Rule.LevelZones unused -> Optional.of(shape(group, PlacementPolicy.SPREAD));
            case Rule.PreferLevelZones unused -> Optional.of(shape(group, PlacementPolicy.SPREAD));
            case Rule.PreferApart unused -> Optional.of(shape(group, PlacementPolicy.SPREAD));
            case Rule.OneZone unused -> Optional.empty();
            case Rule.OnlyKind unused -> Optional.empty();
            case Rule.KeepOff unused -> Optional.empty();
        };
    }

    /** Why a workload cannot be said to the core; empty if it can. */
    static Optional<String> refusal(Workload work) {
        if (work.wantsEviction()) {
            return Optional.of("does not evict");
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
