package io.springtide.bench.flash;

import java.util.List;

/**
 * When requests are to be sent, whatever becomes of those before: an open model, as people come who do
 * not know of each other. Evenly spaced, so that a run can be repeated.
 */
public final class Arrivals {

    /**
     * So many a second from the beginning of a phase to its end, in between evenly.
     *
     * @param name for the plot; empty = it goes with the one before
     */
    public record Phase(String name, double fromRate, double toRate, long durationMs) {

        public Phase {
            if (fromRate <= 0 || toRate <= 0 || durationMs <= 0) {
                throw new IllegalArgumentException("a phase has a rate and a duration above 0");
            }
        }

        /** The same all the time. */
        public static Phase steady(String name, double rate, long durationMs) {
            return new Phase(name, rate, rate, durationMs);
        }

        private double rate(double ms) {
            return fromRate + (toRate - fromRate) * ms / durationMs;
        }
    }

    private final List<Phase> phases;
    private int phase;
    private double beganMs;
    private double nextMs;

    Arrivals(List<Phase> phases) {
        this.phases = List.copyOf(phases);
    }

    /** How long all phases take together. */
    static long durationMs(List<Phase> phases) {
        return phases.stream().mapToLong(Phase::durationMs).sum();
    }

    /** When the next one is due, in nanoseconds after the beginning; -1 = there is none any more. */
    long nextNanos() {
        while (phase < phases.size() && nextMs >= beganMs + phases.get(phase).durationMs()) {
            beganMs += phases.get(phase).durationMs();
            phase++;
        }
        return phase == phases.size() ? -1 : (long) (nextMs * 1e6);
    }

    /** The next one is sent. */
    void sent() {
        nextMs += 1_000 / phases.get(phase).rate(nextMs - beganMs);
    }
}
