package io.springtide.bench.placement.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A small made-up cluster in the format of the real traces, for a replay without any. The shapes are
 * invented: two sorts of machines with many GPUs for their CPU, one with few, and pods of which half
 * share a device.
 */
final class SyntheticTrace {

    static final String WORKLOAD = "synthetic";

    private static final long SEED = 1;
    private static final int NODES = 60;
    private static final int PODS = 400;

    /** Machines: CPUs, GiB, GPUs, model, and how many of sixty. */
    private record Machine(int cpus, int memGib, int gpus, String model, int count) {}

    private static final List<Machine> MACHINES = List.of(new Machine(96, 512, 8, "A", 22),
            new Machine(48, 256, 4, "A", 8), new Machine(104, 384, 2, "B", 24),
            new Machine(32, 128, 1, "B", 6));

    private SyntheticTrace() {}

    static GpuTrace trace() {
        return TraceReader.read(WORKLOAD, nodeLines(), podLines());
    }

    /** The machines as a table with its heading. */
    static List<String> nodeLines() {
        List<String> lines = new ArrayList<>(NODES + 1);
        lines.add("sn,cpu_milli,memory_mib,gpu,model");
        for (Machine machine : MACHINES) {
            for (int i = 0; i < machine.count(); i++) {
                lines.add(String.format(Locale.ROOT, "node-%02d,%d,%d,%d,%s", lines.size() - 1,
                        machine.cpus() * 1000, machine.memGib() * 1024, machine.gpus(),
                        machine.model()));
            }
        }
        return lines;
    }

    /** The pods as a table with its heading. */
    static List<String> podLines() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> lines = new ArrayList<>(PODS + 1);
        lines.add("name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec");
        for (int i = 0; i < PODS; i++) {
            int draw = random.nextInt(100);
            int cpus = pick(random, 2, 4, 6, 8, 12, 16);
            int gpus = draw < 15 ? 0 : draw < 88 ? 1 : pick(random, 2, 2, 4, 8);
            int milli = draw < 15 ? 0 : draw < 60 ? pick(random, 150, 250, 330, 500, 700) : 1000;
            boolean choosy = gpus > 0 && random.nextInt(8) == 0;
            cpus = gpus > 1 ? gpus * pick(random, 6, 8, 11) : cpus;
            lines.add(String.format(Locale.ROOT, "pod-%03d,%d,%d,%d,%d,%s", i, cpus * 1000,
                    cpus * 1024 * pick(random, 2, 4), gpus, milli,
                    !choosy ? "" : gpus > 2 ? "A" : pick(random, 0, 1) == 0 ? "A|B" : "B"));
        }
        return lines;
    }

    private static int pick(SplittableRandom random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
