package io.springtide.agent.engine;

/**
 * When something happened.
 *
 * @param wallMs by the machine's clock, for people; may jump
 * @param upMs by a clock that only goes forward, for intervals
 */
public record Moment(long wallMs, long upMs) {}
