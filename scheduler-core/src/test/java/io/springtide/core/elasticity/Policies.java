package io.springtide.core.elasticity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** Policies from a seed: any that may be. */
@SuppressWarnings("EnumOrdinal") // any constant will do
public final class Policies {

    private Policies() {}

    public static ScalingPolicy draw(SplittableRandom random) {
        int max = random.nextInt(1, random.nextBoolean() ? 10 : 1_000_001);
        boolean share = random.nextBoolean();
        List<Target> targets = targets(random);
        boolean flow = targets.stream().anyMatch(one -> one.kind() == Target.Kind.REQUESTS
                || one.kind() == Target.Kind.CONCURRENCY);
        return new ScalingPolicy(random.nextInt(max + 1), max, targets,
                random.nextInt(500_001), behaviour(random), behaviour(random),
                schedules(random, max),
                flow && random.nextBoolean()
                        ? Optional.of(new Burst(random.nextLong(1_000, 60_001),
                                random.nextLong(1_001, 100_001), random.nextLong(3_600_001)))
                        : Optional.empty(),
                new Standby(share ? 0 : random.nextInt(5), share ? random.nextInt(200) : 0),
                random.nextBoolean());
    }

    static List<Target> targets(SplittableRandom random) {
        List<Target> targets = new ArrayList<>();
        for (Target.Kind kind : Target.Kind.values()) {
            if (random.nextInt(3) > 0) {
                continue;
            }
            long value = random.nextLong(1, kind == Target.Kind.CPU || kind == Target.Kind.MEMORY
                    ? 1_000_001
                    : random.nextBoolean() ? 100_000 : ScalingPolicy.VALUE_MILLI_MAX + 1);
            targets.add(kind == Target.Kind.PROMQL
                    ? Target.query("sum(rate(x[1m]))", value,
                            Target.Measure.values()[random.nextInt(2)])
                    : new Target(kind, value));
        }
        return targets;
    }

    static Behaviour behaviour(SplittableRandom random) {
        List<Behaviour.Step> steps = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            steps.add(new Behaviour.Step(Behaviour.Unit.values()[random.nextInt(2)],
                    random.nextInt(1, 200), random.nextLong(1_000, 120_001)));
        }
        return new Behaviour(random.nextBoolean() ? 0 : random.nextLong(600_001), steps,
                Behaviour.Select.values()[random.nextInt(3)]);
    }

    private static List<Schedule> schedules(SplittableRandom random, int max) {
        List<Schedule> schedules = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            schedules.add(new Schedule("sale " + i, "0 10 * * " + i, "Asia/Shanghai",
                    random.nextInt(max + 1), random.nextLong(1_000, 86_400_001),
                    random.nextLong(86_400_001), random.nextLong(86_400_001)));
        }
        return schedules;
    }
}
