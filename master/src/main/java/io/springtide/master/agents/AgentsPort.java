package io.springtide.master.agents;

import io.springtide.api.agent.FileChunk;
import io.springtide.core.model.AgentId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What is known of agents beyond the state: the living connection. Any thread. */
public interface AgentsPort {

    /** How an agent is connected; empty if it has not connected since this master started. */
    Optional<Contact> contact(AgentId agent);

    /** Agents of another cluster that came here lately; empty if there are none. */
    default Optional<Foreign> foreign() {
        return Optional.empty();
    }

    /**
     * Agents that belong elsewhere: somebody has mistaken an address, or a store.
     *
     * @param agent the newest of them
     * @param cluster the one it belongs to
     * @param instances that they hold
     */
    record Foreign(String agent, String cluster, int agents, long instances, long sinceMs) {}

    /** What an instance used when its agent last said; empty if it never did. */
    Optional<InstanceUsage> usage(long instance);

    /**
     * Reads from a file of an instance's sandbox. Fails with an {@link AgentUnavailable} if the agent is not
     * connected or does not answer in time.
     *
     * @param file {@code stdout} or {@code stderr}
     * @param offset counts from the end if negative
     */
    CompletableFuture<FileChunk> readFile(AgentId agent, long instance, String file, long offset,
            int size);

    /**
     * A connection.
     *
     * @param heardMsAgo time since the last message
     * @param version of the agent's software
     */
    record Contact(boolean connected, long heardMsAgo, String version) {}

    /**
     * Use of resources.
     *
     * @param cpusMilli thousandths of a processor
     */
    record InstanceUsage(long cpusMilli, long memBytes) {}

    /** An agent cannot be asked now; the message says which and why. */
    final class AgentUnavailable extends RuntimeException {

        private static final long serialVersionUID = 1;

        public AgentUnavailable(String message) {
            super(message);
        }
    }
}
