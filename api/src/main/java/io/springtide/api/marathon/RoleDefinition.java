package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a role is to be entitled to, as {@code PUT /tide/v1/roles/{name}} says it.
 *
 * @param weight two shares of a role with weight 2 weigh as much as one of a role with weight 1
 * @param guarantee what others leave free for it
 * @param limit what it never exceeds; no bound where nothing is said
 * @param scorer for its apps that name none
 */
public record RoleDefinition(int weight, Amounts guarantee, Amounts limit,
        Optional<String> scorer) {

    public static final int WEIGHT_MAX = 1_000;

    /** Far above any cluster, far below overflow. */
    private static final double AMOUNT_MAX = 1e9;

    /** Amounts of resources, each empty if nothing is said of it. */
    public record Amounts(OptionalDouble cpus, OptionalLong memMib, OptionalLong diskMib,
            OptionalLong gpus) {}

    private static final Shape WHOLE = (value, path, violations) -> amount(value, path, violations,
            true);

    private static final Shape AMOUNTS = StrictShape.object(List.of(
            Shape.maybe("cpus",
                    (value, path, violations) -> amount(value, path, violations, false)),
            Shape.maybe("mem", WHOLE), Shape.maybe("disk", WHOLE), Shape.maybe("gpus", WHOLE)));

    private static final Shape SHAPE = StrictShape.object(List.of(
            Shape.maybe("weight", (value, path, violations) -> StrictShape.whole(value, path,
                    violations, 1, WEIGHT_MAX)),
            Shape.maybe("guarantee", AMOUNTS), Shape.maybe("limit", AMOUNTS),
            Shape.maybe("scorer", PlacementTermsTree.SCORER)));

    /**
     * Reads the body of a request.
     *
     * @throws RequestRefused 422 if it is not as it should be
     */
    public static RoleDefinition read(JsonNode body) {
        Violations violations = new Violations();
        Fields role = new Fields(SHAPE.read(body, "", violations));
        violations.refuseUnreadable();
        Amounts guarantee = amounts(role.in("guarantee"));
        Amounts limit = amounts(role.in("limit"));
        String otherwise = "must not be below the guarantee";
        violations.require(limit.cpus().orElse(AMOUNT_MAX) >= guarantee.cpus().orElse(0),
                "/limit/cpus", otherwise);
        violations.require(within(guarantee.memMib(), limit.memMib()), "/limit/mem", otherwise);
        violations.require(within(guarantee.diskMib(), limit.diskMib()), "/limit/disk", otherwise);
        violations.require(within(guarantee.gpus(), limit.gpus()), "/limit/gpus", otherwise);
        violations.refuseNotValid();
        return new RoleDefinition(role.integerOr("weight", 1), guarantee, limit,
                role.text("scorer"));
    }

    private static boolean within(OptionalLong small, OptionalLong large) {
        return large.orElse(Long.MAX_VALUE) >= small.orElse(0);
    }

    private static JsonNode amount(JsonNode value, String path, Violations violations,
            boolean whole) {
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        boolean good = number >= 0 && number <= AMOUNT_MAX
                && (!whole || number == Math.rint(number));
        violations.require(good, path, whole
                ? "must be a whole number from 0 to 1000000000"
                : "must be a number from 0 to 1000000000");
        return good ? Fields.number(number) : value;
    }

    private static Amounts amounts(Fields amounts) {
        return new Amounts(
                amounts.has("cpus")
                        ? OptionalDouble.of(amounts.numberOr("cpus", 0))
                        : OptionalDouble.empty(),
                whole(amounts, "mem"), whole(amounts, "disk"), whole(amounts, "gpus"));
    }

    private static OptionalLong whole(Fields amounts, String name) {
        return amounts.has(name)
                ? OptionalLong.of((long) amounts.numberOr(name, 0))
                : OptionalLong.empty();
    }
}
