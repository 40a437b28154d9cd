package io.springtide.bench.plot;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Bars that lie, in groups, on a logarithmic scale: for rates that are orders of magnitude apart.
 *
 * @param series the name of each bar in a group
 */
public record BarChart(String title, String valueTitle, List<String> series,
        List<Group> groups) {

    private static final int WIDTH = 760;
    private static final int LEFT = 180;
    private static final int RIGHT = 70;
    private static final int TOP = 35;
    private static final int BAR = 11;
    private static final int GAP = 10;
    private static final int LEGEND_LEFT = 20;
    private static final int LEGEND_STEP = 148;
    private static final int FOOT = 60;

    /** One value for each of the series; empty where there is none. */
    public record Group(String name, List<OptionalDouble> values) {

        public Group {
            values = List.copyOf(values);
        }
    }

    public BarChart {
        series = List.copyOf(series);
        groups = List.copyOf(groups);
    }

    /** The picture. */
    public String svg() {
        double[] all = groups.stream().flatMap(group -> group.values.stream())
                .flatMapToDouble(OptionalDouble::stream).filter(value -> value > 0).toArray();
        if (all.length == 0) {
            throw new IllegalArgumentException("nothing to draw in '" + title + "'");
        }
        int groupHeight = series.size() * BAR + GAP;
        int bottom = TOP + groups.size() * groupHeight;
        Svg svg = new Svg(WIDTH, bottom + FOOT, title);
        double low = java.util.Arrays.stream(all).min().orElseThrow();
        double high = java.util.Arrays.stream(all).max().orElseThrow();
        Axis axis = new Axis(true, low, high, LEFT, WIDTH - RIGHT);
        for (double tick : axis.ticks()) {
            svg.line(axis.at(tick), TOP, axis.at(tick), bottom, Svg.GRID);
            svg.text(axis.at(tick), bottom + 14, "middle", Axis.label(tick));
        }
        for (int i = 0; i < groups.size(); i++) {
            draw(svg, groups.get(i), TOP + i * groupHeight, axis);
        }
        svg.line(LEFT, TOP, LEFT, bottom, Svg.INK);
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, bottom + 30, "middle", valueTitle);
        for (int i = 0; i < series.size(); i++) {
            svg.rectangle(LEGEND_LEFT + i * (double) LEGEND_STEP, bottom + 40, 10, 10,
                    Svg.colour(i));
            svg.text(LEGEND_LEFT + i * (double) LEGEND_STEP + 15, bottom + 49, "start",
                    series.get(i));
        }
        return svg.end();
    }

    private void draw(Svg svg, Group group, int top, Axis axis) {
        svg.text(LEFT - 8, top + series.size() * BAR / 2.0 + 4, "end", group.name);
        for (int i = 0; i < group.values.size(); i++) {
            OptionalDouble value = group.values.get(i);
            if (value.isPresent() && value.getAsDouble() > 0) {
                double end = axis.at(value.getAsDouble());
                double y = top + i * (double) BAR;
                svg.rectangle(LEFT, y, Math.max(1, end - LEFT), BAR - 1, Svg.colour(i));
                svg.text(end + 4, y + BAR - 2, "start",
                        Axis.label(Math.rint(value.getAsDouble())));
            }
        }
    }
}
