package io.springtide.cli.demo;

/**
 * How a step went.
 *
 * @param seen the proof in a few words, or the reason why it did not hold
 */
public record StepResult(String title, boolean held, long tookMs, String seen) {}
