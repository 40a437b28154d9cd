package io.springtide.bench.plot;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Lines through points, with axes, marks and a legend, as SVG.
 *
 * @param dots whether the points themselves are shown; not for lines of many points
 */
public record LineChart(String title, String xTitle, String yTitle, boolean xLogarithmic,
        boolean yLogarithmic, boolean dots, List<Line> lines) {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 35;
    private static final int BOTTOM = 70;
    private static final int LEGEND_STEP = 170;
    private static final int LEGENDS_IN_A_ROW = 4;
    private static final int ROW_HEIGHT = 18;

    /** One line: as many ys as xs, the xs rising. */
    @SuppressWarnings("ArrayRecordComponent") // drawn once, never compared
    public record Line(String name, double[] xs, double[] ys) {

        public Line {
            if (xs.length != ys.length) {
                throw new IllegalArgumentException(
                        name + " has " + xs.length + " xs and " + ys.length + " ys");
            }
        }
    }

    public LineChart {
        lines = List.copyOf(lines);
        if (lines.isEmpty() || lines.stream().anyMatch(line -> line.xs.length == 0)) {
            throw new IllegalArgumentException("nothing to draw in '" + title + "'");
        }
    }

    /** The picture. */
    public String svg() {
        int legendRows = (lines.size() + LEGENDS_IN_A_ROW - 1) / LEGENDS_IN_A_ROW;
        int height = HEIGHT + (legendRows - 1) * ROW_HEIGHT;
        int bottom = HEIGHT - BOTTOM;
        Svg svg = new Svg(WIDTH, height, title);
        double[] xs = lines.stream().flatMapToDouble(line -> Arrays.stream(line.xs)).toArray();
        double[] ys = lines.stream().flatMapToDouble(line -> Arrays.stream(line.ys)).toArray();
        Axis x = axis(xLogarithmic, xs, LEFT, WIDTH - RIGHT);
        Axis y = yLogarithmic
                ? axis(true, ys, bottom, TOP)
                : new Axis(false, Math.min(0, min(ys)), max(ys), bottom, TOP);
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), TOP, x.at(tick), bottom, Svg.GRID);
            svg.text(x.at(tick), bottom + 16, "middle", Axis.label(tick));
        }
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), Svg.GRID);
            svg.text(LEFT - 6, y.at(tick) + 4, "end", Axis.label(tick));
        }
        svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, Svg.INK);
        svg.line(LEFT, TOP, LEFT, bottom, Svg.INK);
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, bottom + 34, "middle", xTitle);
        svg.upwards(16, (TOP + bottom) / 2.0, yTitle);
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, lines.get(i), i, x, y);
        }
        return svg.end();
    }

    private void draw(Svg svg, Line line, int number, Axis x, Axis y) {
        double[] xs = Arrays.stream(line.xs).map(x::at).toArray();
        double[] ys = Arrays.stream(line.ys).map(y::at).toArray();
        String colour = Svg.colour(number);
        svg.path(xs, ys, colour);
        if (dots) {
            for (int i = 0; i < xs.length; i++) {
                svg.dot(xs[i], ys[i], colour);
            }
        }
        int column = number % LEGENDS_IN_A_ROW;
        int row = number / LEGENDS_IN_A_ROW;
        double legendX = LEFT + column * (double) LEGEND_STEP;
        double legendY = HEIGHT - 14 + row * (double) ROW_HEIGHT;
        svg.rectangle(legendX, legendY - 9, 10, 10, colour);
        svg.text(legendX + 15, legendY, "start", line.name);
    }

    private static Axis axis(boolean logarithmic, double[] values, double from, double to) {
        return new Axis(logarithmic, min(values), max(values), from, to);
    }

    private static double min(double[] values) {
        return DoubleStream.of(values).min().orElse(0);
    }

    private static double max(double[] values) {
        return DoubleStream.of(values).max().orElse(1);
    }
}
