package io.springtide.bench.placement.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.bench.placement.replay.PublishedResults.Figures;
import io.springtide.bench.placement.replay.ReplayRun.Point;
import io.springtide.bench.plot.LineChart;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Results as a table for people and as JSON for plots. */
final class ReplayReport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_100 = 100;
    private static final int AT_130 = Arrivals.PERCENT_MAX;

    private final PrintStream out;

    /** All runs of a workload, in the order of their seeds. */
    record Workload(String name, Map<Policy, List<ReplayRun>> runs) {

        /** What was given out, and what was idle and of no use, while demand arrived. */
        LineChart chart() {
            List<LineChart.Line> lines = new ArrayList<>();
            for (Policy policy : Policy.values()) {
                String who = policy == Policy.FRAGMENTATION ? "ours" : policy.published();
                List<Point> points = mean(policy).points();
                double[] xs = points.stream().mapToDouble(Point::arrivedPercent).toArray();
                lines.add(new LineChart.Line(who + ": allocated", xs,
                        points.stream().mapToDouble(Point::allocatedPercent).toArray()));
                lines.add(new LineChart.Line(who + ": fragmented", xs,
                        points.stream().mapToDouble(Point::fragmentedPercent).toArray()));
            }
            return new LineChart("GPUs of workload " + name, "demand arrived, % of all GPUs",
                    "% of all GPUs", false, false, false, lines);
        }

        ReplayRun mean(Policy policy) {
            return ReplayRun.mean(of(policy));
        }

        /** The standard deviation of the allocation at a point, over the seeds. */
        double spread(Policy policy, int point) {
            List<ReplayRun> all = of(policy);
            double mean = mean(policy).at(point).allocatedPercent();
            double squares = all.stream()
                    .mapToDouble(run -> Math.pow(run.at(point).allocatedPercent() - mean, 2)).sum();
            return all.size() < 2 ? 0 : Math.sqrt(squares / (all.size() - 1));
        }

        double fastest(Policy policy) {
            return of(policy).stream().mapToDouble(ReplayRun::decisionsPerSecond).max().orElse(0);
        }

        private List<ReplayRun> of(Policy policy) {
            return runs.getOrDefault(policy, List.of());
        }
    }

    ReplayReport(PrintStream out) {
        this.out = out;
    }

    void heading(String what, int seeds) {
        out.printf(Locale.ROOT,
                "GPU allocation in %%, %s, mean of %d seeds, Java %s; in brackets what others have "
                        + "published%n%n",
                what, seeds, Runtime.version());
        out.println("| workload | Random at 130 % | BestFit at 130 % | ours at 130 % (FGD) | sd "
                + "| better by | ours at 100 % (FGD) | fragmented at 100 % (FGD) | agents used "
                + "| pending at 130 % | decisions/s, median | best |");
        out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    }

    void line(Workload workload, PublishedResults published) {
        ReplayRun ours = workload.mean(Policy.FRAGMENTATION);
        Figures fgd = published.of(workload.name(), Policy.FRAGMENTATION.published());
        out.printf(Locale.ROOT,
                "| %s | %s | %s | **%.2f**%s | %.2f | %s | %.2f%s | %.2f%s | %.0f | %.0f | %,.0f "
                        + "| %,.0f |%n",
                workload.name(), reference(workload, published, Policy.RANDOM),
                reference(workload, published, Policy.BEST_FIT), ours.at(AT_130).allocatedPercent(),
                in(fgd, Figures::allocatedAt130), workload.spread(Policy.FRAGMENTATION, AT_130),
                fgd == null
                        ? ""
                        : String.format(Locale.ROOT, "%+.2f",
                                ours.at(AT_130).allocatedPercent() - fgd.allocatedAt130()),
                ours.at(AT_100).allocatedPercent(), in(fgd, Figures::allocatedAt100),
                ours.at(AT_100).fragmentedPercent(), in(fgd, Figures::fragmentedAt100),
                ours.at(AT_130).agentsUsed(), ours.at(AT_130).pending(), ours.decisionsPerSecond(),
                workload.fastest(Policy.FRAGMENTATION));
    }

    /** Says in one line whether the published results are reached everywhere. */
    void summary(List<Workload> workloads, PublishedResults published) {
        int compared = 0;
        int reached = 0;
        double least = Double.POSITIVE_INFINITY;
        for (Workload workload : workloads) {
            Figures fgd = published.of(workload.name(), Policy.FRAGMENTATION.published());
            if (fgd != null) {
                double better = workload.mean(Policy.FRAGMENTATION).at(AT_130).allocatedPercent()
                        - fgd.allocatedAt130();
                compared++;
                reached += better >= 0 ? 1 : 0;
                least = Math.min(least, better);
            }
        }
        if (compared > 0) {
            out.printf(Locale.ROOT,
                    "%nAt 130 %%: at or above the published FGD on %d of %d workloads, at least "
                            + "%+.2f points%n",
                    reached, compared, least);
        }
    }

    private static String reference(Workload workload, PublishedResults published,
            Policy policy) {
        return String.format(Locale.ROOT, "%.2f%s",
                workload.mean(policy).at(AT_130).allocatedPercent(),
                in(published.of(workload.name(), policy.published()), Figures::allocatedAt130));
    }

    private static String in(@Nullable Figures figures, ToDoubleFunction<Figures> figure) {
        return figures == null
                ? ""
                : String.format(Locale.ROOT, " (%.2f)", figure.applyAsDouble(figures));
    }

    /** Means and series of all workloads; the x axis is percent of arrived GPU demand. */
    static byte[] json(List<Workload> workloads, PublishedResults published) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("java", Runtime.version().toString());
        ArrayNode list = root.putArray("workloads");
        for (Workload workload : workloads) {
            ObjectNode node = list.addObject().put("workload", workload.name());
            ArrayNode policies = node.putArray("policies");
            for (Policy policy : workload.runs().keySet()) {
                policy(policies.addObject(), workload, policy,
                        published.of(workload.name(), policy.published()));
            }
        }
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
    }

    private static void policy(ObjectNode node, Workload workload, Policy policy,
            @Nullable Figures published) {
        ReplayRun mean = workload.mean(policy);
        node.put("policy", policy.name());
        node.put("seeds", workload.of(policy).size());
        node.put("allocatedPercentAt100", mean.at(AT_100).allocatedPercent());
        node.put("allocatedPercentAt130", mean.at(AT_130).allocatedPercent());
        node.put("standardDeviationAt130", workload.spread(policy, AT_130));
        node.put("fragmentedPercentAt100", mean.at(AT_100).fragmentedPercent());
        node.put("decisionsPerSecondMedian", Math.round(mean.decisionsPerSecond()));
        node.put("decisionsPerSecondBest", Math.round(workload.fastest(policy)));
        if (published != null) {
            node.putObject("published").put("policy", policy.published())
                    .put("allocatedPercentAt100", published.allocatedAt100())
                    .put("allocatedPercentAt130", published.allocatedAt130())
                    .put("fragmentedPercentAt100", published.fragmentedAt100());
        }
        ObjectNode series = node.putObject("series");
        series(series, "arrivedPercent", mean, Point::arrivedPercent);
        series(series, "allocatedPercent", mean, Point::allocatedPercent);
        series(series, "fragmentedPercent", mean, Point::fragmentedPercent);
        series(series, "agentsUsed", mean, Point::agentsUsed);
        series(series, "pending", mean, Point::pending);
    }

    private static void series(ObjectNode node, String name, ReplayRun run,
            ToDoubleFunction<Point> value) {
        ArrayNode array = node.putArray(name);
        run.points().forEach(
                point -> array.add(Math.round(value.applyAsDouble(point) * 1000) / 1000.0));
    }
}
