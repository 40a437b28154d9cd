package io.springtide.master.agents;

import io.springtide.core.model.Condition;

/**
 * Hears of the ends of instances that the state did not hold, such as those that were given up while
 * their agent was away. They change nothing and are in no journal: each is told once at the most.
 */
@FunctionalInterface
public interface UnknownEnds {

    /**
     * An instance has ended. Outbox thread; must not wait.
     *
     * @param runSpec path of the app or pod, as the agent remembers it
     * @param atMs when the report was decided on
     */
    void unknownEnded(String instanceId, String runSpec, Condition condition, long atMs);
}
