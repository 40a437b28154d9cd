package io.springtide.core.sim;

import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Standby;
import io.springtide.core.elasticity.Target;
import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;

/** Policies that people in a {@link World} set and take back, and what these decide. */
final class Scalings {

    /** Of its own, so that what else happens in a history does not depend on it. */
    private final SplittableRandom random;
    private final Cluster cluster;
    private final Plans plans;

    Scalings(long seed, Cluster cluster, Plans plans) {
        this.random = new SplittableRandom(seed ^ 0x5CA1E5);
        this.cluster = cluster;
        this.plans = plans;
    }

    /**
     * A command about one of so many apps now and then.
     *
     * @param fixedPorts of these, the one that seldom gets standbys
     * @param most instances of each
     */
    Optional<Command> next(int apps, int fixedPorts, IntUnaryOperator most) {
        if (random.nextInt(5) > 0) {
            return Optional.empty();
        }
        int index = random.nextInt(apps);
        AppId id = new AppId(plans.path(index));
        return Optional.of(switch (random.nextInt(6)) {
            case 0, 1 ->
                new Command.SetScaling(id, policy(most.applyAsInt(index), index == fixedPorts));
            case 2 -> new Command.RemoveScaling(id);
            default -> new Command.Scale(id, random.nextInt(most.applyAsInt(index) + 2),
                    new ScalingReason(ScalingReason.TARGET, "after " + cluster.nowMs()));
        });
    }

    private ScalingPolicy policy(int most, boolean fixed) {
        int max = random.nextInt(1, most + 1);
        // An app of fixed ports often fills every agent already.
        Standby standby = random.nextInt(fixed ? 4 : 2) > 0
                ? Standby.NONE
                : random.nextBoolean()
                        ? new Standby(random.nextInt(1, 4), 0)
                        : new Standby(0, random.nextInt(1, 80));
        Target target = random.nextBoolean()
                ? new Target(Target.Kind.REQUESTS, 100_000)
                : new Target(Target.Kind.CPU, 50_000);
        return new ScalingPolicy(random.nextInt(max + 1), max, List.of(target))
                .withDryRun(random.nextInt(5) == 0).withStandby(standby);
    }
}
