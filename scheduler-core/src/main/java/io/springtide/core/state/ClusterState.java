package io.springtide.core.state;

import io.springtide.core.Check;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.Health;
import io.springtide.core.model.RoleSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * Everything the master knows. {@link #apply} is the only code that changes it, live and in replay
 * alike. Not safe for use by several threads: the engine owns one, each follower owns its own.
 */
public final class ClusterState {

    final AgentTable agents = new AgentTable();
    final TreeMap<AppId, AppState> apps = new TreeMap<>();
    final TreeMap<String, RoleState> roles = new TreeMap<>();
    final TreeMap<Long, Deployment> deployments = new TreeMap<>();
    final Long2ObjectHashMap<Instance> instances = new Long2ObjectHashMap<>();
    final GroupTable groups = new GroupTable();
    final RemovedApps removed = new RemovedApps();
    final ServicePortTable servicePorts = new ServicePortTable();
    final Silence silence = new Silence();
    final Restoration restoration = new Restoration();
    String clusterId = "";
    long healthStormMs;
    /** Of the instances whose health checks have a result: all, and those whose checks fail. */
    int checked;
    int failing;
    long instanceNext = 1;
    long deploymentNext = 1;

    private final PlanFacts plans = new PlanFacts(this);
    private final InstanceFacts held = new InstanceFacts(this);
    private final ScalingFacts scalings = new ScalingFacts(this);

    // Hints for the one who decides; no part of the state proper.
    private final List<AppState> touched = new ArrayList<>();
    long capacityChanges;
    /** Apps that care which other apps are near them. */
    final TreeSet<AppId> choosy = new TreeSet<>();

    /** Sixteen hexadecimal digits; empty before the cluster is founded. */
    public String clusterId() {
        return clusterId;
    }

    public AgentTable agents() {
        return agents;
    }

    /** By id, those that are leaving included. */
    public NavigableMap<AppId, AppState> apps() {
        return Collections.unmodifiableNavigableMap(apps);
    }

    public Optional<AppState> app(AppId id) {
        return Optional.ofNullable(apps.get(id));
    }

    /** By name: those that are configured, and those that have instances. */
    public NavigableMap<String, RoleState> roles() {
        return Collections.unmodifiableNavigableMap(roles);
    }

    /** Apps that must not be near this one, other than itself. */
    public List<AppState> keepingOff(AppId id) {
        if (choosy.isEmpty()) {
            return List.of();
        }
        List<AppState> found = new ArrayList<>();
        for (AppId one : choosy) {
            AppState app = apps.get(one);
            if (app != null && !one.equals(id) && app.current.spec().shape().rules().preferences()
                    .apps().stream().anyMatch(neighbour -> neighbour.keepsOff(id))) {
                found.add(app);
            }
        }
        return found;
    }

    public Optional<Instance> instance(long number) {
        return Optional.ofNullable(instances.get(number));
    }

    public int instanceCount() {
        return instances.size();
    }

    /** Running ones, oldest first. */
    public Collection<Deployment> deployments() {
        return Collections.unmodifiableCollection(deployments.values());
    }

    public Optional<Deployment> deployment(long number) {
        return Optional.ofNullable(deployments.get(number));
    }

    /** Groups of which something has been said, or that have been made by an app below them. */
    public GroupTable groups() {
        return groups;
    }

    /** Whether a group is there: it has been made, or an app lies below it. */
    public boolean groupExists(String path) {
        return path.equals("/") || groups.get(path).isPresent() || !appsBelow(path).isEmpty();
    }

    /** The apps below a group, by id, those that are leaving included. */
    public NavigableMap<AppId, AppState> appsBelow(String group) {
        if (group.equals("/")) {
            return apps();
        }
        // '0' is what follows '/' in order.
        return Collections.unmodifiableNavigableMap(
                apps.subMap(new AppId(group + "/"), true, new AppId(group + "0"), false));
    }

    /** The newest apps that are gone, for those who want them back. */
    public RemovedApps removed() {
        return removed;
    }

    /** The service ports that apps have, those that are leaving included. */
    public ServicePortTable servicePorts() {
        return servicePorts;
    }

    /** How silent the agents are as a whole. */
    public Silence silence() {
        return silence;
    }

    /** Whether it came out of a backup and waits. */
    public Restoration restoration() {
        return restoration;
    }

    /** Since when health checks fail nearly everywhere; 0 = they do not. */
    public long healthStormMs() {
        return healthStormMs;
    }

    /** How many instances have a result of their health checks. */
    public int healthChecked() {
        return checked;
    }

    /** How many of those are failing theirs. */
    public int healthFailing() {
        return failing;
    }

    /** The number of the next instance placed. */
    public long instanceNext() {
        return instanceNext;
    }

    /** The number of the next deployment started. */
    public long deploymentNext() {
        return deploymentNext;
    }

    /** What is to be shown of an instance: what was seen last, unless its agent is silent. */
    public Condition conditionOf(Instance instance) {
        if (instance.seen.terminal()) {
            return instance.seen;
        }
        if (instance.inactive) {
            return Condition.UNREACHABLE_INACTIVE;
        }
        return agents.condition(instance.agentRow) == AgentCondition.UNREACHABLE
                ? Condition.UNREACHABLE
                : instance.seen;
    }

    /** It runs, its agent is heard of, and its health checks, if it has any, are content. */
    public boolean healthy(Instance instance) {
        return instance.seen == Condition.RUNNING
                && agents.condition(instance.agentRow) != AgentCondition.UNREACHABLE
                && (!instance.version.spec().healthChecked() || instance.health == Health.ALIVE);
    }

    /** Rises whenever something that did not fit before may fit now. */
    public long capacityChanges() {
        return capacityChanges;
    }

    /**
     * The apps that events have touched since the last call, by id: what is decided for them must not
     * depend on which event came first, for a restarted master no longer knows.
     */
    public List<AppState> drainTouched() {
        List<AppState> drained = new ArrayList<>(touched.size());
        for (AppState app : touched) {
            app.touched = false;
            if (apps.get(app.id) == app) {
                drained.add(app);
            }
        }
        touched.clear();
        drained.sort(Comparator.comparing(AppState::id));
        return drained;
    }

    /** Makes {@link #drainTouched} hand out every app once, as after a restart. */
    public void touchAll() {
        apps.values().forEach(this::touch);
    }

    /** Counts an instance that has been read from a snapshot. */
    void count(Instance instance) {
        held.count(instance, 1);
    }

    /** What could not be ended for its health may have to be now. */
    private void touchIll() {
        for (AppState app : apps.values()) {
            if (app.ill > 0) {
                touch(app);
            }
        }
    }

    /** Changes the state by one fact. */
    public void apply(Event event) {
        switch (event) {
            case Event.ClusterFounded founded -> clusterId = founded.clusterId();
            case Event.AgentRegistered registered -> apply(registered);
            case Event.AgentSuspected suspected ->
                agents.condition(suspected.row(), AgentCondition.SUSPECT, suspected.atMs());
            case Event.AgentUnreachable unreachable -> apply(unreachable);
            case Event.AgentRemoved removed -> {
                agents.remove(removed.row());
                restoration.forget(removed.row());
            }
            case Event.ReignBegan began -> silence.reign(began.atMs());
            case Event.ClusterRestored restored -> apply(restored);
            case Event.AgentCompared came -> restoration.apply(came);
            case Event.RestoreConfirmed unused -> {
                restoration.end();
                touchAll();
                capacityChanges++;
            }
            case Event.AgentStormChanged changed -> silence.apply(changed);
            case Event.AgentSettled settled -> {
                agents.marks().returning(settled.row(), false);
                activate(settled.row());
            }
            case Event.AgentKept kept -> apply(kept);
            case Event.AppVersioned versioned -> plans.apply(versioned);
            case Event.AppPlanned planned -> plans.apply(planned);
            case Event.AppLeaving leaving -> plans.apply(leaving);
            case Event.AppRemoved removed -> plans.apply(removed);
            case Event.RolloutMoved moved -> plans.apply(moved);
            case Event.WeightsSet set -> known(set.app()).weights = set.weights();
            case Event.GroupChanged changed -> groups.apply(changed);
            case Event.GroupRemoved removed -> groups.apply(removed);
            case Event.DeploymentStarted started -> plans.apply(started);
            case Event.DeploymentAdvanced advanced -> plans.apply(advanced);
            case Event.DeploymentPaused paused -> plans.apply(paused);
            case Event.DeploymentEnded ended -> plans.apply(ended);
            case Event.InstancesPlaced placed -> held.apply(placed);
            case Event.InstancesPromoted promoted -> held.apply(promoted);
            case Event.PlacementDeferred deferred -> plans.apply(deferred);
            case Event.InstancesReported reported -> held.apply(reported);
            case Event.InstancesDecommissioned decommissioned -> held.apply(decommissioned);
            case Event.InstancesDeactivated deactivated -> held.apply(deactivated);
            case Event.InstancesLost lost ->
                lost.instances().forEach(number -> held.drop(known(number), lost.atMs()));
            case Event.HealthStormChanged changed -> apply(changed);
            case Event.BackoffSet set -> plans.apply(set);
            case Event.ScalingSet set -> scalings.apply(set);
            case Event.ScalingRemoved removed -> scalings.apply(removed);
            case Event.AppScaled scaled -> scalings.apply(scaled);
            case Event.FailureNoted noted -> {
                known(noted.app()).lastFailure = noted.failure();
                touch(known(noted.app()));
            }
            case Event.RoleConfigured configured -> apply(configured.role());
            case Event.RoleRemoved removed -> {
                RoleState role = role(removed.name());
                role.spec = RoleSpec.plain(removed.name());
                role.configured = false;
                forget(role);
                capacityChanges++;
            }
            case Event.AgentMeasured measured -> {
                agents.measured(measured.row(), measured.cpusMilli(), measured.memMib());
                capacityChanges++;
            }
        }
    }

    private void apply(Event.HealthStormChanged changed) {
        healthStormMs = changed.on() ? changed.atMs() : 0;
        touchIll();
    }

    private void apply(Event.ClusterRestored restored) {
        // Without a state before it the rest of a log would pass for that of an empty cluster.
        Check.invariant(!clusterId.isEmpty(), "a restored log has lost the snapshot before it");
        instanceNext = Math.max(instanceNext, restored.instanceNext());
        deploymentNext = Math.max(deploymentNext, restored.deploymentNext());
        restoration.apply(restored);
    }

    private void apply(Event.AgentRegistered registered) {
        agents.register(registered.row(), registered.agent(), registered.atMs());
        agents.marks().returning(registered.row(), registered.returning());
        if (registered.returning()) {
            touchApps(registered.row());
        } else {
            activate(registered.row());
        }
        capacityChanges++;
    }

    /** What was replaced while the agent was away counts again. */
    private void activate(int row) {
        InstanceList held = agents.instances(row);
        for (int i = 0; i < held.size(); i++) {
            held.get(i).inactive = false;
            touch(held.get(i).app);
        }
    }

    private void apply(Event.AgentKept kept) {
        boolean drained = agents.marks().draining(kept.row());
        agents.marks().upkeep(kept.row(), kept.upkeep());
        InstanceList held = agents.instances(kept.row());
        for (int i = 0; drained && i < held.size(); i++) {
            InstanceFacts.calm(held.get(i).app);
        }
        touchApps(kept.row());
        capacityChanges++;
    }

    private void touchApps(int row) {
        InstanceList held = agents.instances(row);
        for (int i = 0; i < held.size(); i++) {
            touch(held.get(i).app);
        }
    }

    private void apply(Event.AgentUnreachable unreachable) {
        agents.condition(unreachable.row(), AgentCondition.UNREACHABLE, unreachable.atMs());
        agents.marks().returning(unreachable.row(), false);
        silence.declare(unreachable.atMs(), 1);
        touchApps(unreachable.row());
    }

    /** Takes what is looked up of an app's definition from the one that it has now. */
    void noteDefinition(AppState app) {
        servicePorts.recount(app);
        if (app.current.spec().shape().rules().preferences().apps().isEmpty()) {
            choosy.remove(app.id);
        } else {
            choosy.add(app.id);
        }
    }

    private void apply(RoleSpec spec) {
        RoleState role = role(spec.name());
        role.spec = spec;
        role.configured = true;
        capacityChanges++;
    }

    RoleState role(String name) {
        return roles.computeIfAbsent(name, unused -> new RoleState(RoleSpec.plain(name)));
    }

    void forget(RoleState role) {
        if (!role.configured && role.instances == 0) {
            roles.remove(role.spec.name());
        }
    }

    AppState known(AppId id) {
        return Check.present(apps.get(id), "an event names an unknown app");
    }

    Instance known(long number) {
        return Check.present(instances.get(number), "an event names an unknown instance");
    }

    void touch(AppState app) {
        if (!app.touched) {
            app.touched = true;
            touched.add(app);
        }
    }
}
