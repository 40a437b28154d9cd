package io.springtide.core.elasticity;

import io.springtide.core.Check;
import io.springtide.core.model.AppSpec;
import java.util.List;

/** What a policy must be like. Each message begins with the path of what is wrong. */
final class PolicyRules {

    /** Use of more than ten times what is asked for is nothing to aim at. */
    private static final long PERCENT_MILLI_MAX = 1_000_000;

    private PolicyRules() {}

    static void check(int min, int max, List<Target> targets, int tolerancePpm,
            Standby standby) {
        rule(min >= 0 && min <= AppSpec.INSTANCES_MAX, "/min", "must be between 0 and 1000000");
        rule(max >= 1 && max <= AppSpec.INSTANCES_MAX, "/max", "must be between 1 and 1000000");
        rule(min <= max, "/min", "must not be above /max");
        rule(tolerancePpm >= 0 && tolerancePpm <= 500_000, "/tolerance",
                "must be between 0 and 0.5");
        rule(targets.size() <= ScalingPolicy.TARGETS_MAX, "/targets", "at most 16");
        for (int i = 0; i < targets.size(); i++) {
            String path = "/targets(" + i + ")";
            check(path, targets.get(i));
            rule(targets.indexOf(targets.get(i)) == i && !twice(targets, i), path,
                    "the same is measured by an earlier target");
        }
        rule(standby.count() >= 0 && standby.count() <= AppSpec.INSTANCES_MAX, "/standby/count",
                "must be between 0 and 1000000");
        rule(standby.percent() >= 0
                && standby.percent() <= ScalingPolicy.STANDBY_PERCENT_MAX, "/standby/percent",
                "must be between 0 and 1000");
        rule(standby.count() == 0 || standby.percent() == 0, "/standby",
                "is either a count or a percent, not both");
    }

    private static boolean twice(List<Target> targets, int at) {
        Target target = targets.get(at);
        return target.kind() != Target.Kind.PROMQL && targets.subList(0, at).stream()
                .anyMatch(other -> other.kind() == target.kind());
    }

    private static void check(String path, Target target) {
        boolean query = target.kind() == Target.Kind.PROMQL;
        rule(target.valueMilli() > 0 && target.valueMilli() <= ScalingPolicy.VALUE_MILLI_MAX,
                path + "/value", "must be above 0 and at most 1000000000");
        boolean percent = target.kind() == Target.Kind.CPU || target.kind() == Target.Kind.MEMORY;
        rule(!percent || target.valueMilli() <= PERCENT_MILLI_MAX, path + "/value",
                "must be at most 1000 percent");
        rule(query != target.query().isBlank(), path + "/query",
                query ? "must not be empty" : "belongs to promql targets only");
        rule(target.query().length() <= ScalingPolicy.QUERY_LENGTH_MAX, path + "/query",
                "has more than 4096 characters");
        rule(query || target.measure() == target.kind().measure(), path + "/measure",
                "belongs to promql targets only");
    }

    static void check(String path, Behaviour behaviour) {
        rule(behaviour.stabilisationMs() >= 0
                && behaviour.stabilisationMs() <= ScalingPolicy.WINDOW_MS_MAX,
                path + "/stabilisationSeconds", "must be between 0 and 3600");
        rule(behaviour.steps().size() <= ScalingPolicy.STEPS_MAX, path + "/steps", "at most 8");
        for (int i = 0; i < behaviour.steps().size(); i++) {
            Behaviour.Step step = behaviour.steps().get(i);
            String at = path + "/steps(" + i + ")";
            rule(step.amount() >= 1 && step.amount() <= AppSpec.INSTANCES_MAX, at,
                    "must allow between 1 and 1000000");
            rule(step.periodMs() >= 1_000 && step.periodMs() <= ScalingPolicy.WINDOW_MS_MAX,
                    at + "/periodSeconds", "must be between 1 and 3600");
        }
    }

    static void check(List<Schedule> schedules, int max) {
        rule(schedules.size() <= ScalingPolicy.SCHEDULES_MAX, "/schedules", "at most 100");
        for (int i = 0; i < schedules.size(); i++) {
            Schedule schedule = schedules.get(i);
            String path = "/schedules(" + i + ")";
            check(path, schedule, max);
            for (int j = 0; j < i; j++) {
                Schedule other = schedules.get(j);
                rule(!other.name().equals(schedule.name()), path + "/name",
                        "is that of /schedules(" + j + "), too");
                rule(!other.cron().trim().equals(schedule.cron().trim())
                        || !other.zone().equals(schedule.zone()), path,
                        "contradicts /schedules(" + j + "): both count from the same time");
            }
        }
    }

    private static void check(String path, Schedule schedule, int max) {
        text(schedule.name(), path + "/name");
        text(schedule.cron(), path + "/cron");
        text(schedule.zone(), path + "/zone");
        rule(schedule.count() >= 0, path + "/count", "must not be negative");
        rule(schedule.count() <= max, path + "/count", "must not be above /max");
        rule(schedule.durationMs() >= 1_000
                && schedule.durationMs() <= ScalingPolicy.SCHEDULE_MS_MAX,
                path + "/durationSeconds", "must be between 1 s and 7 days");
        rule(schedule.rampMs() >= 0 && schedule.rampMs() <= 86_400_000, path + "/rampSeconds",
                "must be between 0 and a day");
        rule(schedule.leadMs() >= 0 && schedule.leadMs() <= 86_400_000, path + "/leadSeconds",
                "must be between 0 and a day");
    }

    static void check(Burst burst, List<Target> targets) {
        rule(burst.windowMs() >= 1_000 && burst.windowMs() <= 60_000, "/burst/windowSeconds",
                "must be between 1 and 60");
        rule(burst.factorMilli() > 1_000 && burst.factorMilli() <= 100_000, "/burst/factor",
                "must be above 1 and at most 100");
        rule(burst.holdMs() >= 0 && burst.holdMs() <= ScalingPolicy.WINDOW_MS_MAX,
                "/burst/holdSeconds", "must be between 0 and 3600");
        rule(targets.stream().anyMatch(target -> target.kind() == Target.Kind.REQUESTS
                || target.kind() == Target.Kind.CONCURRENCY), "/burst",
                "needs a target of requests or concurrency: else nobody knows what an instance"
                        + " should carry");
    }

    private static void text(String text, String path) {
        rule(!text.isBlank(), path, "must not be empty");
        rule(text.length() <= ScalingPolicy.TEXT_LENGTH_MAX, path,
                "has more than 255 characters");
    }

    private static void rule(boolean holds, String path, String otherwise) {
        Check.argument(holds, path + ": " + otherwise);
    }
}
