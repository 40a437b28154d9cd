package io.springtide.bench.plot;

import io.springtide.bench.plot.LineChart.Line;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Charts one above the other over one axis, so that what happens at a time is seen in all of them; as SVG. */
public record Panels(String title, String xTitle, List<Panel> panels) {

    private static final int WIDTH = 900;
    private static final int PANEL_HEIGHT = 170;
    private static final int GAP = 46;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 60;
    private static final int BOTTOM = 50;
    private static final int LEGEND_STEP = 190;

    /** One chart. */
    public record Panel(String title, boolean logarithmic, List<Line> lines) {

        public Panel {
            lines = List.copyOf(lines);
            if (lines.isEmpty() || lines.stream().anyMatch(line -> line.xs().length == 0)) {
                throw new IllegalArgumentException("nothing to draw in '" + title + "'");
            }
        }
    }

    public Panels {
        panels = List.copyOf(panels);
    }

    /** The picture. */
    public String svg() {
        int height = TOP + panels.size() * (PANEL_HEIGHT + GAP) + BOTTOM - GAP;
        Svg svg = new Svg(WIDTH, height, title);
        double[] xs = panels.stream().flatMap(panel -> panel.lines.stream())
                .flatMapToDouble(line -> Arrays.stream(line.xs())).toArray();
        Axis x = new Axis(false, DoubleStream.of(xs).min().orElse(0),
                DoubleStream.of(xs).max().orElse(1), LEFT, WIDTH - RIGHT);
        for (int i = 0; i < panels.size(); i++) {
            draw(svg, panels.get(i), x, TOP + i * (PANEL_HEIGHT + GAP));
        }
        int bottom = height - BOTTOM;
        for (double tick : x.ticks()) {
            svg.text(x.at(tick), bottom + 16, "middle", Axis.label(tick));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, bottom + 36, "middle", xTitle);
        return svg.end();
    }

    private static void draw(Svg svg, Panel panel, Axis x, int top) {
        int bottom = top + PANEL_HEIGHT;
        double[] ys = panel.lines.stream().flatMapToDouble(line -> Arrays.stream(line.ys()))
                .toArray();
        double high = DoubleStream.of(ys).max().orElse(1);
        Axis y = panel.logarithmic
                ? new Axis(true, DoubleStream.of(ys).min().orElse(1), high, bottom, top)
                : new Axis(false, 0, high, bottom, top);
        svg.text(LEFT, top - 24, "start", panel.title);
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), top, x.at(tick), bottom, Svg.GRID);
        }
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), Svg.GRID);
            svg.text(LEFT - 6, y.at(tick) + 4, "end", Axis.label(tick));
        }
        svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, Svg.INK);
        svg.line(LEFT, top, LEFT, bottom, Svg.INK);
        for (int i = 0; i < panel.lines.size(); i++) {
            Line line = panel.lines.get(i);
            svg.path(Arrays.stream(line.xs()).map(x::at).toArray(),
                    Arrays.stream(line.ys()).map(y::at).toArray(), Svg.colour(i));
            double legendX = LEFT + i * (double) LEGEND_STEP;
            svg.rectangle(legendX, top - 17, 10, 10, Svg.colour(i));
            svg.text(legendX + 15, top - 8, "start", line.name());
        }
    }
}
