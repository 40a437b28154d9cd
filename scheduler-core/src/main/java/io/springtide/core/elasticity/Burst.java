package io.springtide.core.elasticity;

/**
 * What is done about a flood: arrivals, or those being served and waiting, far above what the ready
 * instances should carry, or above it and risen as steeply within the window.
 *
 * @param windowMs over so long the load is looked at
 * @param factorMilli a flood is so many thousandths of what should be carried, or of the load before it
 * @param holdMs the count does not shrink until there has been no flood for so long
 */
public record Burst(long windowMs, long factorMilli, long holdMs) {

    /** Twice the load within two seconds; held for a minute. */
    public static final Burst DEFAULT = new Burst(2_000, 2_000, 60_000);
}
