package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A recorded load, and what is to be tried on it: the body of {@code POST .../autoscaling/simulate}.
 *
 * @param policy what decides; missing = the policy that the app has
 * @param points in order of their times
 * @param fromMs when the series begins, for schedules; empty = now
 * @param instances how many there are in the beginning; empty = the policy's fewest
 * @param startSeconds from the order of an instance to its serving
 */
public record ScalingSeries(JsonNode policy, List<Point> points, Optional<Long> fromMs,
        OptionalInt instances, int startSeconds) {

    public static final int POINTS_MAX = 20_000;

    /** A day of seconds. */
    public static final int SECONDS_MAX = 86_400;

    private static final int START_SECONDS = 2;
    private static final int START_SECONDS_MAX = 3_600;
    private static final double VALUE_MAX = 1e12;

    /** What a point may say, apart from its time. */
    public static final List<String> METRICS = List.of("cpu", "memory", "requests", "concurrency",
            "waiting", "latency", "promql");

    public ScalingSeries {
        points = List.copyOf(points);
    }

    /**
     * What was measured from a time on, until the next point. What a point does not say was not measured.
     *
     * @param atSeconds since the beginning of the series
     * @param values by metric: use of {@code cpu} and {@code memory} is the sum over all instances, in
     *     percent of what one asks for
     */
    public record Point(double atSeconds, Map<String, Double> values) {

        public Point {
            values = Copies.sorted(values);
        }

        /** One of them; empty if it was not measured. */
        public OptionalDouble value(String metric) {
            Double value = values.get(metric);
            return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
        }
    }

    private static final Shape VALUE = amount(VALUE_MAX);

    private static final Shape POINT = StrictShape.object(pointFields());

    private static final Shape SHAPE = StrictShape.object(List.of(
            Shape.maybe("policy", Shape.any()), Shape.must("series", Shape.any()),
            Shape.maybe("from", Shape.text()),
            Shape.maybe("instances", whole(0, ScalingDefinition.INSTANCES_MAX)),
            Shape.maybe("startSeconds", whole(0, START_SECONDS_MAX))));

    private static List<Shape.Field> pointFields() {
        List<Shape.Field> fields = new ArrayList<>();
        fields.add(Shape.must("at", amount(SECONDS_MAX)));
        METRICS.forEach(metric -> fields.add(Shape.maybe(metric, VALUE)));
        return fields;
    }

    private static Shape whole(int min, int max) {
        return (value, path, violations) -> StrictShape.whole(value, path, violations, min, max);
    }

    private static Shape amount(double max) {
        return (value, path, violations) -> {
            double number = value.isNumber() ? value.doubleValue() : Double.NaN;
            violations.require(number >= 0 && number <= max, path,
                    "must be a number from 0 to " + (long) max);
            return value;
        };
    }

    /**
     * Reads the body of a request.
     *
     * @throws RequestRefused 422 if it is not as it should be
     */
    public static ScalingSeries read(JsonNode body) {
        Violations violations = new Violations();
        Fields asked = new Fields(SHAPE.read(body, "", violations));
        JsonNode series = body.path("series");
        violations.require(series.isMissingNode() || (series.isArray() && !series.isEmpty()
                && series.size() <= POINTS_MAX), "/series",
                "must be an array of 1 to " + POINTS_MAX + " points");
        violations.refuseNotValid();
        List<Point> points = new ArrayList<>(series.size());
        double before = -1;
        for (int i = 0; i < series.size(); i++) {
            String path = "/series(" + i + ")";
            Violations own = new Violations();
            POINT.read(series.get(i), path, own);
            double at = series.get(i).path("at").asDouble();
            own.require(!own.isEmpty() || at > before, path + "/at",
                    "must be after the point before it");
            own.problems().forEach(
                    one -> one.errors().forEach(error -> violations.add(one.path(), error)));
            before = Math.max(before, at);
            points.add(point(series.get(i), at));
        }
        violations.refuseNotValid();
        return new ScalingSeries(body.path("policy"), points,
                asked.text("from").map(Timestamps::parse), asked.integer("instances"),
                asked.integerOr("startSeconds", START_SECONDS));
    }

    private static Point point(JsonNode node, double at) {
        Map<String, Double> values = new TreeMap<>();
        for (String metric : METRICS) {
            if (node.path(metric).isNumber()) {
                values.put(metric, node.path(metric).doubleValue());
            }
        }
        return new Point(at, values);
    }
}
