package io.springtide.core.state;

import io.springtide.core.Check;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.RolloutState;
import java.util.List;
import java.util.TreeSet;

/** Takes in facts about what is wanted: apps, their versions, and the deployments that change them. */
final class PlanFacts {

    private final ClusterState state;

    PlanFacts(ClusterState state) {
        this.state = state;
    }

    void apply(Event.AppVersioned versioned) {
        AppVersion version = versioned.version();
        AppState app = state.apps.get(version.spec().id());
        if (app == null) {
            app = new AppState(version);
            app.rollout = RolloutState.begun(0, version.versionMs());
            state.apps.put(app.id, app);
        }
        app.planned = null;
        enter(app, version, version.versionMs());
    }

    void apply(Event.AppPlanned planned) {
        AppVersion version = planned.version();
        AppState app = state.apps.get(version.spec().id());
        if (app == null) {
            app = new AppState(version);
            app.awaiting = true;
            state.apps.put(app.id, app);
        }
        if (app.leaving) {
            app.leaving = false;
            app.awaiting = true;
        }
        app.planned = version;
        app.versions.put(version.versionMs(), version);
        prune(app);
        state.noteDefinition(app);
        state.touch(app);
    }

    /** The version counts from now on. */
    private void enter(AppState app, AppVersion version, long atMs) {
        AppVersion before = app.current;
        // What has never run, or is gone, is nothing to go back to.
        boolean first = app.awaiting || app.leaving
                || before.versionMs() == version.versionMs();
        app.awaiting = false;
        boolean onlyCount = !first && before.configuredMs() == version.configuredMs();
        if (!onlyCount) {
            app.delayMs = 0;
            app.launchAfterMs = 0;
            app.rollout = RolloutState.begun(first ? 0 : before.versionMs(), atMs);
        }
        app.current = version;
        app.leaving = false;
        app.versions.put(version.versionMs(), version);
        prune(app);
        state.noteDefinition(app);
        app.missing = 0;
        if (app.evicted > 0) {
            // Those that are wanted no longer are not missed.
            app.evicted = Math.clamp(app.wanted() - app.active(), 0, app.evicted);
        }
        app.rejections = Rejections.NONE;
        if (app.waitingSinceMs == 0) {
            app.waitingSinceMs = version.versionMs();
        }
        if (onlyCount && app.serving() >= app.wanted()) {
            app.waitingSinceMs = 0;
        }
        state.touch(app);
    }

    private static void prune(AppState app) {
        int over = app.versions.size() - AppState.VERSIONS_MAX;
        if (over <= 0) {
            return;
        }
        TreeSet<Long> inUse = new TreeSet<>();
        inUse.add(app.current.versionMs());
        inUse.add(app.latest().versionMs());
        inUse.add(app.rollout.originalMs());
        for (int i = 0; i < app.instances.size(); i++) {
            inUse.add(app.instances.get(i).version.versionMs());
        }
        for (long versionMs : List.copyOf(app.versions.keySet())) {
            if (over > 0 && !inUse.contains(versionMs)) {
                app.versions.remove(versionMs);
                app.memory = app.memory.forgetting(versionMs);
                over--;
            }
        }
    }

    void apply(Event.AppLeaving leaving) {
        AppState app = state.known(leaving.app());
        app.leaving = true;
        app.planned = null;
        state.noteDefinition(app);
        app.awaiting = false;
        app.missing = 0;
        app.evicted = 0;
        app.waitingSinceMs = 0;
        app.rejections = Rejections.NONE;
        state.touch(app);
    }

    void apply(Event.AppRemoved removed) {
        AppState app = state.known(removed.app());
        Check.invariant(app.instances.size() == 0, "a removed app still has instances");
        state.apps.remove(removed.app());
        state.choosy.remove(removed.app());
        state.servicePorts.release(app);
        state.removed.add(app, removed.atMs());
    }

    void apply(Event.RolloutMoved moved) {
        AppState app = state.known(moved.app());
        app.rollout = moved.rollout();
        state.touch(app);
    }

    void apply(Event.DeploymentStarted started) {
        Deployment deployment = started.deployment();
        state.deploymentNext = Math.max(state.deploymentNext, deployment.number() + 1);
        state.deployments.put(deployment.number(), deployment);
        for (DeploymentAction action : deployment.actions()) {
            AppState app = state.known(action.app());
            long before = app.deployment;
            app.deployment = deployment.number();
            if (before != deployment.number() && app.planned == null) {
                // Whoever changes the app again does not mean it to stay where it was held.
                app.rollout = app.rollout.withLimit(RolloutState.UNLIMITED);
            }
            state.touch(app);
            if (before != 0 && before != deployment.number()) {
                // The one that it is taken from may have waited for it.
                known(before).actions().forEach(other -> touch(other.app()));
            }
        }
    }

    private void touch(AppId id) {
        AppState app = state.apps.get(id);
        if (app != null) {
            state.touch(app);
        }
    }

    void apply(Event.DeploymentAdvanced advanced) {
        Deployment deployment = known(advanced.number()).withStep(advanced.step());
        state.deployments.put(deployment.number(), deployment);
        for (DeploymentAction action : deployment.currentActions()) {
            AppState app = state.apps.get(action.app());
            if (app == null || app.deployment != deployment.number()) {
                continue;
            }
            AppVersion planned = app.planned;
            if (planned != null) {
                app.planned = null;
                app.rollout = app.rollout.withLimit(RolloutState.UNLIMITED);
                enter(app, planned, advanced.atMs());
            }
            state.touch(app);
        }
    }

    void apply(Event.DeploymentPaused paused) {
        Deployment deployment = known(paused.number()).withPaused(paused.paused(),
                paused.atMs());
        state.deployments.put(deployment.number(), deployment);
        for (DeploymentAction action : deployment.actions()) {
            touch(action.app());
        }
    }

    void apply(Event.DeploymentEnded ended) {
        Deployment deployment = Check.present(state.deployments.remove(ended.number()),
                "an unknown deployment has ended");
        for (DeploymentAction action : deployment.actions()) {
            AppState app = state.apps.get(action.app());
            if (app != null && app.deployment == ended.number()) {
                app.deployment = 0;
                if (ended.outcome() == Event.DeploymentEnded.Outcome.SUCCEEDED) {
                    app.rollout = app.rollout.withLimit(RolloutState.UNLIMITED);
                }
                forgetPlan(app);
                state.touch(app);
            }
        }
    }

    /** What was planned and has not begun will not begin any more. */
    private void forgetPlan(AppState app) {
        AppVersion planned = app.planned;
        if (planned != null && !app.awaiting) {
            app.versions.remove(planned.versionMs());
            app.planned = null;
            state.noteDefinition(app);
        }
    }

    void apply(Event.PlacementDeferred deferred) {
        AppState app = state.known(deferred.app());
        app.missing = deferred.missing();
        app.rejections = deferred.why();
        if (app.waitingSinceMs == 0) {
            app.waitingSinceMs = deferred.atMs();
        }
        if (app.ill > 0) {
            // Without room for a replacement first, an ill one may have to go before it.
            state.touch(app);
        }
    }

    void apply(Event.BackoffSet set) {
        AppState app = state.known(set.app());
        app.delayMs = set.delayMs();
        app.launchAfterMs = set.launchAfterMs();
        state.touch(app);
    }

    private Deployment known(long number) {
        return Check.present(state.deployments.get(number),
                "an event names an unknown deployment");
    }
}
