package io.springtide.bench.placement.replay;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Replays all GPU workloads of a folder, each with several seeds, and prints how much of the GPUs
 * was given out, beside what others have published.
 *
 * <p>Usage: {@code java -cp ... io.springtide.bench.placement.replay.GpuReplay [FOLDER] [--json FILE]
 * [--svg FOLDER] [--seeds N] [--workloads A,B]}. The folder holds a table of nodes and tables of pods in the format
 * of {@link TraceReader}, and perhaps {@link PublishedResults#FILE}; without a folder a small made-up
 * cluster is replayed. If there are published results, only the workloads they know are replayed,
 * unless some are named.
 */
public final class GpuReplay {

    /** What the command line says. */
    private record Options(@Nullable Path folder, @Nullable Path json, @Nullable Path svg,
            int seeds, List<String> workloads) {

        static Options parse(String[] args) {
            Path folder = null;
            Path json = null;
            Path svg = null;
            int seeds = Arrivals.SEEDS;
            List<String> workloads = List.of();
            for (int i = 0; i < args.length; i++) {
                boolean last = i + 1 == args.length;
                if (args[i].equals("--json") && !last) {
                    json = Path.of(args[++i]);
                } else if (args[i].equals("--svg") && !last) {
                    svg = Path.of(args[++i]);
                } else if (args[i].equals("--seeds") && !last) {
                    seeds = Math.clamp(Integer.parseInt(args[++i]), 1, 1000);
                } else if (args[i].equals("--workloads") && !last) {
                    workloads = List.of(args[++i].split(",", -1));
                } else if (!args[i].startsWith("-") && folder == null) {
                    folder = Path.of(args[i]);
                } else {
                    throw new IllegalArgumentException("unknown argument: " + args[i]);
                }
            }
            return new Options(folder, json, svg, seeds, workloads);
        }
    }

    private GpuReplay() {}

    /** Replays, prints the table, and writes the JSON file if one is asked for. */
    public static void main(String[] args) throws IOException {
        Options options = Options.parse(args);
        PrintStream out = System.out;
        List<ReplayReport.Workload> results = new ArrayList<>();
        ReplayReport report = new ReplayReport(out);
        report.heading(options.folder() == null ? "a made-up cluster" : "a trace", options.seeds());
        for (GpuTrace trace : traces(options)) {
            results.add(replay(trace, options.seeds()));
            report.line(results.getLast(), published(options));
        }
        report.summary(results, published(options));
        if (options.json() != null) {
            Files.write(options.json(), ReplayReport.json(results, published(options)));
        }
        if (options.svg() != null) {
            Files.createDirectories(options.svg());
            for (ReplayReport.Workload result : results) {
                Files.writeString(options.svg().resolve("gpu-" + result.name() + ".svg"),
                        result.chart().svg());
            }
        }
    }

    private static PublishedResults published(Options options) throws IOException {
        return options.folder() == null
                ? new PublishedResults()
                : PublishedResults.read(options.folder());
    }

    private static List<GpuTrace> traces(Options options) throws IOException {
        Path folder = options.folder();
        if (folder == null) {
            return List.of(SyntheticTrace.trace());
        }
        PublishedResults published = published(options);
        List<GpuTrace> traces = new ArrayList<>();
        for (String workload : options.workloads().isEmpty()
                ? TraceReader.workloads(folder)
                : options.workloads()) {
            if (!options.workloads().isEmpty() || published.isEmpty()
                    || published.knows(workload)) {
                traces.add(TraceReader.read(folder, workload));
            }
        }
        return traces;
    }

    /** All policies over all seeds, one run after the other on this thread. */
    static ReplayReport.Workload replay(GpuTrace trace, int seeds) {
        Map<Policy, List<ReplayRun>> runs = new EnumMap<>(Policy.class);
        for (Policy policy : Policy.values()) {
            runs.put(policy, IntStream.range(Arrivals.SEED_FIRST, Arrivals.SEED_FIRST + seeds)
                    .mapToObj(seed -> ReplayRun.of(trace, seed,
                            (pods, cluster) -> policy.placer(pods, cluster, seed)))
                    .toList());
        }
        return new ReplayReport.Workload(trace.workload(), runs);
    }
}
