package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Group;
import io.springtide.bench.placement.work.Machine;
import io.springtide.bench.placement.work.Workload;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.List;
import java.util.TreeMap;

/** The state of Springtide's core in which a workload begins; row i is machine i. */
final class CoreCluster {

    static final long NOW_MS = 1_000_000;
    static final String KIND = "kind";
    private static final int PORT_FIRST = 31_000;

    private final Workload work;
    private final ClusterState state = new ClusterState();

    CoreCluster(Workload work) {
        this.work = work;
        for (int row = 0; row < work.machines().size(); row++) {
            state.apply(new Event.AgentRegistered(row, agent(row, work.machines().get(row)),
                    NOW_MS));
        }
        placeResidents();
    }

    ClusterState state() {
        return state;
    }

    /** The name of a group's app. */
    static AppId app(int group) {
        return new AppId("/group-" + group);
    }

    static AppSpec spec(AppId id, int instances, Shape shape) {
        return new AppSpec(id, "{}", instances, shape, Backoff.DEFAULT, Upgrade.DEFAULT,
                KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT, 3_000, false, List.of());
    }

    /** The app of a group; made if it is new. */
    AppState appOf(int group, Shape shape, int instances) {
        AppId id = app(group);
        return state.app(id).orElseGet(() -> {
            make(spec(id, instances, shape));
            return state.app(id).orElseThrow();
        });
    }

    private void make(AppSpec spec) {
        state.apply(new Event.AppVersioned(new AppVersion(spec, NOW_MS, NOW_MS, NOW_MS)));
    }

    private void placeResidents() {
        int[] counts = new int[work.groups().size()];
        for (int group : work.residentGroups()) {
            counts[group]++;
        }
        int[] portNext = new int[work.machines().size()];
        for (int group = 0; group < counts.length; group++) {
            if (counts[group] > 0) {
                place(group, counts[group], portNext);
            }
        }
    }

    private void place(int group, int count, int[] portNext) {
        Group residents = work.groups().get(group);
        make(spec(app(group), count, CoreShapes.resident(work, residents)));
        int[] rows = new int[count];
        int[] ports = new int[count * residents.need().ports()];
        int at = 0;
        int port = 0;
        for (int i = 0; i < work.residentGroups().length; i++) {
            if (work.residentGroups()[i] == group) {
                int row = work.residentMachines()[i];
                rows[at++] = row;
                for (int p = 0; p < residents.need().ports(); p++) {
                    ports[port++] = PORT_FIRST + portNext[row]++;
                }
            }
        }
        state.apply(new Event.InstancesPlaced(app(group), NOW_MS, state.instanceNext(), rows,
                ports, NOW_MS));
    }

    private static AgentSpec agent(int number, Machine machine) {
        List<PortRange> ports = machine.ports() == 0
                ? List.of()
                : List.of(new PortRange(PORT_FIRST, PORT_FIRST + machine.ports() - 1));
        TreeMap<String, String> attributes = new TreeMap<>();
        attributes.put(KIND, machine.kind());
        return new AgentSpec(new AgentId("agent-" + number), 1, "agent-" + number, "region",
                machine.zone(), machine.rack(), attributes,
                new Resources(machine.cpusMilli(), machine.memMib(), 100_000, 0), ports,
                RuntimeKind.DOCKER.bit());
    }
}
