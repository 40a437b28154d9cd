package io.springtide.bench.chaos;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How long something took, again and again. */
record Distribution(String what, List<Double> samplesMs) {

    Distribution {
        samplesMs = List.copyOf(samplesMs);
    }

    /** The smallest sample that is not exceeded by this share of them (nearest rank). */
    double percentileMs(double share) {
        double[] sorted = samplesMs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.clamp(rank, 1, sorted.length) - 1];
    }

    /** One line, in milliseconds. */
    @Override
    public String toString() {
        if (samplesMs.isEmpty()) {
            return what + ": nothing measured";
        }
        return String.format(Locale.ROOT, "%s, ms: p50 %.0f, p90 %.0f, p99 %.0f, max %.0f (%d)",
                what, percentileMs(0.5), percentileMs(0.9), percentileMs(0.99),
                Arrays.stream(samplesMs.stream().mapToDouble(Double::doubleValue).toArray()).max()
                        .orElseThrow(),
                samplesMs.size());
    }
}
