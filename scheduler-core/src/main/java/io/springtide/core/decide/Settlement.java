package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Rules;
import io.springtide.core.placement.Placement;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.placement.Scorers;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What follows from a batch of commands: surplus instances end, waiting ones are placed, deployments
 * end. Looks only at apps that something has happened to, and at those that wait.
 */
public final class Settlement {

    private final ClusterState state;
    private final CoreSettings settings;
    private final Placement placement;
    private final ComingFree comingFree;
    private final DeploymentDecisions deployments;
    private final TreeMap<AppId, Waiting> waiting = new TreeMap<>();
    private final TreeMap<AppId, Waiting> standbys = new TreeMap<>();
    /** Touched and not yet looked at. */
    private final TreeMap<AppId, AppState> due = new TreeMap<>();

    // Hints: what was looked at last. Without them the same is looked at once more.
    private List<Holds.Hold> held = List.of();
    private long placedAt = -1;
    private long changes;
    private long searchedAt = -1;
    private List<AppId> searchedFor = List.of();

    public Settlement(ClusterState state, CoreSettings settings, Scorers scorers,
            DeploymentDecisions deployments) {
        this.state = state;
        this.deployments = deployments;
        this.placement = new Placement(state,
                new PlacementSettings(scorers, settings.slackMarginPpm()));
        this.settings = settings;
        this.comingFree = new ComingFree(state);
    }

    /** Takes note of a fact that the state has taken in. */
    public void applied(Event event) {
        if (event instanceof Event.InstancesDecommissioned decommissioned) {
            comingFree.applied(decommissioned);
        }
        // Where somebody waits, each of them may let him find others who give way.
        boolean talk = event instanceof Event.PlacementDeferred
                || event instanceof Event.FailureNoted
                || (event instanceof Event.InstancesReported reported && !ends(reported));
        changes += talk ? 0 : 1;
    }

    private static boolean ends(Event.InstancesReported reported) {
        for (InstanceStatus status : reported.statuses()) {
            if (status.condition().terminal()) {
                return true;
            }
        }
        return false;
    }

    /** Decides one round; deciding again after applying it may find more. */
    public Decision settle(long nowMs) {
        for (AppState app : state.drainTouched()) {
            due.put(app.id(), app);
        }
        List<Event> first = HealthStorm.change(state, settings, nowMs).map(List::of)
                .orElseGet(() -> goBack(nowMs));
        if (!first.isEmpty()) {
            // What is due is decided anew once that is so.
            return new Decision(first, Answer.NOTHING);
        }
        List<AppState> touched = List.copyOf(due.values());
        due.clear();
        List<Event> events = new ArrayList<>();
        TreeSet<Long> moved = new TreeSet<>();
        for (AppState app : touched) {
            follow(app, nowMs, events);
            if (app.deployment() != 0) {
                moved.add(app.deployment());
            } else if (app.leaving() && app.instances().size() == 0) {
                events.add(new Event.AppRemoved(app.id(), nowMs));
            }
        }
        moved.forEach(number -> state.deployment(number)
                .ifPresent(deployment -> advance(deployment, nowMs, events)));
        if (!touched.isEmpty()) {
            lookAgain(waiting);
            lookAgain(standbys);
        }
        for (Event event : events) {
            if (event instanceof Event.DeploymentAdvanced) {
                // It changes what is to be placed: the next round sees to that.
                return new Decision(events, Answer.NOTHING);
            }
        }
        List<Waiting> launchable = launchable(waiting, nowMs);
        place(launchable, launchable(standbys, nowMs), nowMs, events);
        if (events.isEmpty()) {
            evict(launchable, nowMs).ifPresent(events::add);
        }
        return events.isEmpty() ? Decision.NONE : new Decision(events, Answer.NOTHING);
    }

    /** What has happened to others may let those in that care who is near them. */
    private static void lookAgain(Map<AppId, Waiting> queue) {
        for (Waiting one : queue.values()) {
            if (!one.rules().preferences().apps().isEmpty()) {
                one.triedAtCapacity = -1;
            }
        }
    }

    /** The first change, if any, of which too much has failed. */
    private List<Event> goBack(long nowMs) {
        due.values().removeIf(app -> state.app(app.id()).orElse(null) != app);
        for (AppState app : due.values()) {
            List<Event> back = RollbackGuard.tripped(app)
                    ? deployments.goBack(app, nowMs)
                    : List.of();
            if (!back.isEmpty()) {
                return back;
            }
        }
        return List.of();
    }

    /** What an app needs next. */
    private void follow(AppState app, long nowMs, List<Event> events) {
        Counted count = new Counted(state, app);
        Rollout rollout = Rollout.of(count);
        end(rollout.surplus(), app.leaving() ? Event.Reason.APP_REMOVED : Event.Reason.SURPLUS,
                nowMs, events);
        end(rollout.replaced(), Event.Reason.REPLACED, nowMs, events);
        end(rollout.ill(), Event.Reason.UNHEALTHY, nowMs, events);
        end(rollout.moved(), Event.Reason.DRAINED, nowMs, events);
        Standbys frozen = Standbys.of(count, rollout);
        follow(app, frozen, nowMs, events);
        queue(app, false, rollout.launch() - frozen.promoted().size());
        queue(app, true, frozen.launch());
        if (StopFirst.needed(state, count, rollout, placement::round)) {
            events.add(new Event.RolloutMoved(app.id(), app.rollout().withStopFirst(true)));
        } else {
            CanaryStages.next(state, app, nowMs)
                    .ifPresent(next -> events.add(new Event.RolloutMoved(app.id(), next)));
        }
    }

