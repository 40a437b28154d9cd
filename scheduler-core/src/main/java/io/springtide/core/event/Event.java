package io.springtide.core.event;

import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.RolloutState;
import io.springtide.core.model.TaskFailure;
import io.springtide.core.model.Upkeep;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A fact the core has decided. Applying events in order rebuilds the state. Events about many
 * instances are one event with arrays, which nobody changes afterwards.
 */
public sealed interface Event {

    /** The first fact of every journal. */
    record ClusterFounded(String clusterId, long atMs) implements Event {}

    /** A master has begun to lead. What is silent now may only not have come to it yet. */
    record ReignBegan(long atMs) implements Event {}

    /**
     * An agent is there, for the first time or again; it has a row of the agent table from now on.
     *
     * @param returning it was given up, and some of its instances were replaced: they count again only
     *     once it {@link AgentSettled has settled}
     */
    record AgentRegistered(int row, AgentSpec agent, long atMs, boolean returning)
            implements
                Event {

        public AgentRegistered(int row, AgentSpec agent, long atMs) {
            this(row, agent, atMs, false);
        }
    }

    /**
     * The state before came out of a backup; the first fact behind it. What happened between the backup
     * and the loss of the store is unknown, so numbers go on far beyond those that may have been used.
     *
     * @param backupMs when the backup was made
     * @param instanceNext the number of the next instance placed
     * @param deploymentNext the number of the next deployment started
     * @param held nothing is ended, given up or placed until {@link RestoreConfirmed}
     */
    record ClusterRestored(long backupMs, long instanceNext, long deploymentNext, boolean held,
            long atMs)
            implements
                Event {}

    /**
     * An agent has come to a restored cluster that waits.
     *
     * @param unknown how many instances it has that the state does not know
     * @param missing what the state has there and the agent does not
     */
    record AgentCompared(int row, int unknown, List<Long> missing, long atMs) implements Event {

        public AgentCompared {
            missing = List.copyOf(missing);
        }
    }

    /**
     * A restored cluster goes on.
     *
     * @param byPerson somebody has said so; otherwise all agents have what the backup says
     */
    record RestoreConfirmed(boolean byPerson, long atMs) implements Event {}

    /** An agent that was given up has had time to say how its instances are: they count again. */
    record AgentSettled(int row, long atMs) implements Event {}

    /** People open an agent for instances, close it to new ones, or have it emptied. */
    record AgentKept(int row, Upkeep upkeep) implements Event {}

    /**
     * So many agents are silent at once that the network is rather to blame than they: hardly any is
     * given up until that is over.
     *
     * @param silent those that are silent, and those given up lately
     * @param agents how many there are
     * @param released a person has ended it, and what was silent is given up
     */
    record AgentStormChanged(boolean on, int silent, int agents, boolean released, long atMs)
            implements
                Event {}

    /**
     * Nothing more is placed on the agent until it registers again.
     *
     * @param atMs since when nothing has been heard of it
     */
    record AgentSuspected(int row, long atMs) implements Event {}

    /** The agent's instances are now handled by their apps' unreachable strategy. */
    record AgentUnreachable(int row, long atMs) implements Event {}

    /** The agent is forgotten and its row free; it had no instances left. */
    record AgentRemoved(int row, AgentId agent) implements Event {}

    /** An app has a new current version; its first one if it was unknown. */
    record AppVersioned(AppVersion version) implements Event {}

    /** The app is to go; it counts as wanted zero times from now on. */
    record AppLeaving(AppId app, long atMs) implements Event {}

    /**
     * The app is gone; its versions are remembered for a while, so that it can be brought back.
     *
     * @param atMs 0 in journals of older releases
     */
    record AppRemoved(AppId app, long atMs) implements Event {}

    /** An app is to have this version once its step of a deployment begins. */
    record AppPlanned(AppVersion version) implements Event {}

    /** The change of an app's configuration has come so far. */
    record RolloutMoved(AppId app, RolloutState rollout) implements Event {}

    /** How traffic is to be shared between versions of an app, by version; replaces what was said before. */
    record WeightsSet(AppId app, SortedMap<Long, Integer> weights) implements Event {

        public WeightsSet {
            weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        }
    }

    /** A group is there, or something else is said of it. */
    record GroupChanged(GroupSpec group, long versionMs) implements Event {}

    /** The group is gone, unless there are still apps below it. */
    record GroupRemoved(String path, long atMs) implements Event {}

    /** Another step of a deployment begins, and with it the versions planned for it. */
    record DeploymentAdvanced(long number, int step, long atMs) implements Event {}

    /** Somebody holds a deployment where it is, or lets it go on. */
    record DeploymentPaused(long number, boolean paused, long atMs) implements Event {}

    /**
     * Health checks fail in so many places at once that they, or something that all depend on, are
     * rather to blame than the instances: none is ended for its health until that is over.
     *
     * @param failing instances whose checks fail
     * @param checked instances whose checks have a result
     */
    record HealthStormChanged(boolean on, int failing, int checked, long atMs) implements Event {}

