package io.springtide.agent.engine;

import io.springtide.api.agent.Register;

/**
 * What the agent says about its machine when it registers.
 *
 * @param template a Register without the fields that the engine fills in: agent id, incarnation,
 *        cluster id, epoch and held instances
 */
public record AgentIdentity(Register template) {}
