package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.marathon.ScalingDefinition.Behaviour;
import io.springtide.api.marathon.ScalingDefinition.Burst;
import io.springtide.api.marathon.ScalingDefinition.Metric;
import io.springtide.api.marathon.ScalingDefinition.Schedule;
import io.springtide.api.marathon.ScalingDefinition.Select;
import io.springtide.api.marathon.ScalingDefinition.Standby;
import io.springtide.api.marathon.ScalingDefinition.Step;
import io.springtide.api.marathon.ScalingDefinition.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link ScalingDefinition} from JSON. Shapes and rules go in one phase, so that all faults are told at once. */
final class ScalingTree {

    private static final int DAY = 86_400;
    private static final int HOUR = 3_600;
    private static final int PERCENT_MAX = 1_000;
    private static final double VALUE_MAX = 1e9;
    private static final double VALUE_MIN = 0.001;
    private static final double FACTOR_MAX = 100;
    private static final double TOLERANCE_MAX = 0.5;
    private static final int QUERY_MAX = 4_096;
    private static final int TEXT_MAX = 255;

    private static final Shape INSTANCES = whole(0, ScalingDefinition.INSTANCES_MAX);

    private static final Shape TARGET = (value, path, violations) -> {
        if (value.isObject()) {
            checkTarget(value, path, violations);
        }
        return StrictShape.object(List.of(
                Shape.must("metric", StrictShape.oneOf(Metric.values())),
                Shape.must("value", number(VALUE_MIN, VALUE_MAX)),
                Shape.maybe("query", text(QUERY_MAX)),
                Shape.maybe("perInstance", Shape.bool()))).read(value, path, violations);
    };

    private static final Shape STEP = (value, path, violations) -> {
        violations.require(
                !value.isObject() || value.hasNonNull("instances") != value.hasNonNull("percent"),
                path, "must have one of instances and percent");
        return StrictShape.object(List.of(
                Shape.maybe("instances", whole(1, ScalingDefinition.INSTANCES_MAX)),
                Shape.maybe("percent", whole(1, ScalingDefinition.INSTANCES_MAX)),
                Shape.must("periodSeconds", whole(1, HOUR)))).read(value, path, violations);
    };

    private static final Shape BEHAVIOUR = StrictShape.object(List.of(
            Shape.maybe("stabilizationSeconds", whole(0, HOUR)),
            Shape.maybe("steps", few(ScalingDefinition.STEPS_MAX, STEP)),
            Shape.maybe("select", StrictShape.oneOf(Select.values()))));

    private static final Shape SCHEDULE = StrictShape.object(List.of(
            Shape.must("name", text(TEXT_MAX)), Shape.must("cron", text(TEXT_MAX)),
            Shape.maybe("zone", text(TEXT_MAX)), Shape.must("instances", INSTANCES),
            Shape.must("durationSeconds", whole(1, 7 * DAY)),
            Shape.maybe("rampSeconds", whole(0, DAY)),
            Shape.maybe("leadSeconds", whole(0, DAY))));

    private static final Shape BURST_FIELDS = StrictShape.object(List.of(
            Shape.maybe("windowSeconds", whole(1, 60)),
            Shape.maybe("factor", number(1.001, FACTOR_MAX)),
            Shape.maybe("holdSeconds", whole(0, HOUR))));

    private static final Shape BURST = (value, path, violations) -> value.isBoolean()
            ? value
            : BURST_FIELDS.read(value, path, violations);

    private static final Shape STANDBY = (value, path, violations) -> {
        violations.require(
                !value.isObject() || value.hasNonNull("count") != value.hasNonNull("percent"),
                path, "must have one of count and percent");
        return StrictShape.object(List.of(Shape.maybe("count", INSTANCES),
                Shape.maybe("percent", whole(0, PERCENT_MAX)))).read(value, path, violations);
    };

    private static final Shape SHAPE = StrictShape.object(List.of(
            Shape.must("min", INSTANCES),
            Shape.must("max", whole(1, ScalingDefinition.INSTANCES_MAX)),
            Shape.maybe("targets", few(ScalingDefinition.TARGETS_MAX, TARGET)),
            Shape.maybe("tolerance", number(0, TOLERANCE_MAX)),
            Shape.maybe("up", BEHAVIOUR), Shape.maybe("down", BEHAVIOUR),
            Shape.maybe("schedules", few(ScalingDefinition.SCHEDULES_MAX, SCHEDULE)),
            Shape.maybe("burst", BURST), Shape.maybe("standby", STANDBY),
            Shape.maybe("dryRun", Shape.bool())));

    private ScalingTree() {}

    static ScalingDefinition read(JsonNode body, ScalingDefinition.ScheduleRules rules) {
        Violations violations = new Violations();
        Fields policy = new Fields(SHAPE.read(body, "", violations));
        JsonNode min = body.path("min");
        JsonNode max = body.path("max");
        violations.require(
                !min.isNumber() || !max.isNumber() || min.doubleValue() <= max.doubleValue(),
                "/min", "must not be above max, which is " + max.asText());
        checkTargets(body.path("targets"), violations);
        checkSchedules(body, violations, rules);
        JsonNode burst = body.path("burst");
        boolean floods = measuresFloods(body.path("targets"));
        violations.require(floods || burst.isMissingNode() || burst.isNull()
                || (burst.isBoolean() && !burst.booleanValue()), "/burst",
                "needs a target of requests or concurrency: else nobody knows what an instance"
                        + " should carry");
        violations.refuseNotValid();
        return definition(policy, burst, floods);
    }

    // ------------------------------------------------------------ rules

