package io.springtide.api.marathon;

/**
 * Asks a container of a pod again and again whether it is well.
 *
 * @param probe how it asks
 * @param gracePeriodSeconds in which failures of a container that was never healthy do not count
 * @param intervalSeconds between two questions
 * @param maxConsecutiveFailures before the instance is replaced; 0 for never
 * @param timeoutSeconds for an answer, less than the interval
 * @param delaySeconds before the first question
 */
public record PodHealthCheck(PodProbe probe, int gracePeriodSeconds, int intervalSeconds,
        int maxConsecutiveFailures, int timeoutSeconds, int delaySeconds) {}
