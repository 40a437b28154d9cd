package io.springtide.api.marathon;

/**
 * A question to a container of a pod whose answer is shown and has no other effect.
 *
 * @param probe how it asks
 * @param intervalSeconds between two questions
 * @param timeoutSeconds for an answer
 * @param delaySeconds before the first question
 */
public record PodCheck(PodProbe probe, int intervalSeconds, int timeoutSeconds,
        int delaySeconds) {}
