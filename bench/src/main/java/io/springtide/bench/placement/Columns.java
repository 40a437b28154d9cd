package io.springtide.bench.placement;

import java.util.ArrayList;
import java.util.List;

/** Lines whose columns are aligned; a title that begins with {@code >} aligns to the right. */
final class Columns {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final boolean[] right;

    Columns(String... titles) {
        right = new boolean[titles.length];
        String[] head = new String[titles.length];
        for (int i = 0; i < titles.length; i++) {
            right[i] = titles[i].startsWith(">");
            head[i] = right[i] ? titles[i].substring(1) : titles[i];
        }
        rows.add(head);
    }

    void row(String... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.length
                    + " columns");
        }
        rows.add(cells.clone());
    }

    List<String> lines() {
        int[] widths = new int[right.length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row[i].length());
                line.append(i == 0 ? "" : GAP).append(right[i] ? padding : "").append(row[i])
                        .append(right[i] ? "" : padding);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
