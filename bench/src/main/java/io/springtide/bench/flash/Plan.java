package io.springtide.bench.flash;

import java.util.List;

/**
 * A flash sale: some time of calm, the step, the hold, and calm again.
 *
 * @param rate requests a second in the calm
 * @param factor by how much the step multiplies them
 * @param calmMs before the step
 * @param holdMs after it
 * @param afterMs back at the rate of the calm
 * @param workers orders that one instance works on at a time
 * @param workMs how long each takes
 */
record Plan(double rate, double factor, long calmMs, long holdMs, long afterMs, int workers,
        int workMs) {

    /** How long the step takes. */
    static final long STEP_MS = 1_000;

    /** An instance is asked to carry this part of what it can, so that it has room for what is uneven. */
    private static final double USED = 0.6;

    /** What one instance can do at most, a second. */
    double capacity() {
        return workers * 1_000.0 / workMs;
    }

    /** What one instance is to carry. */
    int target() {
        return (int) Math.max(1, Math.floor(capacity() * USED));
    }

    double peak() {
        return rate * factor;
    }

    /** So many instances carry a rate as they should. */
    int instances(double requests) {
        return (int) Math.max(1, Math.ceil(requests / target()));
    }

    List<Arrivals.Phase> phases() {
        return List.of(Arrivals.Phase.steady("calm", rate, calmMs),
                new Arrivals.Phase("step", rate, peak(), STEP_MS),
                Arrivals.Phase.steady("sale", peak(), holdMs),
                new Arrivals.Phase("end", peak(), rate, STEP_MS),
                Arrivals.Phase.steady("after", rate, afterMs));
    }

    /** When the step begins, in seconds after the load. */
    double stepS() {
        return calmMs / 1e3;
    }
}
