package io.springtide.bench.flash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.bench.plot.LineChart.Line;
import io.springtide.bench.plot.Panels;
import io.springtide.bench.plot.Panels.Panel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tide demo flash-sale}: fifty times the traffic within a second, with the tiers and without them. */
@Command(name = "flash-sale", //
        // It is started by another word than it hangs under.
        customSynopsis = {"tide demo flash-sale [-h] [--no-compare] [--factor=N] [--hold=SECONDS]",
                "                     [--out=FOLDER] [--rate=N]"}, //
        description = {
                "Sell something that everybody wants: a shop behind the ingress, under a scaling",
                "policy, takes fifty times its traffic within one second; once with standbys and",
                "burst mode, once without. Takes about three minutes."}, //
        footer = {"", "Writes flash-sale.svg and flash-sale.json into the folder of --out."})
public final class FlashSale implements Callable<Integer> {

    private static final double PEAK_MAX = 5_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--rate", defaultValue = "5", paramLabel = "N",
            description = "Requests a second before the sale (${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--factor", defaultValue = "50", paramLabel = "N",
            description = "By how much the sale multiplies them (${DEFAULT-VALUE}).")
    private double factor;

    @Option(names = "--hold", defaultValue = "20", paramLabel = "SECONDS",
            description = "How long the sale lasts (${DEFAULT-VALUE}).")
    private int hold;

    @Option(names = "--no-compare",
            description = "Do not repeat it without standbys and burst mode.")
    private boolean alone;

    @Option(names = "--out", defaultValue = ".", paramLabel = "FOLDER",
            description = "Where the plot and the numbers go (the present folder).")
    private Path out = Path.of(".");

    @Override
    public Integer call() throws IOException {
        if (!(rate > 0) || !(factor > 1) || rate * factor > PEAK_MAX || hold < 5 || hold > 600) {
            throw new ParameterException(spec.commandLine(),
                    "the rate must be above 0, the factor above 1, both together at most "
                            + (int) PEAK_MAX + " requests a second, and the sale 5 to 600 s long");
        }
        Files.createDirectories(out);
        Plan plan = new Plan(rate, factor, 5_000, hold * 1_000L, 20_000, 4, 250);
        PrintWriter print = spec.commandLine().getOut();
        print.printf(Locale.ROOT,
                "A flash sale: %.0f requests a second become %.0f within 1 s and stay for %d s.%n"
                        + "An instance of the shop takes %.0f at most and is asked to carry %d, so the"
                        + " sale needs %d instances instead of %d.%n",
                plan.rate(), plan.peak(), hold, plan.capacity(), plan.target(),
                plan.instances(plan.peak()), plan.instances(plan.rate()));
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(sale(plan, true, print));
        if (!alone) {
            outcomes.add(sale(plan, false, print));
        }
        table(outcomes, print);
        Path plot = out.resolve("flash-sale.svg");
        Files.writeString(plot, plot(outcomes).svg());
        Path numbers = out.resolve("flash-sale.json");
        Files.writeString(numbers, numbers(outcomes));
        print.printf("%nThe plot: %s%nThe numbers: %s%n", plot, numbers);
        return 0;
    }

    private static Outcome sale(Plan plan, boolean tiers, PrintWriter print) throws IOException {
        print.printf("%n%s%n", tiers
                ? "With standbys and burst mode"
                : "Without them: what is missing is started when the load has been seen");
        Sale sale = new Sale(plan, tiers);
        Thread onInterrupt = Thread.ofPlatform().name("stop").unstarted(() -> close(sale));
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try (sale) {
            Outcome outcome = sale.run(line -> print.println("  " + line),
                    live -> line(live, print));
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            return outcome;
        }
    }

    private static void close(Sale sale) {
        try {
            sale.close();
        } catch (IOException e) {
            System.err.println("The folder of the demo is left behind: " + e.getMessage());
        }
    }

    private static void line(Sale.Live live, PrintWriter print) {
        int at = live.seconds().size() - 2;
        if (at < 0) {
            return;
        }
        Second second = live.seconds().get(at);
        Moment now = live.now();
        print.printf(Locale.ROOT,
                "  %3d s  %5d asked  %5d served  %4d failed  p99 %7.0f ms  %3d of %3d serve  %3d"
                        + " frozen%n",
                at, second.due(), second.answered(), second.failed(), second.ms(99),
                now.serving(), now.wanted(), now.standby());
        print.flush();
    }

    private static void table(List<Outcome> outcomes, PrintWriter print) {
        print.printf("%n%-50s", "");
        outcomes.forEach(one -> print.printf("%18s", one.name()));
        print.println();
        row(print, outcomes, "Requests", one -> Integer.toString(one.due()));
        row(print, outcomes, "Failed", one -> one.failed() + percent(one));
        row(print, outcomes, "Errors by kind", one -> one.errors().isEmpty()
                ? "none"
                : one.errors().toString());
        row(print, outcomes, "Latency of those answered in the sale, half (ms)",
                one -> String.format(Locale.ROOT, "%.0f", one.saleMs(50)));
        row(print, outcomes, "Latency of those answered in the sale, p99 (ms)",
                one -> String.format(Locale.ROOT, "%.0f", one.saleMs(99)));
        row(print, outcomes, "Step to the decision (s)", one -> seconds(one.decidedS()));
        row(print, outcomes, "Step to the first further instance serving (s)",
                one -> seconds(one.firstServingS()));
        row(print, outcomes, "Step to enough instances for the rate (s)",
                one -> seconds(one.carriedS()));
        row(print, outcomes, "Step to as many as the policy wants (s)",
                one -> seconds(one.fullS()));
        row(print, outcomes, "Step to calm: no errors, p99 as before (s)",
                one -> seconds(one.calmAgainS()));
        row(print, outcomes, "Most instances serving",
                one -> Integer.toString(one.servingMax()));
        row(print, outcomes, "Standbys used", one -> Integer.toString(one.promoted()));
        row(print, outcomes, "Instances started on free capacity",
                one -> Integer.toString(one.started()));
    }

    private static String percent(Outcome one) {
        return String.format(Locale.ROOT, " (%.2f %%)", 100.0 * one.failed() / one.due());
    }

    private static String seconds(OptionalDouble seconds) {
        return seconds.isPresent()
                ? String.format(Locale.ROOT, "%.2f", seconds.getAsDouble())
                : "never";
    }

    private static void row(PrintWriter print, List<Outcome> outcomes, String what,
            Function<Outcome, String> value) {
        print.printf("%-50s", what);
        outcomes.forEach(one -> print.printf("%18s", value.apply(one)));
        print.println();
    }

    private static Panels plot(List<Outcome> outcomes) {
        List<Line> rates = new ArrayList<>(
                List.of(outcomes.getFirst().line("asked", Second::due)));
        List<Line> latencies = new ArrayList<>();
        List<Line> errors = new ArrayList<>();
        List<Line> capacity = new ArrayList<>();
        List<Line> frozen = new ArrayList<>();
        for (Outcome one : outcomes) {
            rates.add(one.line("answered " + one.name(), Second::answered));
            capacity.add(one.cluster(one.name(),
                    moment -> moment.serving() * one.plan().capacity()));
            latencies.add(one.line(one.name(), second -> Math.max(1, second.ms(99))));
            errors.add(one.line(one.name(), Second::failed));
            frozen.add(one.cluster("serving " + one.name(), Moment::serving));
        }
        frozen.add(outcomes.getFirst().cluster("frozen", Moment::standby));
        return new Panels("A flash sale", "seconds", List.of(
                new Panel("requests a second", false, rates),
                new Panel("what the serving instances could take, requests a second", false,
                        capacity),
                new Panel("p99 of those due in each second, milliseconds", true, latencies),
                new Panel("failed requests a second", false, errors),
                new Panel("instances", false, frozen)));
    }

    private static String numbers(List<Outcome> outcomes) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ArrayNode all = json.createArrayNode();
        for (Outcome one : outcomes) {
            ObjectNode node = all.addObject().put("name", one.name());
            ArrayNode seconds = node.putArray("seconds");
            for (Second second : one.seconds()) {
                ObjectNode row = seconds.addObject().put("asked", second.due())
                        .put("answered", second.answered()).put("failed", second.failed())
                        .put("p50Ms", second.ms(50)).put("p99Ms", second.ms(99))
                        .put("maxMs", second.ms(100));
                second.errors().forEach(row.putObject("errors")::put);
            }
            ArrayNode moments = node.putArray("moments");
            one.moments().forEach(moment -> moments.addObject().put("atS", moment.atS())
                    .put("wanted", moment.wanted()).put("serving", moment.serving())
                    .put("standby", moment.standby()));
        }
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }
}
