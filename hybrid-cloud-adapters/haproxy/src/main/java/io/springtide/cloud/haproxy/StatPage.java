package io.springtide.cloud.haproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The answer of {@code show stat}: counters by proxy and server. Columns go by their names. */
final class StatPage {

    /** Nothing counted. */
    static final StatPage EMPTY = new StatPage(Map.of(), Map.of());
    /** The row of a backend as a whole. */
    static final String WHOLE = "BACKEND";

    private final Map<String, Integer> columns;
    private final Map<String, Map<String, String[]>> rows;

    private StatPage(Map<String, Integer> columns, Map<String, Map<String, String[]>> rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is not such an answer
     */
    static StatPage read(String answer) {
        List<String[]> lines = new ArrayList<>();
        for (String line : answer.split("\n", -1)) {
            if (!line.isBlank()) {
                lines.add(line.split(",", -1));
            }
        }
        if (lines.isEmpty() || !lines.get(0)[0].equals("# pxname")) {
            throw new IllegalArgumentException("'show stat' was answered with '"
                    + answer.strip().lines().findFirst().orElse("") + "'");
        }
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < lines.get(0).length; i++) {
            columns.put(lines.get(0)[i], i);
        }
        Map<String, Map<String, String[]>> rows = new HashMap<>();
        for (String[] line : lines.subList(1, lines.size())) {
            if (line.length > 2) {
                rows.computeIfAbsent(line[0], p -> new HashMap<>()).put(line[1], line);
            }
        }
        return new StatPage(columns, rows);
    }

    Set<String> proxies() {
        return new TreeSet<>(rows.keySet());
    }

    /** A number; 0 where there is none, or no such row. */
    long number(String proxy, String server, String column) {
        return Optional.ofNullable(rows.getOrDefault(proxy, Map.of()).get(server))
                .flatMap(row -> Optional.ofNullable(columns.get(column))
                        .filter(i -> i < row.length).map(i -> row[i]))
                .filter(cell -> cell.matches("-?[0-9]{1,18}")).map(Long::parseLong).orElse(0L);
    }
}
