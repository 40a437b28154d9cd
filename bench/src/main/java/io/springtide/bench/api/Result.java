package io.springtide.bench.api;

import java.util.List;
import java.util.Locale;

/**
 * One measurement, several times over.
 *
 * @param values one for each run, in {@code unit}
 * @param target what it is meant to reach; empty if nothing is asked of it
 */
record Result(String name, String unit, List<Double> values, String target) {

    Result {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured of " + name);
        }
    }

    double median() {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    double min() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double max() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    /** A line of a Markdown table. */
    String line() {
        return "| " + name + " | " + unit + " | " + text(median()) + " | " + text(min()) + " | "
                + text(max()) + " | " + target + " |";
    }

    /** Three digits that mean something. */
    private static String text(double value) {
        if (value >= 100) {
            return String.format(Locale.ROOT, "%,.0f", value).replace(',', ' ');
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f",
                value);
    }
}
