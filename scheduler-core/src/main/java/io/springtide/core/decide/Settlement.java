package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.placement.Fields;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What follows from a batch of commands: surplus instances end, waiting ones are placed, deployments
 * end. Looks only at apps that something has happened to, and at those that wait.
 */
public final class Settlement {

    /** Bounds how long one round may hold up the commands behind it; the rest waits for the next. */
    private static final int LAUNCHES_MAX = 20_000;

    /** Likewise: so many agents are looked at in one round. */
    private static final long SCANS_MAX = 2_000_000;

    private final ClusterState state;
    private final Fields fields;
    private final TreeMap<AppId, Waiting> waiting = new TreeMap<>();

    public Settlement(ClusterState state) {
        this.state = state;
        this.fields = new Fields(state.agents());
    }

    /** An app that misses instances, and what was tried for it last. */
    private static final class Waiting {
        int launch;
        long triedAtCapacity = -1;
        int triedLaunch;
        long triedVersionMs;
    }

    /** Decides one round; deciding again after applying it may find more. */
    public Decision settle(long nowMs) {
        List<Event> events = new ArrayList<>();
        TreeSet<Long> deployments = new TreeSet<>();
        for (AppState app : state.drainTouched()) {
            Rollout rollout = Rollout.of(state, app);
            end(rollout.surplus(), app.leaving() ? Event.Reason.APP_REMOVED : Event.Reason.SURPLUS,
                    nowMs, events);
            end(rollout.replaced(),
                    app.leaving() ? Event.Reason.APP_REMOVED : Event.Reason.REPLACED, nowMs,
                    events);
            queue(app, rollout.launch());
            if (app.deployment() != 0) {
                deployments.add(app.deployment());
            } else if (app.leaving() && app.instances().size() == 0) {
                events.add(new Event.AppRemoved(app.id()));
            }
        }
        deployments.forEach(number -> state.deployment(number)
                .ifPresent(deployment -> finish(deployment, nowMs, events)));
        place(nowMs, events);
        return events.isEmpty() ? Decision.NONE : new Decision(events, Answer.NOTHING);
    }

    private static void end(List<Instance> instances, Event.Reason reason, long nowMs,
            List<Event> events) {
        if (!instances.isEmpty()) {
            events.add(new Event.InstancesDecommissioned(
                    instances.stream().map(Instance::number).toList(), reason, nowMs));
        }
    }

    private void queue(AppState app, int launch) {
        if (launch == 0) {
            waiting.remove(app.id());
            return;
        }
        waiting.computeIfAbsent(app.id(), unused -> new Waiting()).launch = launch;
    }

    private void finish(Deployment deployment, long nowMs, List<Event> events) {
        List<Event> removals = new ArrayList<>();
        for (DeploymentAction action : deployment.actions()) {
            AppState app = state.app(action.app()).orElse(null);
            if (app == null || app.deployment() != deployment.number()) {
                continue;
            }
            if (app.leaving() ? app.instances().size() > 0 : !Rollout.of(state, app).settled()) {
                return;
            }
            if (app.leaving()) {
                removals.add(new Event.AppRemoved(app.id()));
            }
        }
        events.addAll(removals);
        events.add(new Event.DeploymentEnded(deployment.number(),
                Event.DeploymentEnded.Outcome.SUCCEEDED, nowMs));
    }

    /** Places what waits: who has waited longest first, then by id. */
    private void place(long nowMs, List<Event> events) {
        List<AppState> order = new ArrayList<>();
        waiting.keySet().removeIf(id -> state.app(id).isEmpty());
        waiting.forEach((id, wait) -> {
            AppState app = state.app(id).orElseThrow();
            boolean worthTrying = wait.triedAtCapacity != state.capacityChanges()
                    || wait.triedLaunch != wait.launch
                    || wait.triedVersionMs != app.current().versionMs();
            if (worthTrying && app.launchAfterMs() <= nowMs && !app.leaving()) {
                order.add(app);
            }
        });
        if (order.isEmpty()) {
            return;
        }
        order.sort(Comparator.comparingLong(AppState::waitingSinceMs).thenComparing(AppState::id));
        PlacementRound round = new PlacementRound(state, PlacementSettings.DEFAULT, fields);
        long first = state.instanceNext();
        int launches = LAUNCHES_MAX;
        for (AppState app : order) {
            if (launches == 0 || round.rowsScanned() >= SCANS_MAX) {
                break;
            }
            Waiting wait = waiting.get(app.id());
            if (wait == null) {
                continue;
            }
            int count = Math.min(wait.launch, launches);
            PlacementRound.Choice choice = round.place(app, count);
            int placed = choice.agentRows().length;
            if (placed > 0) {
                events.add(new Event.InstancesPlaced(app.id(), app.current().versionMs(), first,
                        choice.agentRows(), choice.ports(), choice.gpus(), nowMs));
                first += placed;
                launches -= placed;
            }
            if (placed < count) {
                int missing = wait.launch - placed;
                // After a placement the state has forgotten the reasons: say them again.
                if (placed > 0 || missing != app.missing()
                        || !choice.rejections().equals(app.rejections())) {
                    events.add(new Event.PlacementDeferred(app.id(), missing, choice.rejections(),
                            nowMs));
                }
                wait.triedAtCapacity = state.capacityChanges();
                wait.triedLaunch = wait.launch - placed;
                wait.triedVersionMs = app.current().versionMs();
            }
            wait.launch -= placed;
        }
    }
}
