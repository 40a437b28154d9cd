package io.springtide.core.model;

import io.springtide.core.Check;

/**
 * Bounds of a rolling change, in millionths of the wanted count.
 *
 * @param healthMinPpm so many stay healthy at any moment
 * @param overMaxPpm so many more than wanted may exist
 */
public record Upgrade(int healthMinPpm, int overMaxPpm) {

    private static final int PPM = 1_000_000;

    /** Marathon's default: never fewer than wanted, at most twice as many. */
    public static final Upgrade DEFAULT = new Upgrade(PPM, PPM);

    public Upgrade {
        Check.argument(healthMinPpm >= 0 && healthMinPpm <= PPM,
                "minimumHealthCapacity is out of range");
        Check.argument(overMaxPpm >= 0 && overMaxPpm <= PPM, "maximumOverCapacity is out of range");
    }

    /** Fewest healthy instances allowed while {@code wanted} are to run. */
    public int healthyMin(int wanted) {
        return (int) (((long) wanted * healthMinPpm + PPM - 1) / PPM);
    }

    /** Most instances allowed while {@code wanted} are to run. */
    public int activeMax(int wanted) {
        return (int) (wanted + (long) wanted * overMaxPpm / PPM);
    }
}
