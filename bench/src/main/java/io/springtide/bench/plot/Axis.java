package io.springtide.bench.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One direction of a chart: from values to the places where they are drawn, and round values to mark. */
final class Axis {

    private static final int TICKS = 6;

    private final boolean logarithmic;
    private final double low;
    private final double high;
    private final double from;
    private final double to;

    /** Values between two bounds, drawn between two places; a logarithmic axis wants bounds above zero. */
    Axis(boolean logarithmic, double valueMin, double valueMax, double from, double to) {
        this.logarithmic = logarithmic;
        this.from = from;
        this.to = to;
        if (logarithmic) {
            low = Math.floor(Math.log10(valueMin));
            double top = Math.ceil(Math.log10(valueMax));
            high = top > low ? top : low + 1;
        } else {
            double step = step(valueMax - valueMin);
            low = Math.floor(valueMin / step) * step;
            double top = Math.ceil(valueMax / step) * step;
            high = top > low ? top : low + 1;
        }
    }

    double at(double value) {
        double scaled = logarithmic ? Math.log10(value) : value;
        return from + (scaled - low) / (high - low) * (to - from);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        double step = logarithmic ? 1 : step(high - low);
        for (int i = 0; low + i * step <= high + step / 1_000; i++) {
            double value = low + i * step;
            ticks.add(logarithmic ? Math.pow(10, value) : value);
        }
        return ticks;
    }

    /** 1, 2 or 5 times a power of ten, so that there are about six steps. */
    private static double step(double span) {
        if (span <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(span / TICKS)));
        double times = span / TICKS / power;
        return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    }

    /** A number short enough for a mark: 50k, 2M, 0.25. */
    static String label(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return plain(value / 1e6) + "M";
        }
        return size >= 1e4 ? plain(value / 1e3) + "k" : plain(value);
    }

    private static String plain(double value) {
        if (value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, "%.3f", value).replaceAll("0+$", "");
    }
}
