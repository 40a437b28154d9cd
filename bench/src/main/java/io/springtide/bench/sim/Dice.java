package io.springtide.bench.sim;

import java.util.SplittableRandom;

/** Seeded randomness, in the shapes that a simulation draws. */
final class Dice {

    private static final int PPM = 1_000_000;

    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** Another die, which what is drawn here does not change. */
    Dice split() {
        return new Dice(random.split());
    }

    boolean ppm(int chancePpm) {
        return chancePpm > 0 && random.nextInt(PPM) < chancePpm;
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    /** From {@code from} to below {@code to}. */
    int within(int from, int to) {
        return random.nextInt(from, to);
    }

    long within(long from, long to) {
        return random.nextLong(from, to);
    }

    long next() {
        return random.nextLong();
    }

    /** Mostly short, seldom up to twenty times the mean. */
    long latency(long meanNanos) {
        double drawn = -Math.log(1 - random.nextDouble()) * meanNanos;
        return (long) Math.min(drawn, 20.0 * meanNanos) + 1;
    }
}
