package io.springtide.bench.plot;

import java.util.Locale;

/**
 * A picture under way. Colours are of middle brightness and the ground is left out, so that it can be read on
 * a light page and on a dark one.
 */
final class Svg {

    static final String INK = "#808080";
    static final String GRID = "#80808040";
    private static final String[] COLOURS = {"#2f8fdd", "#e07b39", "#3fa66a", "#b06fc4",
            "#c9a227", "#d1495b"};

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height, String title) {
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ").append(width)
                .append(' ').append(height)
                .append("\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n<title>")
                .append(escaped(title)).append("</title>\n");
        text(width / 2.0, 20, "middle", title, "font-size=\"15\" font-weight=\"bold\"");
    }

    static String colour(int index) {
        return COLOURS[index % COLOURS.length];
    }

    void line(double x1, double y1, double x2, double y2, String colour) {
        text.append(String.format(Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n", x1,
                y1, x2, y2, colour));
    }

    void rectangle(double x, double y, double width, double height, String colour) {
        text.append(String.format(Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n", x,
                y, width, height, colour));
    }

    void dot(double x, double y, String colour) {
        text.append(String.format(Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n", x, y, colour));
    }

    void path(double[] xs, double[] ys, String colour) {
        text.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").append(colour)
                .append("\" points=\"");
        for (int i = 0; i < xs.length; i++) {
            text.append(String.format(Locale.ROOT, "%s%.1f,%.1f", i == 0 ? "" : " ", xs[i],
                    ys[i]));
        }
        text.append("\"/>\n");
    }

    void text(double x, double y, String anchor, String content) {
        text(x, y, anchor, content, "");
    }

    /** A label of the y axis: it runs upwards. */
    void upwards(double x, double y, String content) {
        text(x, y, "middle", content,
                String.format(Locale.ROOT, "transform=\"rotate(-90 %.1f %.1f)\"", x, y));
    }

    private void text(double x, double y, String anchor, String content, String more) {
        text.append(String.format(Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\" %s>%s</text>%n", x,
                y, anchor, INK, more, escaped(content)));
    }

    String end() {
        return text + "</svg>\n";
    }

    private static String escaped(String plain) {
        return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
