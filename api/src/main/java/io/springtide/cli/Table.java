package io.springtide.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, in columns as wide as their widest cell. Columns of numbers sit right. */
public final class Table {
    private static final int GAP = 2;

    private final List<String> titles;
    private final List<List<String>> rows = new ArrayList<>();

    /** With these headings; one that begins with {@code >} is a column of numbers */
    public Table(String... titles) {
        this.titles = List.of(titles);
    }

    public Table(List<String> titles) {
        this.titles = List.copyOf(titles);
    }

    /** Adds a row with one cell a heading. */
    public Table row(String... cells) {
        return row(List.of(cells));
    }

    /** Adds a row with one cell a heading. */
    public Table row(List<String> cells) {
        if (cells.size() != titles.size()) {
            throw new IllegalArgumentException(
                    cells.size() + " cells under " + titles.size() + " headings");
        }
        List<String> clean = new ArrayList<>(cells.size());
        for (String cell : cells) {
            clean.add(cell.isEmpty() ? "-" : printable(cell));
        }
        rows.add(clean);
        return this;
    }

    /** The lines, without blanks at their ends. */
    public List<String> lines(boolean withTitles) {
        int columns = titles.size();
        int[] widths = new int[columns];
        for (int column = 0; column < columns; column++) {
            widths[column] = withTitles ? width(title(column)) : 0;
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], width(row.get(column)));
            }
        }
        List<String> lines = new ArrayList<>(rows.size() + 1);
        if (withTitles) {
            List<String> heads = new ArrayList<>(columns);
            for (int column = 0; column < columns; column++) {
                heads.add(title(column));
            }
            lines.add(line(heads, widths));
        }
        for (List<String> row : rows) {
            lines.add(line(row, widths));
        }
        return lines;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            int blanks = widths[column] - width(cell);
            if (titles.get(column).startsWith(">")) {
                line.repeat(' ', blanks).append(cell);
            } else {
                line.append(cell).repeat(' ', blanks);
            }
            line.repeat(' ', GAP);
        }
        return line.toString().stripTrailing();
    }

    private String title(int column) {
        String title = titles.get(column);
        return title.startsWith(">") ? title.substring(1) : title;
    }

    /** What a server sends must not move the cursor or recolour the terminal. */
    static String printable(String cell) {
        for (int at = 0; at < cell.length(); at++) {
            if (Character.isISOControl(cell.charAt(at))) {
                StringBuilder clean = new StringBuilder(cell.length());
                for (int each = 0; each < cell.length(); each++) {
                    char c = cell.charAt(each);
                    clean.append(Character.isISOControl(c) ? ' ' : c);
                }
                return clean.toString();
            }
        }
        return cell;
    }

    /** Columns on the screen: Chinese, Japanese and Korean characters take two. */
    static int width(String text) {
        int width = 0;
        for (int at = 0; at < text.length(); at++) {
            boolean wide = isWide(text.charAt(at));
            width += wide ? 2 : 1;
        }
        return width;
    }

    private static boolean isWide(char c) {
        return within(c, 0x1100, 0x115f) || within(c, 0x2e80, 0xa4cf) || within(c, 0xac00, 0xd7a3)
                || within(c, 0xf900, 0xfaff) || within(c, 0xfe30, 0xfe6f)
                || within(c, 0xff00, 0xff60)
                || within(c, 0xffe0, 0xffe6);
    }

    private static boolean within(char c, int first, int last) {
        return c >= first && c <= last;
    }
}
