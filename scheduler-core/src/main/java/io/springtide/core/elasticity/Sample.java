package io.springtide.core.elasticity;

import java.util.OptionalLong;

/**
 * One number that was measured of an app.
 *
 * @param value the sum over the app, or what one ready instance has on average: as the target's
 *     {@link Target.Measure} says, in the unit of the target's kind
 * @param atMs when it was so
 * @param periodMs how often there is a new one
 */
public record Sample(double value, long atMs, long periodMs) {

    /** What is older than this and than three of its periods says nothing about now. */
    public static final long STALE_AFTER_MS = 15_000;

    /** No sum over an app is larger; above it something else was measured. */
    private static final double VALUE_MAX = 1e12;

    /** Nothing newer has come for so long that it is not believed. */
    public boolean stale(long nowMs) {
        return nowMs - atMs > Math.max(STALE_AFTER_MS, 3 * periodMs);
    }

    /** It cannot be true: not a number, negative, or beyond all bounds. */
    public boolean mad() {
        // Also false for what is not a number.
        return !(value >= 0 && value <= VALUE_MAX);
    }

    /** In thousandths, for all arithmetic from here on; empty if it is mad. */
    OptionalLong milli() {
        return mad() ? OptionalLong.empty() : OptionalLong.of(Math.round(value * 1_000));
    }
}
