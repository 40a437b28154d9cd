package io.springtide.core.sim;

import io.springtide.core.Check;
import io.springtide.core.decide.Rollout;
import io.springtide.core.decide.Standbys;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import io.springtide.core.state.RoleState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What must hold after every single event. Counts everything anew from the instances and compares it
 * with what the state keeps.
 */
public final class Invariants {

    private static final int KINDS = 4;

    private boolean limits = true;
    private long instanceHighest;
    private final TreeMap<AppId, Integer> evicted = new TreeMap<>();
    private final TreeSet<Long> standbys = new TreeSet<>();

    /** For journals of releases that did not heed the limits of roles. */
    public Invariants withoutLimits() {
        limits = false;
        return this;
    }

    /** Takes note of a state that did not begin empty. */
    public void startAt(ClusterState state) {
        instanceHighest = state.instanceNext() - 1;
        state.apps().forEach((id, app) -> evicted.put(id, app.evicted()));
        standbys.addAll(standbys(state));
    }

    /** Throws an {@link AssertionError} that says what is broken. */
    public void check(ClusterState state, Event event) {
        if (event instanceof Event.InstancesPlaced placed) {
            placed(state, placed);
        }
        if (event instanceof Event.InstancesPromoted promoted) {
            promoted(state, promoted);
        }
        roles(state);
        servicePorts(state);
        evictions(state, event);
        standbys.clear();
        standbys.addAll(standbys(state));
        int onAgents = agents(state, event);
        int ofApps = apps(state);
        require(onAgents == ofApps && ofApps == state.instanceCount(),
                "instances: " + onAgents + " on agents, " + ofApps + " of apps, "
                        + state.instanceCount() + " known");
        deployments(state, event);
    }

    /** The table of service ports says what the apps say. */
    private static void servicePorts(ClusterState state) {
        TreeSet<Integer> held = new TreeSet<>();
        for (AppState app : state.apps().values()) {
            held.addAll(app.current().spec().servicePorts());
            held.addAll(app.latest().spec().servicePorts());
        }
        require(held.stream().allMatch(state.servicePorts()::used)
                && state.servicePorts().size() == held.size(),
                "apps have the service ports " + held + ", the table holds "
                        + state.servicePorts().size());
    }

    /** What a deployment has lost to newer ones is no longer its own; one without any is over. */
    private static void deployments(ClusterState state, Event event) {
        for (Deployment deployment : state.deployments()) {
            // One without anything to do is over with the next event.
            boolean owns = deployment.steps().isEmpty();
            for (DeploymentAction action : deployment.actions()) {
                long owner = state.app(action.app()).map(AppState::deployment).orElse(0L);
                owns |= owner == deployment.number();
                require(owner == 0 || owner >= deployment.number(), action.app()
                        + " is in deployment " + owner + " but also listed by "
                        + deployment.number());
            }
            require(owns || event instanceof Event.AppRemoved || event instanceof Event.AppLeaving,
                    "deployment " + deployment.number() + " has no app left after " + event);
        }
    }

