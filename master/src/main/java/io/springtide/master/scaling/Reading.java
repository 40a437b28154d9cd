package io.springtide.master.scaling;

import io.springtide.core.elasticity.Sample;
import io.springtide.core.elasticity.Target;
import java.util.Optional;

/**
 * What one target of a policy was measured at.
 *
 * @param sample empty if nothing is known
 * @param fault a sentence why it cannot be used; empty if it can
 * @param alarming somebody has to look after it; false for what passes by itself
 */
public record Reading(Target target, Optional<Sample> sample, String fault, boolean alarming) {

    static Reading of(Target target, Sample sample, long nowMs) {
        if (sample.mad()) {
            return new Reading(target, Optional.of(sample), "the value cannot be true", true);
        }
        return sample.stale(nowMs)
                ? new Reading(target, Optional.of(sample), "the newest value is "
                        + (nowMs - sample.atMs()) / 1_000 + " s old", true)
                : new Reading(target, Optional.of(sample), "", false);
    }

    static Reading missing(Target target, String fault) {
        return new Reading(target, Optional.empty(), fault, true);
    }

    /** Nothing is wrong; there is just nothing to measure. */
    static Reading idle(Target target, String fault) {
        return new Reading(target, Optional.empty(), fault, false);
    }
}
