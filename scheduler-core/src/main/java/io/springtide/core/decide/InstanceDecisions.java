package io.springtide.core.decide;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.TaskFailure;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;

/** What follows when agents report on instances, and when somebody kills some. */
public final class InstanceDecisions {

    private final ClusterState state;
    private final AppDecisions apps;

    public InstanceDecisions(ClusterState state, AppDecisions apps) {
        this.state = state;
        this.apps = apps;
    }

    /** Takes in a batch of statuses. Repeats, and what is said of unknown instances, change nothing. */
    public Decision report(Command.ReportStatuses report, long nowMs) {
        OptionalInt row = state.agents().rowOf(report.agent());
        if (row.isEmpty()) {
            return Decision.refused(Answer.Code.AGENT_REFUSED,
                    "agent " + report.agent() + " reports without having registered");
        }
        AgentSpec agent = state.agents().spec(row.getAsInt());
        if (agent.incarnation() != report.incarnation()
                || report.seq() <= state.agents().seq(row.getAsInt())) {
            return Decision.NONE;
        }
        List<InstanceStatus> known = new ArrayList<>();
        List<Event> follow = new ArrayList<>();
        TreeSet<Long> fellIll = new TreeSet<>();
        TreeMap<AppId, Integer> newFailures = new TreeMap<>();
        TreeSet<Long> ended = new TreeSet<>();
        TreeMap<AppId, TaskFailure> failures = new TreeMap<>();
        for (InstanceStatus status : report.statuses()) {
            // Whether an agent can be reached is not for the agent to say.
            Optional<Instance> found = state.instance(status.instance())
                    .filter(i -> !status.condition().unreachable())
                    .filter(i -> i.agentRow() == row.getAsInt() && !ended.contains(i.number()));
            if (found.isEmpty()) {
                continue;
            }
            Instance instance = found.get();
            known.add(status);
            if (status.condition().terminal()) {
                ended.add(instance.number());
                if (instance.goal() != Goal.DECOMMISSIONED) {
                    note(failures, instance, failure(instance, status, agent, nowMs));
                    boolean noted = instance.exhausted() || fellIll.contains(instance.number());
                    if (!noted && !instance.standby()
                            && status.condition() != Condition.FINISHED) {
                        guard(newFailures, instance, nowMs);
                    }
                }
            } else if (status.exhausted() && instance.goal() != Goal.DECOMMISSIONED
                    && !instance.exhausted() && fellIll.add(instance.number())) {
                note(failures, instance, failure(instance, status, agent, nowMs));
                if (state.healthStormMs() == 0 && !instance.standby()) {
                    guard(newFailures, instance, nowMs);
                }
            }
        }
        follow.add(new Event.InstancesReported(row.getAsInt(), report.seq(), nowMs, known));
        failures.forEach((app, failure) -> backOff(app, failure, nowMs, follow));
        newFailures.forEach((app, count) -> follow.add(new Event.RolloutMoved(app,
                state.app(app).orElseThrow().rollout().withFailures(count))));
        return new Decision(follow, Answer.NOTHING);
    }

