package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.TaskSpec;
import java.util.List;

/**
 * Something that the agent's loop is to do. All {@link Save}s of a turn are made durable before any
 * other effect of it is carried out; the others follow in order.
 */
public sealed interface Effect {

    /** Write this down. */
    record Save(CheckpointRecord fact) implements Effect {}

    /**
     * Start a task.
     *
     * @param gpus which GPUs it gets, one bit each
     */
    record Launch(long instanceId, TaskSpec spec, List<Integer> hostPorts, int gpus)
            implements
                Effect {

        public Launch {
            hostPorts = List.copyOf(hostPorts);
        }
    }

    /** Find a task that was launched in an earlier life. */
    record Adopt(long instanceId, TaskSpec spec, List<Integer> hostPorts) implements Effect {

        public Adopt {
            hostPorts = List.copyOf(hostPorts);
        }
    }

    /** End a task. */
    record Kill(long instanceId, TaskSpec spec, long graceMs) implements Effect {}

    /** Freeze a running task; repeated after a restart of the agent. */
    record Pause(long instanceId, TaskSpec spec) implements Effect {}

    /** Let a task go on that may be frozen. */
    record Resume(long instanceId, TaskSpec spec) implements Effect {}

    /** End what bears this agent's mark, is not held, and belongs to an instance that nobody wants. */
    record EndLeftover(String clusterId, long instanceId) implements Effect {}

    /** Free what an ended task occupies, its logs excepted. */
    record Forget(long instanceId, TaskSpec spec) implements Effect {}

    /**
     * Begin to check the health of a task, whether it is ready, and what else its spec asks.
     *
     * @param ready it is known to be, and need not be asked
     * @param alive its checks were content in an earlier life of this agent, so that its grace is over
     * @param thawed it was frozen a moment ago: asked at once and often, until it answers
     */
    record Watch(long instanceId, TaskSpec spec, List<Integer> hostPorts, String ipAddress,
            boolean ready, boolean alive, boolean thawed) implements Effect {

        public Watch {
            hostPorts = List.copyOf(hostPorts);
        }
    }

    /** Check a task no more. */
    record Unwatch(long instanceId) implements Effect {}

    /** Send a message to the master. */
    record Send(AgentMessage message) implements Effect {}

    /** Send a heartbeat of this number with whatever usage is known. */
    record Beat(long number) implements Effect {}

    /** Answer the master's wish to see a log. */
    record Read(ReadFile request) implements Effect {}

    /** Fetch these ahead of time, and nothing else; what is being fetched of them goes on. */
    record Prefetch(List<io.springtide.api.agent.Prefetch> items) implements Effect {

        public Prefetch {
            items = List.copyOf(items);
        }
    }

    /** Close the connection; the reason is for the agent's operator. */
    record HangUp(String reason) implements Effect {}
}
