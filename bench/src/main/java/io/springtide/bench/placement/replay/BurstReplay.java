package io.springtide.bench.placement.replay;

import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.Placement;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replays a month of inference services as it came in bursts: what begins within one second is one round
 * of placement, what ends makes room. The trace names no machines: they are made up, two thirds of 192
 * processors and 1.5 TiB, the others of 128 processors, 1 TiB and 8 GPUs. The network cards that the
 * trace asks for are left out; how many instances of an app a machine may have is kept, as MAX_PER.
 */
final class BurstReplay {

    private static final String FILE = "disaggregated_DLRM_trace.csv";
    private static final int MACHINES = 9_000;
    private static final long MIB_PER_GIB = 1_024;
    private static final double NANOS_PER_MS = 1e6;
    private static final long ALWAYS = Long.MIN_VALUE;

    private final ClusterState state = new ClusterState();
    private final Placement placement = new Placement(state, PlacementSettings.DEFAULT);
    private final List<Pod> pods = new ArrayList<>();
    private final TreeMap<Long, List<Integer>> begin = new TreeMap<>();
    private final TreeMap<Long, List<Integer>> end = new TreeMap<>();
    private final TreeMap<Integer, Long> running = new TreeMap<>();
    private final List<Long> roundNanos = new ArrayList<>();
    private int aliveMax;
    private int placed;
    private int burstMax;

    /** One instance of the trace. */
    private record Pod(AppId app, Shape shape) {}

    private BurstReplay(List<String> lines) {
        for (int row = 0; row < MACHINES; row++) {
            Specs.register(state, row, "machine-" + row, new TreeMap<>(), row % 3 == 2
                    ? new Resources(128_000, 1_024 * MIB_PER_GIB, 8_192 * MIB_PER_GIB, 8)
                    : new Resources(192_000, 1_536 * MIB_PER_GIB, 8_192 * MIB_PER_GIB, 0));
        }
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            int pod = pods.size();
            pods.add(pod(cells));
            begin.computeIfAbsent(second(cells[14]), at -> new ArrayList<>()).add(pod);
            if (!cells[16].isEmpty()) {
                end.computeIfAbsent(second(cells[16]), at -> new ArrayList<>()).add(pod);
            }
        }
    }

    /** Whether the folder has such a trace. */
    static boolean knows(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /** Replays and prints what came of it. */
    static void replay(Path folder, PrintStream out) throws IOException {
        BurstReplay replay = new BurstReplay(Files.readAllLines(folder.resolve(FILE)));
        replay.run();
        replay.print(out);
    }

    private static long second(String cell) {
        return cell.isEmpty() ? ALWAYS : (long) Double.parseDouble(cell);
    }

    private static Pod pod(String[] cells) {
        Resources need = new Resources(Math.round(Double.parseDouble(cells[3]) * 1_000),
                Math.round(Double.parseDouble(cells[9]) * MIB_PER_GIB),
                Math.round(Double.parseDouble(cells[11]) * MIB_PER_GIB),
                (int) Math.round(Double.parseDouble(cells[5])));
        int most = Integer.parseInt(cells[13]);
        Rules rules = most < 0
                ? Rules.NONE
                : Rules.NONE.withConstraints(new Constraint(Constraint.HOSTNAME,
                        Constraint.Operator.MAX_PER, Integer.toString(most)));
        // Instances of one app and role that ask for different things are different apps to us.
        AppId app = new AppId("/" + cells[2] + "/" + cells[1].toLowerCase(Locale.ROOT) + "/"
                + need.cpusMilli() + "-" + need.memMib() + "-" + need.diskMib() + "-"
                + need.gpus() + "-" + (most < 0 ? "any" : most));
        return new Pod(app, new Shape(need, List.of(), RuntimeKind.DOCKER, PlacementPolicy.SPREAD,
                rules));
    }

    private void run() {
        for (Map.Entry<Long, List<Integer>> now : begin.entrySet()) {
            while (!end.isEmpty() && end.firstKey() <= now.getKey()) {
                end(end.pollFirstEntry().getValue());
            }
            begin(now.getValue(), now.getKey() == ALWAYS);
        }
    }

    private void end(List<Integer> ending) {
        List<Long> gone = new ArrayList<>();
        for (int pod : ending) {
            Long number = running.remove(pod);
            if (number != null) {
                gone.add(number);
            }
        }
        if (!gone.isEmpty()) {
            state.apply(new Event.InstancesLost(gone, "over", Specs.NOW_MS));
        }
    }

    private void begin(List<Integer> beginning, boolean already) {
        TreeMap<AppId, List<Integer>> byApp = new TreeMap<>();
        for (int pod : beginning) {
            byApp.computeIfAbsent(pods.get(pod).app, id -> new ArrayList<>()).add(pod);
        }
        byApp.forEach((id, own) -> {
            if (state.app(id).isEmpty()) {
                Specs.app(state, id.path(), 1, pods.get(own.getFirst()).shape);
            }
        });
        long nanos = -System.nanoTime();
        PlacementRound round = placement.round();
        List<Event> events = new ArrayList<>();
        long next = state.instanceNext();
        for (Map.Entry<AppId, List<Integer>> one : byApp.entrySet()) {
            AppState app = state.app(one.getKey()).orElseThrow();
            PlacementRound.Choice choice = round.place(app, one.getValue().size());
            for (int i = 0; i < choice.agentRows().length; i++) {
                running.put(one.getValue().get(i), next + i);
            }
            if (choice.agentRows().length > 0) {
                events.add(new Event.InstancesPlaced(app.id(), Specs.NOW_MS, next,
                        choice.agentRows(), choice.ports(), choice.gpus(), Specs.NOW_MS));
            }
            next += choice.agentRows().length;
            placed += choice.agentRows().length;
        }
        events.forEach(state::apply);
        nanos += System.nanoTime();
        if (!already) {
            roundNanos.add(nanos);
            burstMax = Math.max(burstMax, beginning.size());
        }
        aliveMax = Math.max(aliveMax, running.size());
    }

    private void print(PrintStream out) {
        roundNanos.sort(null);
        out.println();
        out.printf("A month of bursts on %,d made-up machines: %,d instances of %,d apps, at most"
                + " %,d alive, at most %,d in one second%n", MACHINES, pods.size(),
                state.apps().size(), aliveMax, burstMax);
        out.printf("%,d placed, %,d found no room; %,d rounds: p50 %.2f ms, p99 %.2f ms,"
                + " longest %.2f ms%n", placed, pods.size() - placed, roundNanos.size(), ms(0.5),
                ms(0.99), ms(1));
    }

    private double ms(double part) {
        int at = (int) Math.min(roundNanos.size() - 1L, Math.round(part * roundNanos.size()));
        return roundNanos.get(at) / NANOS_PER_MS;
    }
}
