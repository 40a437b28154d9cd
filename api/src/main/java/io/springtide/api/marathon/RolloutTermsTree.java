package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** {@link RolloutTerms} as JSON, both ways. */
final class RolloutTermsTree {

    private static final Shape COUNT = whole(0, RolloutTerms.INSTANCES_MAX);
    private static final Shape COUNT_POSITIVE = whole(1, RolloutTerms.INSTANCES_MAX);
    private static final Shape SECONDS = whole(1, RolloutTerms.SECONDS_MAX);

    private static final Shape PAUSE = (value, path, violations) -> {
        if (value.isBoolean()) {
            violations.require(value.booleanValue(), path,
                    "must be true, or a number of seconds; leave it out to go on at once");
            return value;
        }
        return SECONDS.read(value, path, violations);
    };

    private static final Shape STAGE_FIELDS = StrictShape.object(List.of(
            Shape.maybe("instances", COUNT_POSITIVE), Shape.maybe("percent", whole(1, 100)),
            Shape.maybe("pause", PAUSE)));

    private static final Shape STAGE = (value, path, violations) -> {
        violations.require(
                !value.isObject() || value.hasNonNull("instances") != value.hasNonNull("percent"),
                path, "must have one of instances and percent");
        return STAGE_FIELDS.read(value, path, violations);
    };

    private static final Shape STAGES = Shape.list(STAGE);

    private static final Shape CANARY = (value, path, violations) -> {
        violations.require(!value.isArray() || value.size() <= RolloutTerms.STAGES_MAX, path,
                "must have no more than " + RolloutTerms.STAGES_MAX + " stages");
        return STAGES.read(value, path, violations);
    };

    /** The shape of the object. */
    static final Shape SHAPE = StrictShape.object(List.of(
            Shape.maybe("strategy", StrictShape.oneOf(RolloutTerms.Strategy.values())),
            Shape.maybe("canary", CANARY),
            Shape.maybe("promote", StrictShape.oneOf(RolloutTerms.Promote.values())),
            Shape.maybe("minimumHealthy", COUNT), Shape.maybe("maximumOver", COUNT),
            Shape.maybe("deadlineSeconds", SECONDS),
            Shape.maybe("onDeadline", StrictShape.oneOf(RolloutTerms.OnDeadline.values())),
            Shape.maybe("rollback", StrictShape.object(List.of(
                    Shape.must("failures", COUNT_POSITIVE),
                    Shape.must("windowSeconds", SECONDS))))));

    private RolloutTermsTree() {}

    private static Shape whole(int min, int max) {
        return (value, path, violations) -> StrictShape.whole(value, path, violations, min, max);
    }

    // ------------------------------------------------------------ from and to JSON

    /** From an object that has passed its shape. */
    static RolloutTerms read(Fields terms) {
        return new RolloutTerms(
                terms.text("strategy")
                        .map(any -> terms.literalOr("strategy", RolloutTerms.Strategy.ROLLING)),
                terms.objects("canary", RolloutTermsTree::stage),
                terms.text("promote")
                        .map(any -> terms.literalOr("promote", RolloutTerms.Promote.AUTO)),
                terms.integer("minimumHealthy"), terms.integer("maximumOver"),
                terms.integer("deadlineSeconds"),
                terms.text("onDeadline")
                        .map(any -> terms.literalOr("onDeadline", RolloutTerms.OnDeadline.STOP)),
                terms.object("rollback")
                        .map(limit -> new RolloutTerms.FailureLimit(limit.integerOr("failures", 1),
                                limit.integerOr("windowSeconds", 1))));
    }

    private static RolloutTerms.Stage stage(Fields stage) {
        return new RolloutTerms.Stage(
                stage.has("percent")
                        ? new RolloutTerms.Size.Percent(stage.integerOr("percent", 1))
                        : new RolloutTerms.Size.Instances(stage.integerOr("instances", 1)),
                pause(stage.node().path("pause")));
    }

    private static RolloutTerms.Pause pause(JsonNode pause) {
        if (pause.isNumber()) {
            return new RolloutTerms.Pause.Seconds(pause.intValue());
        }
        return pause.booleanValue()
                ? new RolloutTerms.Pause.UntilPromoted()
                : new RolloutTerms.Pause.None();
    }

    /** As an object that passes its shape. */
    static ObjectNode write(RolloutTerms terms) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        terms.strategy().ifPresent(strategy -> out.put("strategy", strategy.json()));
        if (!terms.canary().isEmpty()) {
            ArrayNode canary = out.putArray("canary");
            terms.canary().forEach(stage -> writeStage(stage, canary.addObject()));
        }
        terms.promote().ifPresent(promote -> out.put("promote", promote.json()));
        terms.minimumHealthy().ifPresent(count -> out.put("minimumHealthy", count));
        terms.maximumOver().ifPresent(count -> out.put("maximumOver", count));
        terms.deadlineSeconds().ifPresent(seconds -> out.put("deadlineSeconds", seconds));
        terms.onDeadline().ifPresent(then -> out.put("onDeadline", then.json()));
        terms.rollback().ifPresent(limit -> out.putObject("rollback")
                .put("failures", limit.failures()).put("windowSeconds", limit.windowSeconds()));
        return out;
    }

    private static void writeStage(RolloutTerms.Stage stage, ObjectNode item) {
        switch (stage.size()) {
            case RolloutTerms.Size.Instances(int count) -> item.put("instances", count);
            case RolloutTerms.Size.Percent(int percent) -> item.put("percent", percent);
        }
        switch (stage.pause()) {
            case RolloutTerms.Pause.None() -> {
            }
            case RolloutTerms.Pause.UntilPromoted() -> item.put("pause", true);
            case RolloutTerms.Pause.Seconds(int seconds) -> item.put("pause", seconds);
        }
    }
}
