package io.springtide.cli;

import io.springtide.api.client.Json;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Load against capacity as a drawing, out of what a simulation answers. */
final class CapacityChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int TOP = 30;
    private static final int RIGHT = 930;
    private static final int BOTTOM = 370;
    private static final int LINES = 4;

    private CapacityChart() {}

    /** A picture of its own size; without load and capacity it shows instances. */
    static String svg(Json result) {
        List<Json> points = result.get("points").items();
        boolean loaded = points.stream().anyMatch(point -> !point.get("capacity").isMissing());
        String first = loaded ? "load" : "wanted";
        String second = loaded ? "capacity" : "ready";
        double last = Math.max(1, most(points, "at"));
        double highest = Math.max(1, Math.max(most(points, first), most(points, second)) * 1.05);
        StringBuilder svg = new StringBuilder();
        svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ").append(WIDTH)
                .append(' ').append(HEIGHT).append("\" font-family=\"sans-serif\"")
                .append(" font-size=\"12\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (int i = 0; i <= LINES; i++) {
            double value = highest * i / LINES;
            double y = BOTTOM - (BOTTOM - TOP) * (double) i / LINES;
            svg.append(String.format(Locale.ROOT, "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>"
                    + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n", LEFT, y,
                    RIGHT, LEFT - 8, y + 4, value));
            double x = LEFT + (RIGHT - LEFT) * (double) i / LINES;
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\""
                    + " text-anchor=\"middle\">%s</text>%n", x, BOTTOM + 20,
                    Moments.span(Math.round(last * i / LINES))));
        }
        Function<Json, Double> across = point -> LEFT
                + (RIGHT - LEFT) * point.get("at").asDouble() / last;
        svg.append(line(points, across, first, highest, "#c33", false));
        svg.append(line(points, across, second, highest, "#27a", true));
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"18\" fill=\"#c33\">%s</text>"
                + "<text x=\"%d\" y=\"18\" fill=\"#27a\">%s of ready instances</text>%n", LEFT,
                first, LEFT + 90, loaded ? second : "number"));
        return svg.append("</svg>\n").toString();
    }

    private static double most(List<Json> points, String name) {
        ToDoubleFunction<Json> value = point -> point.get(name).asDouble();
        return points.stream().mapToDouble(value).max().orElse(0);
    }

    private static String line(List<Json> points, Function<Json, Double> across, String name,
            double highest, String colour, boolean steps) {
        StringBuilder path = new StringBuilder();
        for (Json point : points) {
            if (point.get(name).isMissing()) {
                continue;
            }
            double y = BOTTOM - (BOTTOM - TOP) * point.get(name).asDouble() / highest;
            if (path.isEmpty()) {
                path.append(String.format(Locale.ROOT, "M%.1f %.1f", across.apply(point), y));
            } else if (steps) {
                path.append(String.format(Locale.ROOT, "H%.1fV%.1f", across.apply(point), y));
            } else {
                path.append(String.format(Locale.ROOT, "L%.1f %.1f", across.apply(point), y));
            }
        }
        return "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + colour
                + "\" stroke-width=\"2\"/>\n";
    }
}
