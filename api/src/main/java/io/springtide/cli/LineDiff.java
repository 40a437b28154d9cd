package io.springtide.cli;

import java.util.ArrayList;
import java.util.List;

/** What differs between two lists of lines, in the unified format that {@code diff -u} prints. */
final class LineDiff {
    private static final int CONTEXT = 3;

    /** Beyond this the table of the longest common subsequence would be larger than 64 MiB. */
    private static final long CELLS_MAX = 16L << 20;

    private LineDiff() {}

    private record Edit(char sign, String line) {}

    /** The lines of the difference, with two headings; none if there is none. */
    static List<String> unified(String fromName, String toName, List<String> from,
            List<String> to) {
        List<Edit> edits = edits(from, to);
        List<String> lines = new ArrayList<>();
        int at = 0;
        while (at < edits.size()) {
            if (edits.get(at).sign() == ' ') {
                at++;
                continue;
            }
            int begin = Math.max(0, at - CONTEXT);
            int end = hunkEnd(edits, at);
            if (lines.isEmpty()) {
                lines.add("--- " + fromName);
                lines.add("+++ " + toName);
            }
            lines.add("@@ -" + range(edits, begin, end, '+') + " +" + range(edits, begin, end, '-')
                    + " @@");
            for (Edit edit : edits.subList(begin, end)) {
                lines.add(edit.sign() + edit.line());
            }
            at = end;
        }
        return lines;
    }

    /** A line of a difference in the colours that people know from elsewhere, where there are colours. */
    static String painted(Terminal terminal, String line) {
        String clean = Table.printable(line);
        if (!terminal.colours() || clean.isEmpty()) {
            return clean;
        }
        return switch (clean.charAt(0)) {
            case '+' -> "\u001b[32m" + clean + "\u001b[0m";
            case '-' -> "\u001b[31m" + clean + "\u001b[0m";
            case '~' -> "\u001b[33m" + clean + "\u001b[0m";
            case '@' -> "\u001b[36m" + clean + "\u001b[0m";
            default -> clean;
        };
    }

    /** Changes with at most twice the context between them are shown as one. */
    private static int hunkEnd(List<Edit> edits, int first) {
        int last = first;
        for (int i = first; i < edits.size() && i - last <= 2 * CONTEXT; i++) {
            if (edits.get(i).sign() != ' ') {
                last = i;
            }
        }
        return Math.min(edits.size(), last + CONTEXT + 1);
    }

    /** Where a hunk begins on one side and how many lines it has there; {@code other} is of the other side. */
    private static String range(List<Edit> edits, int begin, int end, char other) {
        long before = edits.subList(0, begin).stream().filter(e -> e.sign() != other).count();
        long count = edits.subList(begin, end).stream().filter(e -> e.sign() != other).count();
        return (count == 0 ? before : before + 1) + "," + count;
    }

    private static List<Edit> edits(List<String> from, List<String> to) {
        int head = 0;
        while (head < from.size() && head < to.size() && from.get(head).equals(to.get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < from.size() - head && tail < to.size() - head
                && from.get(from.size() - 1 - tail).equals(to.get(to.size() - 1 - tail))) {
            tail++;
        }
        List<Edit> edits = new ArrayList<>();
        from.subList(0, head).forEach(line -> edits.add(new Edit(' ', line)));
        middle(edits, from.subList(head, from.size() - tail), to.subList(head, to.size() - tail));
        from.subList(from.size() - tail, from.size())
                .forEach(line -> edits.add(new Edit(' ', line)));
        return edits;
    }

    /** By the longest common subsequence; lists too long for that are replaced as a whole. */
    private static void middle(List<Edit> edits, List<String> from, List<String> to) {
        boolean replace = (from.size() + 1L) * (to.size() + 1L) > CELLS_MAX;
        int[][] common = replace ? new int[0][] : common(from, to);
        int i = 0;
        int j = 0;
        while (i < from.size() || j < to.size()) {
            if (!replace && i < from.size() && j < to.size() && from.get(i).equals(to.get(j))) {
                edits.add(new Edit(' ', from.get(i)));
                i++;
                j++;
            } else if (i < from.size()
                    && (replace || j == to.size() || common[i + 1][j] >= common[i][j + 1])) {
                edits.add(new Edit('-', from.get(i++)));
            } else {
                edits.add(new Edit('+', to.get(j++)));
            }
        }
    }

    private static int[][] common(List<String> from, List<String> to) {
        int[][] common = new int[from.size() + 1][to.size() + 1];
        for (int i = from.size() - 1; i >= 0; i--) {
            for (int j = to.size() - 1; j >= 0; j--) {
                common[i][j] = from.get(i).equals(to.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}
