package io.springtide.bench.placement.replay;

import io.springtide.core.placement.gpu.GpuDemand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Reads the two tables of the openb GPU trace. Source: the column lists of Alibaba's
 * cluster-trace-gpu-v2023. Nodes: name, milli-CPU, MiB, GPUs, model. Pods: name, milli-CPU, MiB,
 * GPUs, milli-GPU of each, and perhaps the models that will do, separated by bars; what follows is
 * not read.
 */
final class TraceReader {

    /** A folder's machines, and the start of the names of its pod tables. */
    static final String NODES = "openb_node_list_gpu_node.csv";
    static final String PODS = "openb_pod_list_";
    static final String SUFFIX = ".csv";

    private static final int NODE_COLUMNS = 5;
    private static final int POD_COLUMNS = 5;
    private static final int MODELS_COLUMN = 5;

    private final List<GpuTrace.Node> nodes = new ArrayList<>();
    private final List<String> models = new ArrayList<>();
    private final Map<GpuDemand, Integer> kinds = new LinkedHashMap<>();
    private final List<Integer> podKinds = new ArrayList<>();

    private TraceReader() {}

    /** The workloads of a folder, by name. */
    static List<String> workloads(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(PODS) && name.endsWith(SUFFIX))
                    .map(name -> name.substring(PODS.length(), name.length() - SUFFIX.length()))
                    .sorted().toList();
        }
    }

    static GpuTrace read(Path folder, String workload) throws IOException {
        return read(workload, Files.readAllLines(folder.resolve(NODES)),
                Files.readAllLines(folder.resolve(PODS + workload + SUFFIX)));
    }

    /** Reads tables with their headings. */
    static GpuTrace read(String workload, List<String> nodeLines, List<String> podLines) {
        TraceReader reader = new TraceReader();
        for (int line = 1; line < nodeLines.size(); line++) {
            reader.node(cells("nodes", line, nodeLines.get(line), NODE_COLUMNS));
        }
        for (int line = 1; line < podLines.size(); line++) {
            reader.pod(cells("pods of " + workload, line, podLines.get(line), POD_COLUMNS));
        }
        return new GpuTrace(workload, reader.nodes, reader.models,
                List.copyOf(reader.kinds.keySet()), reader.podKinds);
    }

    private static String[] cells(String table, int line, String text, int columns) {
        String[] cells = text.split(",", -1);
        if (cells.length < columns) {
            throw new IllegalArgumentException("line " + (line + 1) + " of the " + table + " has "
                    + cells.length + " columns, needs " + columns + ": " + text);
        }
        return cells;
    }

    private void node(String[] cells) {
        int gpus = Integer.parseInt(cells[3]);
        nodes.add(new GpuTrace.Node(cells[0], Long.parseLong(cells[1]), Long.parseLong(cells[2]),
                gpus, gpus == 0 ? 0 : model(cells[4])));
    }

    private void pod(String[] cells) {
        int gpus = Integer.parseInt(cells[3]);
        int milli = gpus == 0 ? GpuDemand.DEVICE_MILLI : Integer.parseInt(cells[4]);
        boolean share = gpus == 1 && milli < GpuDemand.DEVICE_MILLI;
        if (!share && milli != GpuDemand.DEVICE_MILLI) {
            throw new IllegalArgumentException("pod " + cells[0] + " asks for " + gpus + " x "
                    + milli + " milli-GPU; shares are of one device");
        }
        String allowed = cells.length > MODELS_COLUMN && gpus > 0 ? cells[MODELS_COLUMN] : "";
        GpuDemand demand = new GpuDemand(Long.parseLong(cells[1]), Long.parseLong(cells[2]),
                share ? 0 : gpus, share ? milli : 0, mask(allowed));
        Integer known = kinds.get(demand);
        if (known == null) {
            known = kinds.size();
            kinds.put(demand, known);
        }
        podKinds.add(known);
    }

    private long mask(String allowed) {
        if (allowed.isEmpty()) {
            return GpuDemand.ANY_MODEL;
        }
        long mask = 0;
        for (String model : allowed.split("\\|", -1)) {
            mask |= 1L << model(model);
        }
        return mask;
    }

    private int model(String name) {
        int known = models.indexOf(name);
        if (known >= 0) {
            return known;
        }
        if (models.size() == GpuDemand.MODELS_MAX) {
            throw new IllegalArgumentException("more than " + GpuDemand.MODELS_MAX + " GPU models");
        }
        models.add(name);
        return models.size() - 1;
    }
}
