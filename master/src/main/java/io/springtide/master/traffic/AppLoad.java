package io.springtide.master.traffic;

/**
 * The traffic of one app in about the last second, all its ports and load balancers together.
 *
 * @param arrivalsPerSecond requests that came, those that were refused included
 * @param refusedPerSecond turned away without having reached an instance
 * @param concurrency requests, or connections of TCP, that instances have under way
 * @param waiting requests that wait for an instance
 * @param p99Ms the worst of all instances' p99; -1 = nothing was answered
 * @param errorsPerSecond answers of 5xx, and requests without an answer
 * @param instances how many instances of it were measured
 * @param atMs when it was measured
 */
public record AppLoad(double arrivalsPerSecond, double refusedPerSecond, long concurrency,
        long waiting, double p99Ms, double errorsPerSecond, int instances, long atMs) {}
