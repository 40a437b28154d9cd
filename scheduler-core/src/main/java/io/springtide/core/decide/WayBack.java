package io.springtide.core.decide;

import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.RemovedApps;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Plans how to undo what a deployment has done; what others have changed since stays. */
final class WayBack {

    private final ClusterState state;

    WayBack(ClusterState state) {
        this.state = state;
    }

    /**
     * Back to what was before a deployment, in the order of what the apps depended on before.
     *
     * @param removing whether apps go that it has started; else they stay, for who has not asked for it
     *     must not lose them. Those that are yet to be started go in any case: nothing of them is there.
     */
    DeploymentPlan plan(Deployment deployment, boolean removing, long nowMs) {
        TreeMap<AppId, AppVersion> originals = new TreeMap<>();
        DeploymentPlan plan = new DeploymentPlan(true);
        boolean changed = removing || deployment.actions().stream()
                .anyMatch(action -> action.originalMs() != 0);
        for (DeploymentAction action : deployment.actions()) {
            Optional<AppState> app = own(action.app(), deployment);
            if (action.originalMs() == 0) {
                app.filter(one -> !one.leaving() && (removing || (changed && one.awaiting())))
                        .ifPresent(one -> plan.stop(AppDecisions.stop(one)));
            } else {
                original(action, app).ifPresent(one -> originals.put(action.app(), one));
            }
        }
        List<AppSpec> specs = originals.values().stream().map(AppVersion::spec).toList();
        DependencyOrder order = new DependencyOrder(
                new WantedApps(state, specs, List.of(), List.of()));
        originals.forEach((id, original) -> plan.add(back(id, original, nowMs),
                order.depth(id).orElse(0)));
        return plan;
    }

    /** One app back to the configuration before its present one; a count set since then stays. */
    DeploymentPlan plan(AppState app, long nowMs) {
        DeploymentPlan plan = new DeploymentPlan(true);
        app.version(app.rollout().originalMs()).ifPresent(original -> {
            boolean scaled = app.current().versionMs() != app.current().configuredMs();
            AppSpec spec = scaled
                    ? original.spec().withInstances(app.current().spec().instances())
                    : original.spec();
            plan.add(back(app.id(), new AppVersion(spec, original.versionMs(), original.scaledMs(),
                    original.configuredMs()), nowMs), 0);
        });
        return plan;
    }

    private Optional<AppVersion> original(DeploymentAction action, Optional<AppState> app) {
        if (app.isPresent()) {
            boolean begun = app.get().leaving()
                    || app.get().current().versionMs() != action.originalMs();
            return begun ? app.get().version(action.originalMs()) : Optional.empty();
        }
        // It is gone already, unless somebody has made another one of that name.
        return state.app(action.app()).isPresent()
                ? Optional.empty()
                : state.removed().get(action.app()).map(RemovedApps.Removed::versions)
                        .flatMap(known -> Optional.ofNullable(known.get(action.originalMs())));
    }

    private DeploymentPlan.Step back(AppId id, AppVersion original, long nowMs) {
        Optional<AppState> known = state.app(id);
        if (known.isEmpty()) {
            long versionMs = Math.max(nowMs, original.versionMs() + 1);
            return new DeploymentPlan.Step(
                    new AppVersion(original.spec(), versionMs, versionMs, versionMs),
                    new DeploymentAction(id, DeploymentAction.Kind.START, 0, versionMs));
        }
        AppVersion now = known.get().current();
        long versionMs = AppDecisions.versionMs(known.get(), nowMs);
        // The configuration of old: instances that still run it are kept.
        return new DeploymentPlan.Step(
                new AppVersion(original.spec(), versionMs, versionMs, original.configuredMs()),
                new DeploymentAction(id,
                        now.configuredMs() == original.configuredMs()
                                ? DeploymentAction.Kind.SCALE
                                : DeploymentAction.Kind.RESTART,
                        now.versionMs(), versionMs));
    }

    /** The app, if the deployment still has it. */
    private Optional<AppState> own(AppId id, Deployment deployment) {
        return state.app(id).filter(app -> app.deployment() == deployment.number());
    }
}