    /** What it needs next of standbys. */
    private static void follow(AppState app, Standbys frozen, long nowMs, List<Event> events) {
        if (!frozen.promoted().isEmpty()) {
            events.add(new Event.InstancesPromoted(
                    frozen.promoted().stream().map(Instance::number).toList(), nowMs));
        }
        end(frozen.surplus(), app.leaving() ? Event.Reason.APP_REMOVED : Event.Reason.SURPLUS,
                nowMs, events);
        end(frozen.replaced(), Event.Reason.REPLACED, nowMs, events);
        end(frozen.ill(), Event.Reason.UNHEALTHY, nowMs, events);
        end(frozen.moved(), Event.Reason.DRAINED, nowMs, events);
    }

    private static void end(List<Instance> instances, Event.Reason reason, long nowMs,
            List<Event> events) {
        if (!instances.isEmpty()) {
            events.add(new Event.InstancesDecommissioned(
                    instances.stream().map(Instance::number).toList(), reason, nowMs));
        }
    }

    private void queue(AppState app, boolean standby, int launch) {
        TreeMap<AppId, Waiting> queue = standby ? standbys : waiting;
        if (launch == 0) {
            queue.remove(app.id());
            return;
        }
        Waiting one = queue.get(app.id());
        if (one == null || one.app != app) {
            one = new Waiting(app, standby);
            queue.put(app.id(), one);
        } else if (movesOwnBounds(app.current().spec().shape().rules())) {
            one.triedAtCapacity = -1;
        }
        one.launch = launch;
    }

    /** Where the app's instances are decides where more of them may be. */
    private static boolean movesOwnBounds(Rules rules) {
        return rules.constraints().stream().anyMatch(constraint -> !constraint.fixed());
    }

    private List<Waiting> launchable(Map<AppId, Waiting> queue, long nowMs) {
        if (queue.isEmpty()) {
            return List.of();
        }
        queue.values().removeIf(one -> state.app(one.app.id()).orElse(null) != one.app);
        List<Waiting> launchable = new ArrayList<>();
        for (Waiting one : queue.values()) {
            if (one.launchable(nowMs)) {
                launchable.add(one);
            }
        }
        return launchable;
    }

    /** Goes on to the next step of a deployment, or ends it, if the present one is done. */
    private void advance(Deployment deployment, long nowMs, List<Event> events) {
        List<Event> removals = new ArrayList<>();
        for (DeploymentAction action : deployment.currentActions()) {
            AppState app = state.app(action.app()).orElse(null);
            if (app == null || app.deployment() != deployment.number()) {
                continue;
            }
            if (app.leaving() ? app.instances().size() > 0 : !Rollout.of(state, app).settled()) {
                return;
            }
            if (app.leaving()) {
                removals.add(new Event.AppRemoved(app.id(), nowMs));
            }
        }
        int next = deployment.step() + 1;
        while (next < deployment.steps().size() && DeploymentDecisions
                .own(state, deployment, deployment.steps().get(next)).isEmpty()) {
            // Others have taken its apps over.
            next++;
        }
        if (next >= deployment.steps().size()) {
            events.addAll(removals);
            events.add(new Event.DeploymentEnded(deployment.number(),
                    Event.DeploymentEnded.Outcome.SUCCEEDED, nowMs));
        } else if (!deployment.paused()) {
            events.addAll(removals);
            events.add(new Event.DeploymentAdvanced(deployment.number(), next, nowMs));
        }
    }

    /** Places what waits and has a chance. */
    private void place(List<Waiting> urgent, List<Waiting> frozen, long nowMs,
            List<Event> events) {
        List<Holds.Hold> starving = starving(urgent, nowMs);
        List<Waiting> launchable = urgent;
        if (!frozen.isEmpty()) {
            launchable = new ArrayList<>(urgent);
            launchable.addAll(frozen);
        }
        if (placedAt != changes || !starving.equals(held)) {
            // Those for whose sake others were held back may no longer be in the way.
            placedAt = changes;
            held = starving;
            for (Waiting one : launchable) {
                one.triedAtCapacity = one.heldBack ? -1 : one.triedAtCapacity;
            }
        }
        for (Waiting one : launchable) {
            if (one.worthTrying(state.capacityChanges())) {
                new LaunchRound(state, placement, comingFree, starving, nowMs, events)
                        .place(launchable);
                return;
            }
        }
    }

    private List<Holds.Hold> starving(List<Waiting> launchable, long nowMs) {
        long sinceMs = nowMs - settings.starvingAfterMs();
        if (launchable.size() < 2
                || launchable.stream().noneMatch(one -> Holds.waits(one, sinceMs))) {
            return List.of();
        }
        return Holds.starving(state, launchable,
                placement.round(), new Quota(state), sinceMs);
    }

    /** Nothing more can be placed: who has to give way? */
    private Optional<Event> evict(List<Waiting> launchable, long nowMs) {
        Optional<Event> reclaimed = Reclaim.decide(state, placement.settings().slackMarginPpm(),
                nowMs);
        if (reclaimed.isPresent()) {
            return reclaimed;
        }
        if (launchable.isEmpty()) {
            return Optional.empty();
        }
        List<AppId> asking = launchable.stream().map(waiting -> waiting.app.id()).toList();
        if (searchedAt == changes && asking.equals(searchedFor)) {
            return Optional.empty();
        }
        Optional<Event> preempted = Preemption.decide(state, placement, comingFree,
                launchable, nowMs);
        if (preempted.isEmpty()) {
            searchedAt = changes;
            searchedFor = asking;
        }
        return preempted;
    }
}