    /** Ends instances; with {@code scale} they are wanted no longer either. */
    public Decision kill(Command.KillInstances kill, long nowMs) {
        TreeMap<AppId, TreeSet<Long>> byApp = new TreeMap<>();
        for (long number : kill.instances()) {
            state.instance(number).filter(instance -> instance.goal() != Goal.DECOMMISSIONED)
                    .ifPresent(instance -> byApp.computeIfAbsent(instance.app().id(),
                            id -> new TreeSet<>()).add(number));
        }
        if (kill.scale()) {
            for (AppId id : byApp.keySet()) {
                Optional<AppState> app = state.app(id);
                // The count of a policy is no part of a deployment.
                if (app.isPresent() && !app.get().ownedByPolicy()
                        && AppDecisions.locked(app.get(), kill.force())) {
                    return new Decision(List.of(), AppDecisions.lock(app.get()));
                }
            }
        }
        List<Long> all = byApp.values().stream().flatMap(TreeSet::stream).toList();
        Event ending = new Event.InstancesDecommissioned(all, Event.Reason.KILLED_BY_USER, nowMs);
        if (!kill.scale()) {
            return new Decision(all.isEmpty() ? List.of() : List.of(ending),
                    new Answer.Accepted(0, nowMs, all));
        }
        DeploymentPlan plan = new DeploymentPlan();
        List<Event> changes = new ArrayList<>(all.isEmpty() ? List.of() : List.of(ending));
        byApp.forEach((id, numbers) -> apps.present(id).ifPresent(app -> {
            numbers.removeIf(number -> state.instance(number).filter(Instance::standby)
                    .isPresent());
            if (app.ownedByPolicy()) {
                ScalingDecisions.killed(app, numbers.size(), nowMs).ifPresent(changes::add);
                return;
            }
            AppSpec spec = app.latest().spec();
            int wanted = Math.max(0, spec.instances() - numbers.size());
            AppDecisions.next(spec.withInstances(wanted), Optional.of(app), Optional.of(app), nowMs)
                    .ifPresent(step -> plan.add(step, 0));
        }));
        Decision deployed = apps.deploy(Optional.empty(), changes, plan, nowMs);
        Answer.Accepted accepted = (Answer.Accepted) deployed.answer();
        return new Decision(deployed.events(),
                new Answer.Accepted(accepted.deployment(), accepted.versionMs(), all));
    }

    /** Counts a failure of what is new where that may be a reason to go back. */
    private static void guard(Map<AppId, Integer> counts, Instance instance, long nowMs) {
        AppState app = instance.app();
        if (Course.fresh(app, instance.version()) && RollbackGuard.watches(app, nowMs)) {
            counts.merge(app.id(), app.rollout().failures() + 1, (before, first) -> before + 1);
        }
    }

    /** One failure an app: the newest of what it is now, else the newest of what it was. */
    private static void note(Map<AppId, TaskFailure> failures, Instance instance,
            TaskFailure failure) {
        AppState app = instance.app();
        if (instance.version().configuredMs() == app.current().configuredMs()) {
            failures.put(app.id(), failure);
        } else {
            failures.putIfAbsent(app.id(), failure);
        }
    }

    private static TaskFailure failure(Instance instance, InstanceStatus status, AgentSpec agent,
            long nowMs) {
        return new TaskFailure(instance.number(), agent.hostname(), agent.id().name(),
                status.condition(),
                status.exitCode(), status.message(), nowMs, instance.version().versionMs());
    }

    /**
     * Failures of instances that were launched before the present delay began are part of what caused
     * it: a hundred that fail together delay the app once, not a hundredfold.
     */
    private void backOff(AppId id, TaskFailure failure, long nowMs, List<Event> follow) {
        if (failure.condition() != Condition.FINISHED) {
            follow.add(new Event.FailureNoted(id, failure));
        }
        Optional<AppState> app = state.app(id);
        Optional<Instance> instance = state.instance(failure.instance());
        if (app.isEmpty() || instance.isEmpty()) {
            return;
        }
        AppVersion current = app.get().current();
        boolean ofCurrent = instance.get().version().configuredMs() == current.configuredMs();
        long before = app.get().delayMs();
        boolean forgotten = nowMs - app.get().launchAfterMs() > current.spec().backoff().maxMs();
        if (ofCurrent && (before == 0 || instance.get().placedMs() >= app.get().launchAfterMs()
                || forgotten)) {
            long delayMs = current.spec().backoff().delayMsAfter(forgotten ? 0 : before);
            follow.add(new Event.BackoffSet(id, delayMs, nowMs + delayMs));
        }
    }

    /** Whether an instance has yet to prove that it can be launched, or thawed. */
    static boolean launching(Instance instance) {
        return instance.seen().rank() < Condition.RUNNING.rank()
                || (instance.seen() == Condition.PAUSED && !instance.standby());
    }
}
