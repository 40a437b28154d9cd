package io.springtide.agent.runtime;

/**
 * Something that runs, or has run, with this agent's mark, though the agent has no note of it: its folder
 * was wiped, or a removal has failed.
 *
 * @param clusterId whose instance it is
 * @param instanceId its number, as a runtime knows it
 */
public record Leftover(String clusterId, long instanceId) {}
