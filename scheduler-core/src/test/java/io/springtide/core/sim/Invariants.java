package io.springtide.core.sim;

import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What must hold after every single event. Counts everything anew from the instances and compares it
 * with what the state keeps.
 */
public final class Invariants {

    private long instanceHighest;

    /** Takes note of a state that did not begin empty. */
    public void startAt(ClusterState state) {
        instanceHighest = state.instanceNext() - 1;
    }

    /** Throws an {@link AssertionError} that says what is broken. */
    public void check(ClusterState state, Event event) {
        if (event instanceof Event.InstancesPlaced placed) {
            placed(state, placed);
        }
        int onAgents = agents(state, event);
        int ofApps = apps(state);
        require(onAgents == ofApps && ofApps == state.instanceCount(),
                "instances: " + onAgents + " on agents, " + ofApps + " of apps, "
                        + state.instanceCount() + " known");
        state.deployments().forEach(deployment -> deployment.actions()
                .forEach(action -> state.app(action.app()).ifPresent(
                        app -> require(app.deployment() == deployment.number(), app.id()
                                + " is in deployment " + app.deployment() + " but also listed by "
                                + deployment.number()))));
    }

    private void placed(ClusterState state, Event.InstancesPlaced placed) {
        require(placed.agentRows().length > 0, "a placement of nothing");
        require(placed.first() > instanceHighest, "instance " + placed.first() + " is used again");
        instanceHighest = placed.first() + placed.agentRows().length - 1;
        require(state.instanceNext() == instanceHighest + 1, "instanceNext is off");
        for (int row : placed.agentRows()) {
            require(state.agents().condition(row) == AgentCondition.LIVE,
                    "placed on silent agent " + state.agents().spec(row).id());
            fits(state.agents(), row);
        }
        AppState app = state.app(placed.app()).orElseThrow();
        int reachable = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Instance instance = app.instances().get(i);
            if (state.agents().condition(instance.agentRow()) != AgentCondition.UNREACHABLE) {
                reachable++;
            }
        }
        AppSpec spec = app.current().spec();
        int wanted = app.wanted();
        int bound = spec.upgrade().activeMax(wanted);
        if (spec.upgrade().healthyMin(wanted) == bound) {
            bound++;
        }
        require(reachable <= bound, app.id() + " has " + reachable + " instances, at most " + bound
                + " are allowed while " + wanted + " are wanted");
    }

    /** Agents shrink at will, so what they hold is only bounded when something is placed there. */
    private static void fits(AgentTable agents, int row) {
        require(agents.cpusFreeMilli()[row] >= 0 && agents.memFreeMib()[row] >= 0
                && agents.diskFreeMib()[row] >= 0 && agents.gpusFree()[row] >= 0,
                "agent " + agents.spec(row).id() + " is over-committed: cpus "
                        + agents.cpusFreeMilli()[row] + ", mem " + agents.memFreeMib()[row]
                        + ", disk " + agents.diskFreeMib()[row] + ", gpus "
                        + agents.gpusFree()[row]);
    }

    private static int agents(ClusterState state, Event event) {
        AgentTable agents = state.agents();
        int count = 0;
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                agent(state, row, event);
                count += agents.instances(row).size();
            }
        }
        return count;
    }

    private static void agent(ClusterState state, int row, Event event) {
        AgentTable agents = state.agents();
        Resources total = agents.spec(row).resources();
        long cpus = total.cpusMilli();
        long mem = total.memMib();
        long disk = total.diskMib();
        int[] gpus = new int[AgentSpec.GPUS_MAX];
        Arrays.fill(gpus, 0, total.gpus(), Resources.GPU_MILLI);
        long cpusOnSlack = 0;
        long memOnSlack = 0;
        TreeSet<Integer> ports = new TreeSet<>();
        int inRange = 0;
        InstanceList held = agents.instances(row);
        for (int i = 0; i < held.size(); i++) {
            Instance instance = held.get(i);
            require(state.instance(instance.number()).orElse(null) == instance,
                    "a forgotten instance on row " + row + ": " + instance.number());
            require(instance.agentRow() == row, "an instance in the wrong row");
            Resources need = instance.version().spec().shape().resources();
            boolean onSlack = instance.version().spec().shape().rules()
                    .serviceClass() == ServiceClass.BEST_EFFORT;
            cpus -= onSlack ? 0 : need.cpusMilli();
            mem -= onSlack ? 0 : need.memMib();
            cpusOnSlack += onSlack ? need.cpusMilli() : 0;
            memOnSlack += onSlack ? need.memMib() : 0;
            disk -= need.diskMib();
            gpus(instance, need, gpus);
            for (int port = 0; port < instance.portCount(); port++) {
                int number = instance.port(port);
                require(ports.add(number), "port " + number + " is used twice on row " + row
                        + " after " + event);
                if (offers(agents, row, number)) {
                    inRange++;
                    require(!agents.ports(row).isFree(number), "port " + number + " is in use");
                } else {
                    require(!(event instanceof Event.InstancesPlaced placed)
                            || instance.number() < placed.first(),
                            "port " + number + " was never offered by row " + row);
                }
            }
        }
        require(cpus == agents.cpusFreeMilli()[row], "cpus of row " + row + " do not add up");
        require(mem == agents.memFreeMib()[row], "memory of row " + row + " does not add up");
        require(disk == agents.diskFreeMib()[row], "disk of row " + row + " does not add up");
        for (int gpu = 0; gpu < gpus.length; gpu++) {
            require(gpus[gpu] == agents.gpuFreeMilli()[row * gpus.length + gpu],
                    "gpu " + gpu + " of row " + row + " does not add up");
        }
        require(Arrays.stream(gpus).filter(free -> free == Resources.GPU_MILLI).count() == agents
                .gpusFree()[row], "whole gpus of row " + row + " do not add up");
        require(cpusOnSlack == agents.cpusOnSlackMilli()[row]
                && memOnSlack == agents.memOnSlackMib()[row],
                "best effort on row " + row + " does not add up");
        int offered = agents.spec(row).ports().stream().mapToInt(PortRange::size).sum();
        require(agents.ports(row).free() == offered - inRange,
                "ports of row " + row + " do not add up");
    }

    private static void gpus(Instance instance, Resources need, int[] free) {
        int wanted = need.gpuShareMilli() > 0 ? 1 : need.gpus();
        require(Integer.bitCount(instance.gpus()) == wanted,
                "instance " + instance.number() + " has not the GPUs it asks for");
        for (int gpu = 0; gpu < free.length; gpu++) {
            if ((instance.gpus() & 1 << gpu) != 0) {
                free[gpu] -= need.gpuShareMilli() > 0
                        ? need.gpuShareMilli()
                        : Resources.GPU_MILLI;
            }
        }
    }

    private static boolean offers(AgentTable agents, int row, int port) {
        return agents.spec(row).ports().stream()
                .anyMatch(range -> port >= range.first() && port <= range.last());
    }

    private static int apps(ClusterState state) {
        int count = 0;
        for (AppState app : state.apps().values()) {
            long before = 0;
            for (int i = 0; i < app.instances().size(); i++) {
                Instance instance = app.instances().get(i);
                require(instance.number() > before, "instances of " + app.id() + " out of order");
                before = instance.number();
                require(instance.app() == app, "an instance of another app");
                require(!instance.seen().terminal(), "an ended instance is still kept");
                require(app.version(instance.version().versionMs()).isPresent(),
                        "the version of an instance was dropped");
            }
            require(app.version(app.current().versionMs()).equals(Optional.of(app.current())),
                    "the current version is not among the versions of " + app.id());
            require(app.deployment() == 0 || state.deployment(app.deployment()).isPresent(),
                    app.id() + " is locked by a deployment that is over");
            count += app.instances().size();
        }
        return count;
    }

    static void require(boolean holds, String broken) {
        if (!holds) {
            throw new AssertionError(broken);
        }
    }
}
