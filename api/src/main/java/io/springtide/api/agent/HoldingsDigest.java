package io.springtide.api.agent;

/**
 * Sums up what an agent holds, so that two sides can tell with eight bytes whether they agree. The order
 * does not matter. It guards against mistakes, not against malice.
 */
public final class HoldingsDigest {

    private static final long STEP = 0x9e3779b97f4a7c15L;

    private long sum;

    /** Of nothing. */
    public HoldingsDigest() {}

    /** Adds an instance, once. */
    public void add(long instanceId, Condition condition) {
        sum += mixed(mixed(instanceId) + condition.getNumber() * STEP);
    }

    /** Of all that has been added. */
    public long value() {
        return sum;
    }

    /** Each bit of the number touches each of the result. Source: SplitMix64, Steele and others, 2014. */
    private static long mixed(long number) {
        long bits = number + STEP;
        bits = (bits ^ bits >>> 30) * 0xbf58476d1ce4e5b9L;
        bits = (bits ^ bits >>> 27) * 0x94d049bb133111ebL;
        return bits ^ bits >>> 31;
    }
}
