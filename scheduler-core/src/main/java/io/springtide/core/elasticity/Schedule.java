package io.springtide.core.elasticity;

/**
 * A count that is to be there at times that are known beforehand: a floor, the load may ask for more.
 *
 * @param name unique within the policy
 * @param cron when it counts from; read outside the core
 * @param zone of the cron text, such as {@code Asia/Shanghai}
 * @param count so many at least
 * @param durationMs for so long
 * @param rampMs the floor rises evenly for so long before it is reached; 0 = in one step
 * @param leadMs it is reached so long before the time: "ready by", not "started at"
 */
public record Schedule(String name, String cron, String zone, int count, long durationMs,
        long rampMs, long leadMs) {}