    record DeploymentStarted(Deployment deployment) implements Event {}

    /**
     * A deployment is over.
     *
     * @param reason a sentence, if it has not succeeded and there is more to say
     */
    record DeploymentEnded(long number, Outcome outcome, long atMs, String reason)
            implements
                Event {

        /** The order is part of the journal's format. */
        public enum Outcome {
            SUCCEEDED, CANCELLED,
            /** It ran out of time, or too much of what was new has failed. */
            FAILED
        }

        public DeploymentEnded(long number, Outcome outcome, long atMs) {
            this(number, outcome, atMs, "");
        }
    }

    /**
     * Agents are chosen for new instances, numbered upwards from {@code first}.
     *
     * @param agentRows one for each instance
     * @param ports host ports, as many for each instance as its shape asks for, one instance after the other
     * @param gpus for each instance the GPUs of its agent, one bit each; empty if the shape asks for none
     * @param standby they are started and frozen, and serve nobody until they are promoted
     */
    @SuppressWarnings("ArrayRecordComponent") // one object for ten thousand instances
    record InstancesPlaced(AppId app, long versionMs, long first, int[] agentRows, int[] ports,
            int[] gpus, long atMs, boolean standby)
            implements
                Event {

        public InstancesPlaced(AppId app, long versionMs, long first, int[] agentRows, int[] ports,
                int[] gpus, long atMs) {
            this(app, versionMs, first, agentRows, ports, gpus, atMs, false);
        }

        public InstancesPlaced(AppId app, long versionMs, long first, int[] agentRows, int[] ports,
                long atMs) {
            this(app, versionMs, first, agentRows, ports, new int[0], atMs);
        }
    }

    /** These standbys are to serve: their agents thaw them. They count as launched from now on. */
    record InstancesPromoted(List<Long> instances, long atMs) implements Event {

        public InstancesPromoted {
            instances = List.copyOf(instances);
        }
    }

    /** No agent could take the next instances of an app. */
    record PlacementDeferred(AppId app, int missing, Rejections why, long atMs) implements Event {}

    /** What an agent has said of instances; each is of that agent and was known when it was said. */
    record InstancesReported(int row, long seq, long atMs,
            List<InstanceStatus> statuses) implements Event {

        public InstancesReported {
            statuses = List.copyOf(statuses);
        }
    }

    /** These instances are to end. */
    record InstancesDecommissioned(List<Long> instances, Reason reason,
            long atMs) implements Event {

        public InstancesDecommissioned {
            instances = List.copyOf(instances);
        }
    }

    /** These instances no longer count towards what is wanted, since their agent is unreachable. */
    record InstancesDeactivated(List<Long> instances, long atMs) implements Event {

        public InstancesDeactivated {
            instances = List.copyOf(instances);
        }
    }

    /** These instances are given up: their agent does not have them, or is itself given up. */
    record InstancesLost(List<Long> instances, String message, long atMs) implements Event {

        public InstancesLost {
            instances = List.copyOf(instances);
        }
    }

    /** After a failure the app launches nothing before {@code launchAfterMs}; 0 = it may at once. */
    record BackoffSet(AppId app, long delayMs, long launchAfterMs) implements Event {}

    /** The newest instance of an app that ended without having been asked to. */
    record FailureNoted(AppId app, TaskFailure failure) implements Event {}

    /** A role is entitled to this from now on. */
    record RoleConfigured(RoleSpec role) implements Event {}

    /** A role is entitled to nothing of its own any more. */
    record RoleRemoved(String name) implements Event {}

    /** What the instances on an agent really use, those of best effort not counted. */
    record AgentMeasured(int row, long cpusMilli, long memMib) implements Event {}

    /**
     * An app has a policy that decides how many instances it has.
     *
     * @param count so many from now on, unless the policy is on trial: within its bounds
     */
    record ScalingSet(AppId app, ScalingPolicy policy, int count, long atMs) implements Event {}

    /** An app has no such policy any more: what its version says counts. */
    record ScalingRemoved(AppId app, long atMs) implements Event {}

    /** A policy has decided on another count; one on trial has only had it written down. */
    record AppScaled(AppId app, int from, int to, ScalingReason reason, long atMs)
            implements
                Event {}

    /** Why an instance is to end. The order is part of the journal's format. */
    enum Reason {
        /** A person asked for it. */
        KILLED_BY_USER,
        /** There are more than wanted. */
        SURPLUS,
        /** A newer version takes its place. */
        REPLACED, APP_REMOVED, UNHEALTHY,
        /** It was placed, and nothing was heard of it for too long. */
        LAUNCH_TIMEOUT,
        /** An app of a higher priority takes its place. */
        PREEMPTED,
        /** It lived on what others did not use, and now they do. */
        RECLAIMED,
        /** Its agent is being emptied. */
        DRAINED;

        /** Whether it had to give way to others. */
        public boolean eviction() {
            return this == PREEMPTED || this == RECLAIMED;
        }
    }
}
