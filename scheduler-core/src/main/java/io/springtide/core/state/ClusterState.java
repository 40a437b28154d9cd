package io.springtide.core.state;

import io.springtide.core.Check;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Rejections;
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
    String clusterId = "";
    long instanceNext = 1;
    long deploymentNext = 1;

    // Hints for the one who decides; no part of the state proper.
    private final List<AppState> touched = new ArrayList<>();
    private long capacityChanges;
    /** Apps that care which other apps are near them. */
    private final TreeSet<AppId> choosy = new TreeSet<>();

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

    /** Changes the state by one fact. */
    public void apply(Event event) {
        switch (event) {
            case Event.ClusterFounded founded -> clusterId = founded.clusterId();
            case Event.AgentRegistered registered -> apply(registered);
            case Event.AgentSuspected suspected ->
                agents.condition(suspected.row(), AgentCondition.SUSPECT, suspected.atMs());
            case Event.AgentUnreachable unreachable -> apply(unreachable);
            case Event.AgentRemoved removed -> agents.remove(removed.row());
            case Event.AppVersioned versioned -> apply(versioned.version());
            case Event.AppLeaving leaving -> apply(leaving);
            case Event.AppRemoved removed -> apply(removed);
            case Event.DeploymentStarted started -> apply(started.deployment());
            case Event.DeploymentEnded ended -> apply(ended);
            case Event.InstancesPlaced placed -> apply(placed);
            case Event.PlacementDeferred deferred -> apply(deferred);
            case Event.InstancesReported reported -> apply(reported);
            case Event.InstancesDecommissioned decommissioned -> apply(decommissioned);
            case Event.InstancesDeactivated deactivated ->
                deactivated.instances().forEach(number -> {
                    Instance instance = known(number);
                    instance.inactive = true;
                    touch(instance.app);
                });
            case Event.InstancesLost lost ->
                lost.instances().forEach(number -> drop(known(number), lost.atMs()));
            case Event.BackoffSet set -> apply(set);
            case Event.FailureNoted noted -> known(noted.app()).lastFailure = noted.failure();
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

    private void apply(Event.AgentRegistered registered) {
        agents.register(registered.row(), registered.agent(), registered.atMs());
        InstanceList held = agents.instances(registered.row());
        for (int i = 0; i < held.size(); i++) {
            held.get(i).inactive = false;
            touch(held.get(i).app);
        }
        capacityChanges++;
    }

    private void apply(Event.AgentUnreachable unreachable) {
        agents.condition(unreachable.row(), AgentCondition.UNREACHABLE, unreachable.atMs());
        InstanceList held = agents.instances(unreachable.row());
        for (int i = 0; i < held.size(); i++) {
            touch(held.get(i).app);
        }
    }

    private void apply(AppVersion version) {
        AppState app = apps.get(version.spec().id());
        boolean onlyCount = app != null && app.current.configuredMs() == version.configuredMs();
        if (app == null) {
            app = new AppState(version);
            apps.put(app.id, app);
        } else {
            if (!onlyCount) {
                app.delayMs = 0;
                app.launchAfterMs = 0;
            }
            app.current = version;
            app.leaving = false;
            app.versions.put(version.versionMs(), version);
            prune(app);
        }
        noteChoosy(app);
        app.missing = 0;
        if (app.evicted > 0) {
            // Those that are wanted no longer are not missed.
            app.evicted = Math.clamp(app.wanted() - app.active(), 0, app.evicted);
        }
        app.rejections = Rejections.NONE;
        if (app.waitingSinceMs == 0) {
            app.waitingSinceMs = version.versionMs();
        }
        if (onlyCount && app.instances.size() >= app.wanted()) {
            app.waitingSinceMs = 0;
        }
        touch(app);
    }

    void noteChoosy(AppState app) {
        if (app.current.spec().shape().rules().preferences().apps().isEmpty()) {
            choosy.remove(app.id);
        } else {
            choosy.add(app.id);
        }
    }

    private static void prune(AppState app) {
        int over = app.versions.size() - AppState.VERSIONS_MAX;
        if (over <= 0) {
            return;
        }
        TreeSet<Long> inUse = new TreeSet<>();
        inUse.add(app.current.versionMs());
        for (int i = 0; i < app.instances.size(); i++) {
            inUse.add(app.instances.get(i).version.versionMs());
        }
        for (long versionMs : List.copyOf(app.versions.keySet())) {
            if (over > 0 && !inUse.contains(versionMs)) {
                app.versions.remove(versionMs);
                over--;
            }
        }
    }

    private void apply(Event.AppLeaving leaving) {
        AppState app = known(leaving.app());
        app.leaving = true;
        app.missing = 0;
        app.evicted = 0;
        app.waitingSinceMs = 0;
        app.rejections = Rejections.NONE;
        touch(app);
    }

    private void apply(Event.AppRemoved removed) {
        Check.invariant(known(removed.app()).instances.size() == 0,
                "a removed app still has instances");
        apps.remove(removed.app());
        choosy.remove(removed.app());
    }

    private void apply(Deployment deployment) {
        deploymentNext = Math.max(deploymentNext, deployment.number() + 1);
        deployments.put(deployment.number(), deployment);
        for (DeploymentAction action : deployment.actions()) {
            AppState app = known(action.app());
            app.deployment = deployment.number();
            touch(app);
        }
    }

    private void apply(Event.DeploymentEnded ended) {
        Deployment deployment = Check.present(deployments.remove(ended.number()),
                "an unknown deployment has ended");
        for (DeploymentAction action : deployment.actions()) {
            AppState app = apps.get(action.app());
            if (app != null && app.deployment == ended.number()) {
                app.deployment = 0;
                touch(app);
            }
        }
    }

    private void apply(Event.InstancesPlaced placed) {
        AppState app = known(placed.app());
        AppVersion version = Check.present(app.versions.get(placed.versionMs()),
                "an instance of an unknown version was placed");
        int[] rows = placed.agentRows();
        int portsEach = version.spec().shape().hostPorts().size();
        app.instances.ensureRoomFor(rows.length);
        RoleState role = role(version.spec().shape().rules().role());
        for (int i = 0; i < rows.length; i++) {
            int[] ports = portsEach == 0 ? Instance.NO_PORTS : new int[portsEach];
            System.arraycopy(placed.ports(), i * portsEach, ports, 0, portsEach);
            Instance instance = new Instance(placed.first() + i, app, version, rows[i], ports,
                    placed.gpus().length == 0 ? 0 : placed.gpus()[i], placed.atMs());
            agents.take(instance);
            role.charge(version.spec().shape(), 1);
            app.instances.add(instance);
            instances.put(instance.number, instance);
        }
        instanceNext = placed.first() + rows.length;
        app.missing = 0;
        app.evicted = Math.max(0, app.evicted - rows.length);
        app.rejections = Rejections.NONE;
        if (app.instances.size() >= app.wanted()) {
            app.waitingSinceMs = 0;
        }
        touch(app);
    }

    private void apply(Event.PlacementDeferred deferred) {
        AppState app = known(deferred.app());
        app.missing = deferred.missing();
        app.rejections = deferred.why();
        if (app.waitingSinceMs == 0) {
            app.waitingSinceMs = deferred.atMs();
        }
    }

    private void apply(Event.InstancesReported reported) {
        agents.seq(reported.row(), reported.seq());
        for (InstanceStatus status : reported.statuses()) {
            Instance instance = known(status.instance());
            touch(instance.app);
            if (status.condition().terminal()) {
                drop(instance, reported.atMs());
            } else {
                update(instance, status, reported.atMs());
            }
        }
    }

    private static void update(Instance instance, InstanceStatus status, long atMs) {
        if (status.condition().rank() > instance.seen.rank()) {
            instance.seen = status.condition();
            instance.seenMs = atMs;
            instance.stagedMs = instance.stagedMs == 0 ? atMs : instance.stagedMs;
            if (instance.seen == Condition.RUNNING) {
                instance.startedMs = atMs;
            }
        }
        if (!status.ipAddress().isEmpty()) {
            instance.ipAddress = status.ipAddress();
        }
        if (status.health() != Health.UNKNOWN) {
            instance.health = status.health();
            instance.healthFailures = status.healthFailures();
            instance.healthMs = atMs;
        }
    }

    private void apply(Event.InstancesDecommissioned decommissioned) {
        for (long number : decommissioned.instances()) {
            Instance instance = known(number);
            instance.goal = Goal.DECOMMISSIONED;
            touch(instance.app);
            if (decommissioned.reason().eviction() && !instance.app.leaving) {
                instance.app.evicted++;
            }
        }
    }

    private void apply(Event.BackoffSet set) {
        AppState app = known(set.app());
        app.delayMs = set.delayMs();
        app.launchAfterMs = set.launchAfterMs();
        touch(app);
    }

    private void drop(Instance instance, long atMs) {
        instances.remove(instance.number);
        instance.app.instances.remove(instance);
        agents.release(instance);
        RoleState role = role(instance.version.spec().shape().rules().role());
        role.charge(instance.version.spec().shape(), -1);
        forget(role);
        if (instance.app.waitingSinceMs == 0
                && instance.app.instances.size() < instance.app.wanted()) {
            instance.app.waitingSinceMs = atMs;
        }
        capacityChanges++;
        touch(instance.app);
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

    private void forget(RoleState role) {
        if (!role.configured && role.instances == 0) {
            roles.remove(role.spec.name());
        }
    }

    private AppState known(AppId id) {
        return Check.present(apps.get(id), "an event names an unknown app");
    }

    private Instance known(long number) {
        return Check.present(instances.get(number), "an event names an unknown instance");
    }

    private void touch(AppState app) {
        if (!app.touched) {
            app.touched = true;
            touched.add(app);
        }
    }
}
