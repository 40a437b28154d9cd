package io.springtide.agent.engine;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Leftover;
import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.ReadinessReport;
import java.util.List;
import java.util.Map;

/** Something that happened to the agent. */
public sealed interface Input {

    /** The agent has come up; the first input of all. */
    record Started() implements Input {}

    /** A connection stands, and nothing has been said on it. */
    record Connected() implements Input {}

    /** The connection is gone. */
    record Disconnected() implements Input {}

    /** The master said something. */
    record Said(MasterMessage message) implements Input {}

    /** A runtime has prepared a task and starts it. */
    record TaskStarting(long instanceId) implements Input {}

    /** A task runs; the address is empty where it shares the machine's. */
    record TaskRunning(long instanceId, String ipAddress) implements Input {}

    /** A task stands still, as it was told to. */
    record TaskPaused(long instanceId) implements Input {}

    /** A task goes on, as it was told to. */
    record TaskResumed(long instanceId) implements Input {}

    /** The end of a task, which is told next, was found by looking: nobody had told of it. */
    record EndOverlooked(long instanceId) implements Input {}

    /** What runs with this agent's mark and is unknown to the runtimes; in the place of what was seen before. */
    record LeftoversSeen(List<Leftover> leftovers) implements Input {

        public LeftoversSeen {
            leftovers = List.copyOf(leftovers);
        }
    }

    /** A task is over. */
    record TaskEnded(long instanceId, Ending ending) implements Input {}

    /** The containers of a pod stand differently; their health is told by {@link HealthSeen}. */
    record ContainersSeen(long instanceId,
            List<ContainerStatus> containers) implements Input {

        public ContainersSeen {
            containers = List.copyOf(containers);
        }
    }

    /**
     * A health check has something to tell.
     *
     * @param containers by the names of a pod's containers
     */
    record HealthSeen(long instanceId, HealthReport report,
            Map<String, HealthReport> containers) implements Input {

        public HealthSeen {
            containers = Map.copyOf(containers);
        }
    }

    /** A readiness check was answered differently than before. */
    record ReadinessSeen(long instanceId, ReadinessReport report) implements Input {}

    /** A check whose answers are only shown was answered differently than before. */
    record CheckSeen(long instanceId, CheckReport report) implements Input {}

    /** Something that is fetched ahead of time has come further. */
    record PrefetchSeen(PrefetchState state) implements Input {}

    /** Time has passed. */
    record Tick() implements Input {}

    /** The agent's owner wants every task to end, whatever the master wants. */
    record StopAll(long graceMs) implements Input {}
}
