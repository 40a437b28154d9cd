package io.springtide.core.command;

import io.springtide.core.Check;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.RoleSpec;
import java.util.List;

/** What is asked of the cluster. Everything needed to decide is in here or in the state. */
public sealed interface Command {

    /**
     * Makes a new, empty state a cluster. Does nothing to one that is one already.
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
     * Creates or changes apps, all of them or none, as one deployment.
     *
     * @param force cancels deployments that run on them, instead of refusing
     */
    record SubmitApps(List<AppChange> changes, boolean force) implements Command {

        /** One request carries at most so many apps; the body limit is reached first. */
        public static final int CHANGES_MAX = 10_000;

        public SubmitApps {
            changes = List.copyOf(changes);
            Check.argument(changes.size() <= CHANGES_MAX, "at most 10000 apps in one request");
            Check.argument(
                    changes.stream().map(c -> c.spec().id()).distinct().count() == changes.size(),
                    "an app is named twice in one request");
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

    /** Ends all instances of an app and forgets it. */
    record DeleteApp(AppId app, boolean force) implements Command {}

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

    /** Nothing is heard of an agent any more. */
    record AgentFellSilent(AgentId agent) implements Command {}

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

    /** Time has passed. */
    record Tick() implements Command {}

    /** A batch of commands is through: do what follows from it. */
    record Settle() implements Command {}
}
