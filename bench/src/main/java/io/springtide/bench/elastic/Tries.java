package io.springtide.bench.elastic;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the same thing took in several tries. */
public final class Tries {

    private final String what;
    private final List<Double> values = new ArrayList<>();

    /** No try yet. */
    public Tries(String what) {
        this.what = what;
    }

    /** Of what. */
    public String what() {
        return what;
    }

    /** One more. */
    public void add(double value) {
        values.add(value);
    }

    /** The middle one, of two the mean. @throws IllegalStateException if there was no try */
    public double median() {
        if (values.isEmpty()) {
            throw new IllegalStateException("nothing was tried of: " + what);
        }
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** A row of a table in Markdown: what, median, least, most, how many. */
    public String row(String number) {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        return String.format(Locale.ROOT, "| %s | " + number + " | " + number + " | " + number
                + " | %d |", what, median(), least, most, values.size());
    }

    /** The head of such a table. */
    public static String head(String unit) {
        return "| " + unit + " | median | least | most | tries |\n|---|---|---|---|---|";
    }
}