    private void placed(ClusterState state, Event.InstancesPlaced placed) {
        require(placed.agentRows().length > 0, "a placement of nothing");
        require(placed.first() > instanceHighest, "instance " + placed.first() + " is used again");
        instanceHighest = placed.first() + placed.agentRows().length - 1;
        require(state.instanceNext() == instanceHighest + 1, "instanceNext is off");
        for (int row : placed.agentRows()) {
            require(state.agents().marks().open(row),
                    "placed on agent " + state.agents().spec(row).id()
                            + ", which is cordoned or drained");
            require(state.agents().condition(row) == AgentCondition.LIVE,
                    "placed on silent agent " + state.agents().spec(row).id());
            fits(state.agents(), row, onSlack(state.app(placed.app()).orElseThrow()
                    .version(placed.versionMs()).orElseThrow()));
        }
        AppState app = state.app(placed.app()).orElseThrow();
        if (placed.standby()) {
            require(app.standbys() <= Standbys.wanted(app) + outOfReach(state, app), app.id()
                    + " has " + app.standbys() + " standbys of " + Standbys.wanted(app));
        }
        if (limits) {
            withinLimit(state, app.version(placed.versionMs()).orElseThrow().spec().shape());
        }
        int reachable = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Instance instance = app.instances().get(i);
            if (!instance.spare() && state.agents()
                    .condition(instance.agentRow()) != AgentCondition.UNREACHABLE) {
                reachable++;
            }
        }
        AppSpec spec = app.current().spec();
        int wanted = app.wanted();
        int bound = spec.upgrade().activeMax(wanted);
        if (spec.upgrade().healthyMin(wanted) == bound) {
            bound++;
        }
        if (spec.delivery().strategy() == Delivery.Strategy.BLUE_GREEN) {
            bound = Math.max(bound, wanted + old(app));
        }
        require(placed.standby() || reachable <= bound, app.id() + " has " + reachable + " instances, at most " + bound
                + " are allowed while " + wanted + " are wanted");
    }

    /** Standbys that are no longer waited for. */
    private static int outOfReach(ClusterState state, AppState app) {
        return (int) standbys(state).stream().map(number -> state.instance(number).orElseThrow())
                .filter(one -> one.app() == app && (one.inactive() || one.exhausted()
                        || state.agents().marks().draining(one.agentRow())))
                .count();
    }

    private void promoted(ClusterState state, Event.InstancesPromoted promoted) {
        require(!promoted.instances().isEmpty(), "a promotion of nobody");
        for (long number : promoted.instances()) {
            Instance one = state.instance(number).orElseThrow();
            require(standbys.contains(number) && one.seen() == Condition.PAUSED && one.active(),
                    "instance " + number + " was promoted and was no frozen standby");
            require(one.version().configuredMs() == one.app().current().configuredMs(),
                    "instance " + number + " of an older configuration was promoted");
            require(state.agents().condition(one.agentRow()) == AgentCondition.LIVE,
                    "instance " + number + " was promoted on a silent agent");
            evicted.computeIfPresent(one.app().id(), (id, count) -> Math.max(0, count - 1));
        }
        AppState app = state.instance(promoted.instances().get(0)).orElseThrow().app();
        int most = app.current().spec().upgrade().activeMax(app.wanted());
        require(app.active() <= Math.max(most, app.wanted() + 1) + old(app), app.id() + " has "
                + app.active() + " instances after a promotion while " + app.wanted()
                + " are wanted");
    }

    private static List<Long> standbys(ClusterState state) {
        List<Long> found = new ArrayList<>();
        for (AppState app : state.apps().values()) {
            int before = found.size();
            for (int i = 0; i < app.instances().size(); i++) {
                require(!app.instances().get(i).standby() || app.instances().get(i).spare(),
                        "a standby is no spare one");
                if (app.instances().get(i).standby()) {
                    require(!app.instances().get(i).active(), "a standby counts as wanted");
                    found.add(app.instances().get(i).number());
                }
            }
            require(found.size() - before == app.standbys(),
                    app.id() + " counts " + app.standbys() + " standbys");
        }
        return found;
    }

    private static int old(AppState app) {
        int old = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            old += app.instances().get(i).version().configuredMs() == app.current()
                    .configuredMs() ? 0 : 1;
        }
        return old;
    }

    /** Limits are lowered at will, so what a role holds is only bounded when it gets more of it. */
    private static void withinLimit(ClusterState state, Shape shape) {
        RoleState role = Check.present(state.roles().get(shape.rules().role()), "no such role");
        long[] held = held(role);
        long[] need = held(shape);
        role.spec().limit().ifPresent(limit -> {
            long[] most = {limit.cpusMilli(), limit.memMib(), limit.diskMib(),
                    (long) limit.gpus() * Resources.GPU_MILLI};
            for (int kind = 0; kind < KINDS; kind++) {
                require(need[kind] == 0 || held[kind] <= most[kind],
                        "role " + role.spec() + " holds " + Arrays.toString(held));
            }
        });
    }

    private static long[] held(RoleState role) {
        return new long[]{role.cpusMilli(), role.memMib(), role.diskMib(), role.gpuMilli()};
    }

    private static long[] held(Shape shape) {
        Resources need = shape.resources();
        boolean onSlack = shape.rules().serviceClass() == ServiceClass.BEST_EFFORT;
        return new long[]{onSlack ? 0 : need.cpusMilli(), onSlack ? 0 : need.memMib(),
                need.diskMib(),
                (long) need.gpus() * Resources.GPU_MILLI + need.gpuShareMilli()};
    }

    private static void roles(ClusterState state) {
        TreeMap<String, long[]> sums = new TreeMap<>();
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (AppState app : state.apps().values()) {
            for (int i = 0; i < app.instances().size(); i++) {
                Shape shape = app.instances().get(i).version().spec().shape();
                long[] sum = sums.computeIfAbsent(shape.rules().role(), any -> new long[KINDS]);
                long[] need = held(shape);
                Arrays.setAll(sum, kind -> sum[kind] + need[kind]);
                counts.merge(shape.rules().role(), 1, Integer::sum);
            }
        }
        state.roles().forEach((name, role) -> {
            long[] sum = sums.getOrDefault(name, new long[KINDS]);
            require(Arrays.equals(sum, held(role))
                    && role.instances() == counts.getOrDefault(name, 0),
                    "role " + name + " holds " + Arrays.toString(sum) + " and not "
                            + Arrays.toString(held(role)));
            require(role.configured() || role.instances() > 0, "role " + name + " is nothing");
        });
        require(state.roles().keySet().containsAll(sums.keySet()), "a role is not known");
    }

    /** Keeps its own books of who had to give way. */
    private void evictions(ClusterState state, Event event) {
        switch (event) {
            case Event.InstancesDecommissioned ending -> {
                if (ending.reason() == Event.Reason.PREEMPTED
                        || ending.reason() == Event.Reason.RECLAIMED) {
                    List<Instance> gone = ending.instances().stream()
                            .map(number -> state.instance(number).orElseThrow()).toList();
                    gone.stream().filter(one -> !one.app().leaving()
                            && !standbys.contains(one.number()))
                            .forEach(one -> evicted.merge(one.app().id(), 1, Integer::sum));
                    gone.forEach(one -> mayBeEvicted(state, one, ending.reason()));
                }
            }
            case Event.InstancesPlaced placed -> {
                if (!placed.standby()) {
                    evicted.computeIfPresent(placed.app(),
                            (id, count) -> Math.max(0, count - placed.agentRows().length));
                }
            }
            case Event.AppVersioned versioned -> evicted.computeIfPresent(
                    versioned.version().spec().id(),
                    (id, count) -> Math.min(count, lacking(state.app(id).orElseThrow())));
            case Event.DeploymentAdvanced advanced -> state.deployment(advanced.number())
                    .orElseThrow().currentActions().stream()
                    .flatMap(action -> state.app(action.app()).stream())
                    .filter(app -> app.deployment() == advanced.number())
                    .forEach(app -> evicted.computeIfPresent(app.id(),
                            (id, count) -> Math.min(count, lacking(app))));
            case Event.ScalingSet set -> rescaled(state, set.app());
            case Event.ScalingRemoved removed -> rescaled(state, removed.app());
            case Event.AppScaled scaled -> {
                if (state.app(scaled.app()).orElseThrow().ownedByPolicy()) {
                    rescaled(state, scaled.app());
                }
            }
            case Event.AppLeaving leaving -> evicted.remove(leaving.app());
            case Event.AppRemoved removed -> evicted.remove(removed.app());
            default -> {
            }
        }
        state.apps().forEach((id, app) -> require(
                app.evicted() == evicted.getOrDefault(id, 0),
                id + " counts " + app.evicted() + " evicted, not " + evicted.get(id)));
    }

    private void rescaled(ClusterState state, AppId app) {
        evicted.computeIfPresent(app,
                (id, count) -> Math.min(count, lacking(state.app(id).orElseThrow())));
    }

    private static int lacking(AppState app) {
        int active = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            active += app.instances().get(i).active() ? 1 : 0;
        }
        return Math.max(0, app.wanted() - active);
    }

    private static boolean onSlack(AppVersion version) {
        return version.spec().shape().rules().serviceClass() == ServiceClass.BEST_EFFORT;
    }

    /** For somebody who waits and is more important, and only as many as may be missing. */
    private void mayBeEvicted(ClusterState state, Instance gone, Event.Reason reason) {
        boolean onSlack = onSlack(gone.version());
        if (reason == Event.Reason.RECLAIMED) {
            require(onSlack, "instance " + gone.number() + " does not live on slack");
            return;
        }
        boolean standby = standbys.contains(gone.number());
        int height = gone.version().spec().shape().rules().priority();
        require(state.apps().values().stream().anyMatch(app -> {
            int other = app.current().spec().shape().rules().priority();
            return app != gone.app() && Rollout.of(state, app).launch() > 0
                    && (standby || height < other || (onSlack && height == other));
        }), "instance " + gone.number() + " has given way to nobody");
        AppState app = gone.app();
        if (!standby && app.versions().stream().noneMatch(Invariants::onSlack)) {
            int lost = Math.min(lacking(app), evicted.getOrDefault(app.id(), 0));
            require((lost - 1L) * Rules.PPM < (long) app.wanted()
                    * app.current().spec().shape().rules().disruptionPpm(),
                    app.id() + " has lost " + lost + " of " + app.wanted());
        }
    }

    /** Agents shrink at will, so what they hold is only bounded when something is placed there. */
    private static void fits(AgentTable agents, int row, boolean onSlack) {
        require((onSlack || (agents.cpusFreeMilli()[row] >= 0 && agents.memFreeMib()[row] >= 0))
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
            app.scaling().filter(policy -> !policy.dryRun()).ifPresent(policy -> require(
                    policy.min() <= app.scaled() && app.scaled() <= policy.max(), app.id()
                            + " has " + app.scaled() + " instances by " + policy));
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
