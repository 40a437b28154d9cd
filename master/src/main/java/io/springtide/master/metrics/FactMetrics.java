package io.springtide.master.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.springtide.core.Check;
import io.springtide.core.event.Event;
import io.springtide.core.model.Condition;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.master.view.CommitListener;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counts and times what durable facts say about instances, agents and deployments. Times are those of
 * the facts, so they do not depend on when the facts are heard. Outbox thread; constant work for each
 * instance a fact names.
 */
public final class FactMetrics implements CommitListener {

    private static final double MS = 1e3;

    private final OpenDemand demand;
    private final DistributionDataPoint placedToRunning;
    private final Map<Event.DeploymentEnded.Outcome, DistributionDataPoint> deployments = new EnumMap<>(
            Event.DeploymentEnded.Outcome.class);
    private final CounterDataPoint placed;
    private final CounterDataPoint deferred;
    private final Map<Event.Reason, CounterDataPoint> kills = new EnumMap<>(Event.Reason.class);
    private final Counter replacements;
    private final Counter reregistrations;

    public FactMetrics(Registries registries) {
        DistributionDataPoint submissionToPlaced = registries.waiting(
                "tide_submission_to_placed_seconds",
                "From the request that asks for an instance to the choice of its agent. Upgrades are"
                        + " left out, which wait on purpose.");
        placedToRunning = registries.waiting("tide_placed_to_running_seconds",
                "From the choice of an agent to the first report that the instance runs.");
        DistributionDataPoint submissionToReady = registries.waiting(
                "tide_submission_to_ready_seconds",
                "From the request that asks for an instance to its running, and its health checks"
                        + " being content if it has any. Upgrades are left out.");
        demand = new OpenDemand(submissionToPlaced, submissionToReady);
        Histogram durations = registries.waiting("tide_deployment_duration_seconds",
                "From the acceptance of a deployment to its end.", "result");
        for (Event.DeploymentEnded.Outcome outcome : Event.DeploymentEnded.Outcome.values()) {
            deployments.put(outcome, durations.labelValues(word(outcome)));
        }
        Counter placements = counter(registries, "tide_placements_total",
                "Instances that got an agent, and instances that could not, again whenever their"
                        + " number or the reasons change.",
                "result");
        placed = placements.labelValues("placed");
        deferred = placements.labelValues("deferred");
        Counter killed = counter(registries, "tide_kills_total",
                "Instances that are to end, by why.", "reason");
        for (Event.Reason reason : Event.Reason.values()) {
            kills.put(reason, killed.labelValues(word(reason)));
        }
        replacements = counter(registries, "tide_replacements_total",
                "Instances that were wanted and are made up for, by what became of them.",
                "reason");
        for (Condition condition : Condition.values()) {
            if (condition.terminal()) {
                replacements.initLabelValues(word(condition));
            }
        }
        List.of("lost", "unreachable", word(Event.Reason.UNHEALTHY),
                word(Event.Reason.LAUNCH_TIMEOUT), word(Event.Reason.PREEMPTED),
                word(Event.Reason.RECLAIMED)).forEach(replacements::initLabelValues);
        reregistrations = counter(registries, "tide_agent_reregistrations_total",
                "Agents that came again while the master still knew them.");
    }

    private static Counter counter(Registries registries, String name, String help,
            String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).withoutExemplars()
                .register(registries.prometheus());
    }

    @Override
    public void before(Event event, ClusterState state) {
        if (event instanceof Event.InstancesReported reported) {
            reported.statuses().forEach(status -> state.instance(status.instance())
                    .ifPresent(instance -> before(instance, status, reported.atMs())));
        } else if (event instanceof Event.InstancesDecommissioned decommissioned) {
            count(kills, decommissioned.reason()).inc(decommissioned.instances().size());
            if (againstAnyWish(decommissioned.reason())) {
                replaced(decommissioned.instances(), state, word(decommissioned.reason()));
            }
        } else if (event instanceof Event.InstancesDeactivated deactivated) {
            replaced(deactivated.instances(), state, "unreachable");
        } else if (event instanceof Event.InstancesLost lost) {
            replaced(lost.instances(), state, "lost");
        } else if (event instanceof Event.AgentRegistered registered) {
            reregistrations.inc(state.agents().present(registered.row()) ? 1 : 0);
        } else if (event instanceof Event.DeploymentEnded ended) {
            state.deployment(ended.number()).ifPresent(deployment -> count(deployments,
                    ended.outcome()).observe(seconds(ended.atMs() - deployment.versionMs())));
        }
    }

    @Override
    public void after(Event event, ClusterState state) {
        if (event instanceof Event.AppVersioned versioned) {
            state.app(versioned.version().spec().id()).ifPresent(demand::submitted);
        } else if (event instanceof Event.AppLeaving leaving) {
            demand.dropped(leaving.app());
        } else if (event instanceof Event.InstancesPlaced chosen) {
            placed.inc(chosen.agentRows().length);
            demand.placed(chosen);
        } else if (event instanceof Event.PlacementDeferred waiting) {
            deferred.inc(waiting.missing());
        } else if (event instanceof Event.InstancesReported reported) {
            demand.reported(reported, state);
        } else if (event instanceof Event.InstancesDecommissioned decommissioned) {
            decommissioned.instances().forEach(demand::ended);
        } else if (event instanceof Event.InstancesLost lost) {
            lost.instances().forEach(demand::ended);
        }
    }

    private void before(Instance instance, InstanceStatus status, long atMs) {
        Condition now = status.condition();
        if (now == Condition.RUNNING && instance.seen().rank() < now.rank()) {
            placedToRunning.observe(seconds(atMs - instance.placedMs()));
        } else if (now.terminal()) {
            replaced(instance, word(now));
        }
    }

    private void replaced(List<Long> numbers, ClusterState state, String reason) {
        numbers.forEach(number -> state.instance(number)
                .ifPresent(instance -> replaced(instance, reason)));
    }

    /** Counts an instance once: from then on it is no longer active. */
    private void replaced(Instance instance, String reason) {
        if (instance.active() && !instance.app().leaving()) {
            replacements.labelValues(reason).inc();
        }
    }

    /** The instance was wanted, and nobody has asked for its end. */
    private static boolean againstAnyWish(Event.Reason reason) {
        return switch (reason) {
            case UNHEALTHY, LAUNCH_TIMEOUT, PREEMPTED, RECLAIMED -> true;
            case KILLED_BY_USER, SURPLUS, REPLACED, APP_REMOVED, DRAINED -> false;
        };
    }

    private static <K extends Enum<K>, V> V count(Map<K, V> byWord, K key) {
        return Check.present(byWord.get(key), "a word without a metric");
    }

    /** Apps and instances that something is being measured of. */
    int underWay() {
        return demand.size();
    }

    static double seconds(long durationMs) {
        return Math.max(0, durationMs) / MS;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
