package io.springtide.core.elasticity;

import java.util.OptionalInt;

/**
 * What one part of a policy asks for.
 *
 * @param path of the part in the policy: {@code /targets(0)}, {@code /schedules(1)}, {@code /burst}
 * @param kind as in {@link ScalingReason}
 * @param count so many; empty if it cannot say, which keeps the app from shrinking
 * @param note what was seen, for people
 */
public record Recommendation(String path, String kind, OptionalInt count, String note) {}
