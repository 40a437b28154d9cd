package io.springtide.bench.flash;

import io.springtide.bench.plot.LineChart.Line;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * What became of a sale.
 *
 * @param name e.g. "with standbys"
 * @param seconds by when requests were due
 * @param moments of the cluster, oldest first
 */
record Outcome(String name, Plan plan, List<Second> seconds, List<Moment> moments) {

    Outcome {
        seconds = List.copyOf(seconds);
        moments = List.copyOf(moments);
    }

    int due() {
        return seconds.stream().mapToInt(Second::due).sum();
    }

    SortedMap<String, Integer> errors() {
        SortedMap<String, Integer> all = new TreeMap<>();
        seconds.forEach(second -> second.errors()
                .forEach((why, count) -> all.merge(why, count, Integer::sum)));
        return all;
    }

    int failed() {
        return errors().values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Of all requests that were due from the step to the end of the sale and answered. */
    double saleMs(double percentile) {
        Histogram all = new Histogram(3_600_000_000L, 3);
        int from = (int) plan.stepS();
        int to = (int) (plan.stepS() + (Plan.STEP_MS + plan.holdMs()) / 1e3);
        for (int i = from; i < Math.min(to, seconds.size()); i++) {
            seconds.get(i).addTo(all);
        }
        return all.getValueAtPercentile(percentile) / 1e3;
    }

    /** From the step until more are wanted than before it; empty = never. */
    OptionalDouble decidedS() {
        int before = wantedBefore();
        return after(moment -> moment.wanted() > before);
    }

    /** From the step until the first further instance serves. */
    OptionalDouble firstServingS() {
        int before = servingBefore();
        return after(moment -> moment.serving() > before);
    }

    /** From the step until those that serve can carry the sale, if all do what they can at most. */
    OptionalDouble carriedS() {
        int needed = (int) Math.ceil(plan.peak() / plan.capacity());
        return after(moment -> moment.serving() >= needed);
    }

    /** From the step until so many serve as the sale should have. */
    OptionalDouble fullS() {
        int needed = plan.instances(plan.peak());
        return after(moment -> moment.serving() >= needed);
    }

    /** From the step until no second has an error or a p99 of 0.1 s more than an order takes. */
    OptionalDouble calmAgainS() {
        int last = -1;
        for (int i = (int) plan.stepS(); i < seconds.size(); i++) {
            if (seconds.get(i).failed() > 0 || seconds.get(i).ms(99) > plan.workMs() + 100) {
                last = i;
            }
        }
        return last < 0
                ? OptionalDouble.of(0)
                : last + 1 < seconds.size()
                        ? OptionalDouble.of(last + 1 - plan.stepS())
                        : OptionalDouble.empty();
    }

    int servingMax() {
        return moments.stream().mapToInt(Moment::serving).max().orElse(0);
    }

    /** Frozen instances that were made use of. */
    int promoted() {
        int before = moments.stream().filter(moment -> moment.atS() < plan.stepS())
                .mapToInt(Moment::standby).max().orElse(0);
        int least = moments.stream().filter(moment -> moment.atS() >= plan.stepS())
                .mapToInt(Moment::standby).min().orElse(before);
        return Math.max(0, before - least);
    }

    /** Those that were not there before the step, not even frozen. */
    int started() {
        return Math.max(0, servingMax() - servingBefore() - promoted());
    }

    Line line(String what, ToDoubleFunction<Second> value) {
        return new Line(what, IntStream.range(0, seconds.size())
                .mapToDouble(i -> i + 0.5).toArray(),
                seconds.stream().mapToDouble(value).toArray());
    }

    Line cluster(String what, ToDoubleFunction<Moment> value) {
        return new Line(what, moments.stream().mapToDouble(Moment::atS).toArray(),
                moments.stream().mapToDouble(value).toArray());
    }

    private int wantedBefore() {
        return moments.stream().filter(moment -> moment.atS() < plan.stepS())
                .mapToInt(Moment::wanted).max().orElse(0);
    }

    private int servingBefore() {
        return moments.stream().filter(moment -> moment.atS() < plan.stepS())
                .mapToInt(Moment::serving).max().orElse(0);
    }

    private OptionalDouble after(Predicate<Moment> holds) {
        return moments.stream().filter(moment -> moment.atS() >= plan.stepS()).filter(holds)
                .mapToDouble(moment -> moment.atS() - plan.stepS()).findFirst();
    }
}
