package io.springtide.core.model;

import io.springtide.core.Check;

/**
 * Bounds of a rolling change, in millionths of the wanted count or as numbers.
 *
 * @param healthMinPpm so many stay healthy at any moment
 * @param overMaxPpm so many more than wanted may exist
 * @param healthMinCount the same as a number, which then counts alone; {@link #BY_SHARE}
 * @param overMaxCount the same as a number, which then counts alone; {@link #BY_SHARE}
 */
public record Upgrade(int healthMinPpm, int overMaxPpm, int healthMinCount, int overMaxCount) {

    public static final int BY_SHARE = -1;

    private static final int PPM = 1_000_000;

    /** Marathon's default: never fewer than wanted, at most twice as many. */
    public static final Upgrade DEFAULT = new Upgrade(PPM, PPM);

    public Upgrade {
        Check.argument(healthMinPpm >= 0 && healthMinPpm <= PPM,
                "minimumHealthCapacity is out of range");
        Check.argument(overMaxPpm >= 0 && overMaxPpm <= PPM, "maximumOverCapacity is out of range");
        Check.argument(healthMinCount >= BY_SHARE && healthMinCount <= AppSpec.INSTANCES_MAX,
                "minimumHealthy is out of range");
        Check.argument(overMaxCount >= BY_SHARE && overMaxCount <= AppSpec.INSTANCES_MAX,
                "maximumOver is out of range");
    }

    public Upgrade(int healthMinPpm, int overMaxPpm) {
        this(healthMinPpm, overMaxPpm, BY_SHARE, BY_SHARE);
    }

    /** Fewest healthy instances allowed while {@code wanted} are to run. */
    public int healthyMin(int wanted) {
        return healthMinCount != BY_SHARE
                ? Math.min(wanted, healthMinCount)
                : (int) (((long) wanted * healthMinPpm + PPM - 1) / PPM);
    }

    /** Most instances allowed while {@code wanted} are to run. */
    public int activeMax(int wanted) {
        return overMaxCount != BY_SHARE
                ? wanted + overMaxCount
                : (int) (wanted + (long) wanted * overMaxPpm / PPM);
    }
}
