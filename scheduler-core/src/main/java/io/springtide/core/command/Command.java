package io.springtide.core.command;

import io.springtide.core.Check;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.Upkeep;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is asked of the cluster. Everything needed to decide is in here or in the state. */
public sealed interface Command {

    /**
     * The first command of every reign: makes a new, empty state a cluster, and grants agents time to come
     * to the new leader.
     *
     * @param clusterId sixteen hexadecimal digits, drawn by the caller
     */
    record FoundCluster(String clusterId) implements Command {

        public FoundCluster {
            Check.argument(clusterId.matches("[0-9a-f]{16}"),
                    "a cluster id has 16 hexadecimal digits");
        }
    }

    /**
     * Creates, changes and removes apps and groups, all of them or none, as one deployment.
     *
     * @param removals apps that are to go; unknown ones are passed over
     * @param force cancels deployments that run on them, instead of refusing
     */
    record SubmitApps(List<AppChange> changes, List<AppId> removals, List<GroupChange> groups,
            boolean force)
            implements
                Command {

        /** One request carries at most so many apps; the body limit is reached first. */
        public static final int CHANGES_MAX = 10_000;

        public SubmitApps {
            changes = List.copyOf(changes);
            removals = List.copyOf(removals);
            groups = List.copyOf(groups);
            Check.argument(changes.size() <= CHANGES_MAX && groups.size() <= CHANGES_MAX,
                    "at most 10000 apps in one request");
            Check.argument(
                    Stream.concat(changes.stream().map(c -> c.spec().id()), removals.stream())
                            .distinct().count() == changes.size() + removals.size(),
                    "an app is named twice in one request");
        }

        public SubmitApps(List<AppChange> changes, boolean force) {
            this(changes, List.of(), List.of(), force);
        }
    }

    /** One group as it is to be. */
    record GroupChange(GroupSpec group, Kind kind) {

        public enum Kind {
            /** It must not be there yet. */
            CREATE,
            /** It is made if it is not there. */
            SET,
            /** It is forgotten, with what is said of the groups below it. Its apps are removals of their own. */
            REMOVE
        }
    }

    /**
     * One app as it is to be.
     *
     * @param baseVersionMs the version this change was made from; {@link #ANY} if that does not matter,
     *     {@link #ABSENT} if there must be no such app yet
     */
    record AppChange(AppSpec spec, long baseVersionMs) {

        public static final long ANY = -1;
        public static final long ABSENT = 0;
    }

    /** Ends all instances of an app and forgets it; no deployment is in the way of that. */
    record DeleteApp(AppId app) implements Command {}

    /** Replaces all instances of an app by new ones of the same configuration. */
    record RestartApp(AppId app, boolean force) implements Command {}

    /**
     * Ends instances; unknown ones are passed over.
     *
     * @param scale also lowers the wanted counts, so that they are not replaced
     */
    record KillInstances(List<Long> instances, boolean scale, boolean force) implements Command {

        public KillInstances {
            instances = List.copyOf(instances);
        }
    }

    /**
     * Ends a deployment before it is done.
     *
     * @param rollback true: goes back, by a new deployment; false: leaves everything as it is now
     */
    record CancelDeployment(long number, boolean rollback) implements Command {}

    /** Holds a deployment where it is, or lets it go on. */
    record PauseDeployment(long number, boolean paused) implements Command {}

    /** Lets a deployment go on from where it waits for a person to say so. */
    record PromoteDeployment(long number) implements Command {}

    /**
     * Says how traffic is to be shared between versions of an app.
     *
     * @param weights 0 to 100 by version; all versions must be known
     */
    record SetWeights(AppId app, SortedMap<Long, Integer> weights) implements Command {

        public SetWeights {
            weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
            Check.argument(weights.values().stream().allMatch(w -> w >= 0 && w <= 100),
                    "a weight lies within 0 and 100");
        }
    }

    /** Lets an app launch at once, whatever failed before. */
    record ResetBackoff(AppId app) implements Command {}

    /**
     * An agent has connected.
     *
     * @param held every instance the agent knows of
     */
    record RegisterAgent(AgentSpec agent, List<Long> held) implements Command {

        public RegisterAgent {
            held = List.copyOf(held);
        }
    }

    /**
     * Nothing is heard of an agent any more.
     *
     * @param silentMs for how long already
     */
    record AgentFellSilent(AgentId agent, long silentMs) implements Command {

        public AgentFellSilent {
            Check.argument(silentMs >= 0, "silentMs must not be negative");
        }

        public AgentFellSilent(AgentId agent) {
            this(agent, 0);
        }
    }

    /**
     * Opens an agent for instances, closes it to new ones, or has it emptied.
     *
     * @param deadlineMs when what is left on it is ended all the same; 0 = never
     * @param force even if the others clearly have no room for what would have to move
     */
    record KeepAgent(AgentId agent, Upkeep.Mode mode, long deadlineMs, boolean force)
            implements
                Command {}

    /** Forgets an unreachable agent, and gives up what it had, whatever the apps' strategies say. */
    record ForgetAgent(AgentId agent) implements Command {}

    /** Gives up the agents that are silent now, though they are so many. */
    record ReleaseStorm() implements Command {}

    /** A cluster that was restored from a backup may go on: a person has looked at what agents run. */
    record ConfirmRestore() implements Command {}

    /** What an agent reports; repeats of a batch change nothing. */
    record ReportStatuses(AgentId agent, long incarnation, long seq, List<InstanceStatus> statuses)
            implements
                Command {

        public ReportStatuses {
            statuses = List.copyOf(statuses);
        }
    }

    /** Sets what a role is entitled to. */
    record ConfigureRole(RoleSpec role) implements Command {}

    /** Takes back what was configured for a role. */
    record RemoveRole(String name) implements Command {}

    /** What is really used on some agents; small changes may be passed over. */
    record MeasureAgents(List<Measure> measures) implements Command {

        public MeasureAgents {
            measures = List.copyOf(measures);
        }
    }

    /**
     * What the instances on one agent use, those of best effort not counted.
     *
     * @param cpusMilli thousandths of processors, over the last interval of its reports
     */
    record Measure(AgentId agent, long cpusMilli, long memMib) {}

    /**
     * Says how many instances an app is to have as its load changes. The count is within the policy's
     * bounds at once.
     */
    record SetScaling(AppId app, ScalingPolicy policy) implements Command {}

    /** Takes the policy of an app away; the count stays as it is now. */
    record RemoveScaling(AppId app) implements Command {}

    /**
     * Another count for an app whose policy has decided so. A policy on trial only has it written down.
     *
     * @param count the nearest one within the policy's bounds counts
     */
    record Scale(AppId app, int count, ScalingReason reason) implements Command {

        public Scale {
            Check.argument(count >= 0 && count <= AppSpec.INSTANCES_MAX,
                    "count must be between 0 and 1000000");
        }
    }

    /** Time has passed. */
    record Tick() implements Command {}

    /** A batch of commands is through: do what follows from it. */
    record Settle() implements Command {}
}
