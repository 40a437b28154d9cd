package io.springtide.master.nodes;

import io.springtide.master.agents.Timing;
import java.time.Duration;

/** When something may be tried again: the waits double, are capped, and are jittered. Timer's thread. */
final class Retry {

    static final long FIRST_MS = 5_000;
    static final long LONGEST_MS = 300_000;

    private final Timing timing;
    private long stepMs = FIRST_MS;
    private long notBeforeMs;
    private boolean failing;

    Retry(Timing timing) {
        this.timing = timing;
    }

    boolean due(long nowMs) {
        return nowMs >= notBeforeMs;
    }

    /** It has failed, and has not succeeded since. */
    boolean failing() {
        return failing;
    }

    /** Tried again after half of the present step to all of it. */
    void failed(long nowMs) {
        failing = true;
        notBeforeMs = nowMs + stepMs / 2 + timing.random(0, stepMs / 2 + 1);
        stepMs = Math.min(LONGEST_MS, 2 * stepMs);
    }

    /** Tried again after what the other side has asked for, and up to a tenth more. */
    void throttled(long nowMs, Duration after) {
        long ms = Math.clamp(after.toMillis(), 1_000, LONGEST_MS * 12);
        notBeforeMs = nowMs + ms + timing.random(0, ms / 10 + 1);
    }

    void succeeded() {
        failing = false;
        stepMs = FIRST_MS;
        notBeforeMs = 0;
    }
}
