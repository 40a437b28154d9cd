package io.springtide.bench.placement.replay;

import io.springtide.core.event.Event;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What sharing machines is worth. All pods of a trace are placed, those of quality BE as best effort on
 * what the others are measured to leave unused. Beside it, each pod has a machine for itself: one of the
 * kind that the trace has most of among those that fit, as who buys one kind of machine would do, or the
 * smallest that fits, as if each could be had in its size. Utilisation is the processors asked for by
 * all over those of the machines in use. The trace knows no use: what part of their processors and memory
 * the others use is an assumption, given with each line.
 */
final class SlackReplay {

    private static final String NODES = "openb_node_list_all_node.csv";
    private static final String PODS = "openb_pod_list_default.csv";
    private static final int QUALITY = 6;
    private static final int[] USED_PERCENT = {100, 60, 40, 25};

    private final List<Resources> machines = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();

    /** What a way to place all came to. */
    private record Result(int placed, int machines, long askedMilli, long capacityMilli) {

        double utilisation() {
            return (double) askedMilli / Math.max(1, capacityMilli);
        }
    }

    /** Whether the folder has the tables that are needed. */
    static boolean knows(Path folder) {
        return Files.exists(folder.resolve(NODES)) && Files.exists(folder.resolve(PODS));
    }

    /** Replays and prints a table. */
    static void replay(Path folder, PrintStream out) throws IOException {
        SlackReplay replay = new SlackReplay();
        for (String line : rows(folder.resolve(NODES))) {
            String[] cells = line.split(",", -1);
            replay.machines.add(new Resources(Long.parseLong(cells[1]), Long.parseLong(cells[2]),
                    0, Integer.parseInt(cells[3])));
        }
        for (String line : rows(folder.resolve(PODS))) {
            replay.shapes.add(shape(line.split(",", -1)));
        }
        replay.print(out);
    }

    private static List<String> rows(Path table) throws IOException {
        List<String> lines = Files.readAllLines(table);
        return lines.subList(1, lines.size());
    }

    private static Shape shape(String[] cells) {
        int gpus = Integer.parseInt(cells[3]);
        int milli = gpus == 0 ? Resources.GPU_MILLI : Integer.parseInt(cells[4]);
        boolean share = gpus == 1 && milli < Resources.GPU_MILLI;
        ServiceClass quality = cells[QUALITY].equals("BE")
                ? ServiceClass.BEST_EFFORT
                : ServiceClass.GUARANTEED;
        return new Shape(
                new Resources(Long.parseLong(cells[1]), Long.parseLong(cells[2]), 0,
                        share ? 0 : gpus, share ? milli : 0),
                List.of(), RuntimeKind.DOCKER, PlacementPolicy.BINPACK,
                Rules.NONE.withServiceClass(quality));
    }

    private void print(PrintStream out) {
        Result alone = alone(commonest());
        Result smallest = alone(Comparator.comparingLong(Resources::cpusMilli));
        out.println();
        out.println("Processors asked for over processors of the machines in use, "
                + shapes.size() + " pods");
        out.println();
        out.println(
                "| how | assumed use | placed | machines | utilisation | times one machine a pod |");
        out.println("|---|---:|---:|---:|---:|---:|");
        line(out, "one machine a pod, of the commonest kind that fits", "", alone, alone);
        line(out, "one machine a pod, the smallest that fits", "", smallest, alone);
        for (int percent : USED_PERCENT) {
            line(out, "shared, best effort on measured slack", percent + " %", shared(percent),
                    alone);
        }
    }

    private static void line(PrintStream out, String how, String used, Result result,
            Result alone) {
        out.printf("| %s | %s | %,d | %,d | %.1f %% | %.2f |%n", how, used, result.placed,
                result.machines, 100 * result.utilisation(),
                result.utilisation() / alone.utilisation());
    }

    /** Kinds of machines that there are more of come first. */
    private Comparator<Resources> commonest() {
        Map<Resources, Integer> counts = new LinkedHashMap<>();
        machines.forEach(machine -> counts.merge(machine, 1, Integer::sum));
        return Comparator.<Resources>comparingInt(kind -> -counts.getOrDefault(kind, 0))
                .thenComparingLong(Resources::cpusMilli);
    }

    private Result alone(Comparator<Resources> first) {
        List<Resources> kinds = machines.stream().distinct().sorted(first).toList();
        long asked = 0;
        long capacity = 0;
        int placed = 0;
        for (Shape shape : shapes) {
            Resources need = shape.resources();
            for (Resources kind : kinds) {
                if (fits(kind, need)) {
                    placed++;
                    asked += need.cpusMilli();
                    capacity += kind.cpusMilli();
                    break;
                }
            }
        }
        return new Result(placed, placed, asked, capacity);
    }

    private static boolean fits(Resources machine, Resources need) {
        return machine.cpusMilli() >= need.cpusMilli() && machine.memMib() >= need.memMib()
                && machine.gpus() >= need.gpus() + (need.gpuShareMilli() > 0 ? 1 : 0);
    }

    private Result shared(int usedPercent) {
        ClusterState state = new ClusterState();
        for (int row = 0; row < machines.size(); row++) {
            Specs.register(state, row, "machine-" + row, new TreeMap<>(), machines.get(row));
        }
        place(state, ServiceClass.GUARANTEED);
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            Resources total = agents.spec(row).resources();
            state.apply(new Event.AgentMeasured(row,
                    (total.cpusMilli() - agents.cpusFreeMilli()[row]) * usedPercent / 100,
                    (total.memMib() - agents.memFreeMib()[row]) * usedPercent / 100));
        }
        place(state, ServiceClass.BEST_EFFORT);
        long asked = 0;
        long capacity = 0;
        int used = 0;
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.instances(row).size() > 0) {
                used++;
                long total = agents.spec(row).resources().cpusMilli();
                capacity += total;
                asked += total - agents.cpusFreeMilli()[row] + agents.cpusOnSlackMilli()[row];
            }
        }
        return new Result(state.instanceCount(), used, asked, capacity);
    }

    private void place(ClusterState state, ServiceClass quality) {
        PlacementRound round = new PlacementRound(state);
        List<Event> placed = new ArrayList<>();
        long next = state.instanceNext();
        for (int i = 0; i < shapes.size(); i++) {
            if (shapes.get(i).rules().serviceClass() == quality) {
                AppState app = Specs.app(state, "/pod-" + i, 1, shapes.get(i));
                PlacementRound.Choice choice = round.place(app, 1);
                if (choice.agentRows().length == 1) {
                    placed.add(new Event.InstancesPlaced(app.id(), Specs.NOW_MS, next++,
                            choice.agentRows(), choice.ports(), choice.gpus(), Specs.NOW_MS));
                }
            }
        }
        placed.forEach(state::apply);
    }
}
