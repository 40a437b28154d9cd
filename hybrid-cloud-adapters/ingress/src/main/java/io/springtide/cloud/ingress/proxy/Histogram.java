package io.springtide.cloud.ingress.proxy;

/**
 * How long things took, in buckets of a ninth of their size: 640 bytes, whatever comes. One thread.
 */
final class Histogram {

    /** Buckets for each doubling. */
    private static final int STEPS = 8;

    /** The first bucket ends at 64 microseconds, the last one begins at about a minute. */
    private static final int SHIFT_MIN = 16;

    private static final int BUCKETS = 160;

    private final int[] counts = new int[BUCKETS];
    private long total;
    private long sumNanos;

    void add(long nanos) {
        counts[bucket(nanos)]++;
        total++;
        sumNanos += nanos;
    }

    /** Takes all of the other one in, and empties that. */
    void drain(Histogram other) {
        if (other.total == 0) {
            return;
        }
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] += other.counts[i];
            other.counts[i] = 0;
        }
        total += other.total;
        sumNanos += other.sumNanos;
        other.total = 0;
        other.sumNanos = 0;
    }

    long total() {
        return total;
    }

    /** Mean in milliseconds; -1 if nothing came. */
    double meanMs() {
        return total == 0 ? -1 : sumNanos / 1e6 / total;
    }

    /** No more than one in a hundred took longer, in milliseconds; -1 if nothing came. */
    double p99Ms() {
        if (total == 0) {
            return -1;
        }
        long left = total - total * 99 / 100;
        for (int i = BUCKETS - 1; i >= 0; i--) {
            left -= counts[i];
            if (left <= 0) {
                return endNanos(i) / 1e6;
            }
        }
        return -1;
    }

    private static int bucket(long nanos) {
        if (nanos < 1L << SHIFT_MIN) {
            return 0;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(nanos);
        int step = (int) (nanos >>> (doubling - 3)) & (STEPS - 1);
        return Math.min(BUCKETS - 1, (doubling - SHIFT_MIN) * STEPS + step + 1);
    }

    private static long endNanos(int bucket) {
        int doubling = (bucket - 1) / STEPS + SHIFT_MIN;
        long step = bucket == 0 ? 0 : (bucket - 1) % STEPS + 1;
        return bucket == 0 ? 1L << SHIFT_MIN : (1L << doubling) + (step << (doubling - 3));
    }
}