    private static void checkTarget(JsonNode target, String path, Violations violations) {
        boolean query = metric(target).equals("promql");
        JsonNode value = target.path("value");
        boolean percent = metric(target).equals("cpu") || metric(target).equals("memory");
        violations.require(!percent || !value.isNumber() || value.doubleValue() <= PERCENT_MAX,
                path + "/value", "must be at most 1000 percent of what an instance asks for");
        violations.require(!query || target.hasNonNull("query"), path + "/query",
                "must be there: which query is meant?");
        for (String name : List.of("query", "perInstance")) {
            violations.require(query || !target.hasNonNull(name), path + "/" + name,
                    "belongs to targets of the metric promql only");
        }
    }

    private static void checkTargets(JsonNode targets, Violations violations) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < targets.size(); i++) {
            JsonNode target = targets.get(i);
            String metric = metric(target);
            String what = metric + (metric.equals("promql") ? target.path("query").asText() : "");
            violations.require(metric.isEmpty() || seen.add(what), "/targets(" + i + ")",
                    "measures the same as an earlier target");
        }
    }

    private static void checkSchedules(JsonNode body, Violations violations,
            ScalingDefinition.ScheduleRules rules) {
        SortedMap<Integer, Schedule> sound = new TreeMap<>();
        Set<String> names = new HashSet<>();
        JsonNode schedules = body.path("schedules");
        for (int i = 0; i < Math.min(schedules.size(), ScalingDefinition.SCHEDULES_MAX); i++) {
            JsonNode one = schedules.get(i);
            String path = "/schedules(" + i + ")";
            Violations own = new Violations();
            JsonNode read = SCHEDULE.read(one, path, own);
            if (one.path("name").isTextual()) {
                violations.require(names.add(one.path("name").textValue()), path + "/name",
                        "is the name of an earlier schedule, too");
            }
            if (own.isEmpty()) {
                Schedule schedule = schedule(new Fields(read));
                JsonNode max = body.path("max");
                violations.require(!max.isNumber() || schedule.instances() <= max.doubleValue(),
                        path + "/instances", "must not be above max, which is " + max.asText());
                sound.put(i, schedule);
            }
        }
        rules.check(sound, violations::add);
    }

    private static String metric(JsonNode target) {
        return target.path("metric").asText().toLowerCase(Locale.ROOT);
    }

    private static boolean measuresFloods(JsonNode targets) {
        for (JsonNode target : targets) {
            if (metric(target).equals("requests") || metric(target).equals("concurrency")) {
                return true;
            }
        }
        return false;
    }

    // ------------------------------------------------------------ from what has passed

    private static ScalingDefinition definition(Fields policy, JsonNode burst, boolean floods) {
        boolean off = burst.isBoolean() && !burst.booleanValue();
        Optional<Burst> flood = burst.isObject()
                ? Optional.of(burst(policy.in("burst")))
                : Optional.of(Burst.DEFAULT).filter(usual -> floods && !off);
        return new ScalingDefinition(policy.integerOr("min", 0), policy.integerOr("max", 1),
                policy.objects("targets", ScalingTree::target),
                policy.numberOr("tolerance", ScalingDefinition.TOLERANCE),
                behaviour(policy.in("up"), 0), behaviour(policy.in("down"), 300),
                policy.objects("schedules", ScalingTree::schedule), flood,
                policy.object("standby").map(
                        some -> new Standby(some.integer("count"), some.integer("percent"))),
                policy.boolOr("dryRun", false));
    }

    private static Target target(Fields target) {
        return new Target(target.literalOr("metric", Metric.CPU), target.numberOr("value", 0),
                target.textOr("query", ""), target.boolOr("perInstance", false));
    }

    private static Behaviour behaviour(Fields some, int stabilizationSeconds) {
        return new Behaviour(some.integerOr("stabilizationSeconds", stabilizationSeconds),
                some.objects("steps", step -> new Step(step.integer("instances"),
                        step.integer("percent"), step.integerOr("periodSeconds", 1))),
                some.literalOr("select", Select.MOST));
    }

    private static Schedule schedule(Fields one) {
        return new Schedule(one.textOr("name", ""), one.textOr("cron", ""),
                one.textOr("zone", "UTC"), one.integerOr("instances", 0),
                one.integerOr("durationSeconds", 1), one.integerOr("rampSeconds", 0),
                one.integerOr("leadSeconds", 0));
    }

    private static Burst burst(Fields some) {
        return new Burst(some.integerOr("windowSeconds", Burst.DEFAULT.windowSeconds()),
                some.numberOr("factor", Burst.DEFAULT.factor()),
                some.integerOr("holdSeconds", Burst.DEFAULT.holdSeconds()));
    }

    // ------------------------------------------------------------ shapes

    private static Shape whole(int min, int max) {
        return (value, path, violations) -> StrictShape.whole(value, path, violations, min, max);
    }

    private static Shape number(double min, double max) {
        return (value, path, violations) -> {
            double number = value.isNumber() ? value.doubleValue() : Double.NaN;
            boolean good = number >= min && number <= max;
            violations.require(good, path,
                    "must be a number from " + plain(min) + " to " + plain(max));
            return good ? Fields.number(number) : value;
        };
    }

    private static String plain(double number) {
        return Fields.number(number).asText().replace("1.0E9", "1000000000");
    }

    private static Shape text(int lengthMax) {
        return (value, path, violations) -> {
            boolean text = value.isTextual();
            violations.require(text && !value.textValue().isBlank(), path,
                    text ? "must not be empty" : "must be a text");
            violations.require(!text || value.textValue().length() <= lengthMax, path,
                    "must have at most " + lengthMax + " characters");
            return value;
        };
    }

    private static Shape few(int most, Shape item) {
        Shape all = Shape.list(item);
        return (value, path, violations) -> {
            violations.require(!value.isArray() || value.size() <= most, path,
                    "must have at most " + most + " entries");
            return all.read(value, path, violations);
        };
    }
}
