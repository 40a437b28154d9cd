package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A recorded load in CSV, as the master wants it.
 *
 * @param from when it begins; empty if its times are seconds
 */
record LoadSeries(List<Json> points, Optional<String> from) {

    /** What the master knows; it would complain about each line, and not about the heading. */
    private static final Set<String> HEADINGS = Set.of("at", "cpu", "memory", "requests",
            "concurrency", "waiting", "latency", "promql");

    /**
     * Reads lines under headings, the first of which is {@code at}.
     *
     * @throws CliException with the line, if it is not as it should be
     */
    static LoadSeries read(String name, String text) {
        List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty())
                .toList();
        String[] titles = lines.isEmpty() ? new String[0] : lines.getFirst().split(",", -1);
        if (lines.size() < 2 || !titles[0].strip().equals("at")) {
            throw broken(name, 1, "must have headings, the first of them 'at', and a line or more");
        }
        Set<String> seen = new HashSet<>();
        for (String title : titles) {
            if (!HEADINGS.contains(title.strip()) || !seen.add(title.strip())) {
                throw broken(name, 1, "has the heading '" + title.strip()
                        + (HEADINGS.contains(title.strip())
                                ? "' twice"
                                : "', which is none of at, cpu, memory, requests, concurrency,"
                                        + " waiting, latency, promql"));
            }
        }
        Optional<OffsetDateTime> from = time(cell(lines.get(1), 0));
        List<Json> points = new ArrayList<>();
        for (int at = 1; at < lines.size(); at++) {
            String[] cells = lines.get(at).split(",", -1);
            if (cells.length != titles.length) {
                throw broken(name, at + 1,
                        "has " + cells.length + " cells, not " + titles.length);
            }
            if (cells[0].isBlank()) {
                throw broken(name, at + 1, "says no time");
            }
            JsonObject point = new JsonObject();
            for (int column = 0; column < cells.length; column++) {
                String cell = cells[column].strip();
                if (!cell.isEmpty()) {
                    point.with(titles[column].strip(),
                            column == 0 && from.isPresent()
                                    ? seconds(name, at + 1, from.get(), cell)
                                    : number(name, at + 1, cell));
                }
            }
            points.add(point.build());
        }
        return new LoadSeries(points, from.map(first -> first.toInstant().toString()));
    }

    private static String cell(String line, int column) {
        return line.split(",", -1)[column].strip();
    }

    private static Optional<OffsetDateTime> time(String cell) {
        try {
            return Optional.of(OffsetDateTime.parse(cell));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }

    private static Json seconds(String name, int line, OffsetDateTime from, String cell) {
        OffsetDateTime at = time(cell)
                .orElseThrow(() -> broken(name, line, "has no time but '" + cell + "'"));
        return Json.number(Double.toString(
                java.time.Duration.between(from, at).toMillis() / 1_000.0));
    }

    private static Json number(String name, int line, String cell) {
        try {
            return Json.number(cell);
        } catch (IllegalArgumentException none) {
            throw broken(name, line, "has no number but '" + cell + "'");
        }
    }

    private static CliException broken(String name, int line, String what) {
        return new CliException(Exit.INVALID, "Line " + line + " of " + name + " " + what + ".",
                "For example: at,requests,concurrency");
    }
}
