package io.springtide.core.state;

import io.springtide.core.Check;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Rejections;

/** Takes in facts about what is there: instances placed, reported on, ended. */
final class InstanceFacts {

    private final ClusterState state;

    InstanceFacts(ClusterState state) {
        this.state = state;
    }

    void apply(Event.InstancesPlaced placed) {
        AppState app = state.known(placed.app());
        AppVersion version = Check.present(app.versions.get(placed.versionMs()),
                "an instance of an unknown version was placed");
        int[] rows = placed.agentRows();
        int portsEach = version.spec().shape().hostPorts().size();
        app.instances.ensureRoomFor(rows.length);
        RoleState role = state.role(version.spec().shape().rules().role());
        for (int i = 0; i < rows.length; i++) {
            int[] ports = portsEach == 0 ? Instance.NO_PORTS : new int[portsEach];
            System.arraycopy(placed.ports(), i * portsEach, ports, 0, portsEach);
            Instance instance = new Instance(placed.first() + i, app, version, rows[i], ports,
                    placed.gpus().length == 0 ? 0 : placed.gpus()[i], placed.atMs());
            if (placed.standby()) {
                instance.goal = Goal.STANDBY;
                instance.spare = true;
                app.standbys++;
                app.spare++;
            }
            state.agents.take(instance);
            role.charge(version.spec().shape(), 1);
            app.instances.add(instance);
            state.instances.put(instance.number, instance);
        }
        state.instanceNext = placed.first() + rows.length;
        state.touch(app);
        if (placed.standby()) {
            return;
        }
        app.missing = 0;
        app.evicted = Math.max(0, app.evicted - rows.length);
        app.rejections = Rejections.NONE;
        if (app.serving() >= app.wanted()) {
            app.waitingSinceMs = 0;
        }
    }

    void apply(Event.InstancesPromoted promoted) {
        for (long number : promoted.instances()) {
            Instance instance = state.known(number);
            AppState app = instance.app;
            app.standbys -= instance.standby() ? 1 : 0;
            app.spare -= instance.spare ? 1 : 0;
            instance.spare = false;
            instance.goal = Goal.RUNNING;
            instance.seenMs = promoted.atMs();
            app.missing = Math.max(0, app.missing - 1);
            app.evicted = Math.max(0, app.evicted - 1);
            if (app.missing == 0) {
                app.rejections = Rejections.NONE;
            }
            if (app.serving() >= app.wanted()) {
                app.waitingSinceMs = 0;
            }
            state.touch(app);
        }
    }

    void apply(Event.InstancesReported reported) {
        state.agents.seq(reported.row(), reported.seq());
        for (InstanceStatus status : reported.statuses()) {
            Instance instance = state.known(status.instance());
            state.touch(instance.app);
            if (status.condition().terminal()) {
                drop(instance, reported.atMs());
            } else {
                update(instance, status, reported.atMs());
            }
        }
    }

    private void update(Instance instance, InstanceStatus status, long atMs) {
        if (status.condition().rank() > instance.seen.rank()
                || thawedOrFrozen(instance.seen, status.condition())) {
            instance.seen = status.condition();
            instance.seenMs = atMs;
            instance.stagedMs = instance.stagedMs == 0 ? atMs : instance.stagedMs;
            if (instance.startedMs == 0 && instance.seen.rank() == Condition.RUNNING.rank()) {
                instance.startedMs = atMs;
            }
        }
        if (!status.ipAddress().isEmpty()) {
            instance.ipAddress = status.ipAddress();
        }
        if (status.health() != Health.UNKNOWN) {
            count(instance, -1);
            instance.health = status.health();
            count(instance, 1);
            instance.healthFailures = status.healthFailures();
            instance.healthMs = atMs;
            exhausted(instance, status.exhausted());
        } else if (instance.seen == Condition.PAUSED && instance.health == Health.DEAD) {
            // It was frozen once it was ready: what failed before is over, and nothing is checked now.
            count(instance, -1);
            instance.health = Health.UNKNOWN;
            instance.healthFailures = 0;
            exhausted(instance, false);
        }
        if (!status.parts().isEmpty()) {
            instance.parts = status.parts();
        }
        status.readiness().ifPresent(answer -> instance.readiness = answer);
        status.check().ifPresent(answer -> instance.check = answer);
    }

    private static boolean thawedOrFrozen(Condition before, Condition now) {
        return (before == Condition.RUNNING && now == Condition.PAUSED)
                || (before == Condition.PAUSED && now == Condition.RUNNING);
    }

    void apply(Event.InstancesDecommissioned decommissioned) {
        for (long number : decommissioned.instances()) {
            Instance instance = state.known(number);
            boolean standby = instance.standby();
            instance.app.standbys -= standby ? 1 : 0;
            instance.goal = Goal.DECOMMISSIONED;
            state.touch(instance.app);
            if (decommissioned.reason().eviction() && !instance.app.leaving && !standby) {
                instance.app.evicted++;
            }
        }
    }

    void apply(Event.InstancesDeactivated deactivated) {
        for (long number : deactivated.instances()) {
            Instance instance = state.known(number);
            instance.inactive = true;
            state.touch(instance.app);
        }
    }

    void drop(Instance instance, long atMs) {
        count(instance, -1);
        exhausted(instance, false);
        state.instances.remove(instance.number);
        instance.app.instances.remove(instance);
        instance.app.standbys -= instance.standby() ? 1 : 0;
        instance.app.spare -= instance.spare ? 1 : 0;
        state.agents.release(instance);
        RoleState role = state.role(instance.version.spec().shape().rules().role());
        role.charge(instance.version.spec().shape(), -1);
        state.forget(role);
        if (instance.app.waitingSinceMs == 0
                && instance.app.serving() < instance.app.wanted()) {
            instance.app.waitingSinceMs = atMs;
        }
        state.capacityChanges++;
        state.touch(instance.app);
    }

    /** Counts an instance among those whose checks have a result, or no longer. */
    void count(Instance instance, int by) {
        state.checked += instance.health == Health.UNKNOWN ? 0 : by;
        state.failing += instance.health == Health.DEAD ? by : 0;
    }

    private static void exhausted(Instance instance, boolean now) {
        if (instance.exhausted != now) {
            instance.exhausted = now;
            AppState app = instance.app;
            app.ill += now ? 1 : -1;
            // Nobody is waited for any more to take the place of one that was ill.
            calm(app);
        }
    }

    /** Forgets what an app has waited for, if it has all it wants. */
    static void calm(AppState app) {
        if (app.ill == 0 && app.serving() >= app.wanted()) {
            app.missing = 0;
            app.rejections = Rejections.NONE;
            app.waitingSinceMs = 0;
        }
    }
}
