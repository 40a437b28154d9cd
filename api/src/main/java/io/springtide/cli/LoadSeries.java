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
import java.util.stream.IntStream;

/**
 * A recorded load in CSV, as the master wants it.
 *
 * @param from when it begins; empty if its times are seconds
 */
record LoadSeries(List<Json> points, Optional<String> from) {

    /** A line with something in it, and which one of the file it is. */
    private record Line(int number, String text) {

        String[] cells() {
            return text.split(",", -1);
        }
    }

    /** What the master knows; it would complain about each line, and not about the heading. */
    private static final Set<String> HEADINGS = Set.of("at", "cpu", "memory", "requests",
            "concurrency", "waiting", "latency", "promql");

    /**
     * Reads lines under headings, the first of which is {@code at}.
     *
     * @throws CliException with the line, if it is not as it should be
     */
    static LoadSeries read(String name, String text) {
        List<String> all = text.lines().map(String::strip).toList();
        List<Line> lines = IntStream.range(0, all.size())
                .mapToObj(at -> new Line(at + 1, all.get(at)))
                .filter(line -> !line.text().isEmpty()).toList();
        String[] titles = lines.isEmpty() ? new String[0] : lines.getFirst().cells();
        if (lines.size() < 2 || !titles[0].strip().equals("at")) {
            throw broken(name, lines.isEmpty() ? 1 : lines.getFirst().number(),
                    "must have headings, the first of them 'at', and a line or more");
        }
        Set<String> seen = new HashSet<>();
        for (String title : titles) {
            if (!HEADINGS.contains(title.strip()) || !seen.add(title.strip())) {
                throw broken(name, lines.getFirst().number(), "has the heading '" + title.strip()
                        + (HEADINGS.contains(title.strip())
                                ? "' twice"
                                : "', which is none of at, cpu, memory, requests, concurrency,"
                                        + " waiting, latency, promql"));
            }
        }
        Optional<OffsetDateTime> from = time(lines.get(1).cells()[0].strip());
        List<Json> points = new ArrayList<>();
        for (Line line : lines.subList(1, lines.size())) {
            String[] cells = line.cells();
            if (cells.length != titles.length) {
                throw broken(name, line.number(),
                        "has " + cells.length + " cells, not " + titles.length);
            }
            if (cells[0].isBlank()) {
                throw broken(name, line.number(), "says no time");
            }
            JsonObject point = new JsonObject();
            for (int column = 0; column < cells.length; column++) {
                String cell = cells[column].strip();
                if (!cell.isEmpty()) {
                    point.with(titles[column].strip(),
                            column == 0 && from.isPresent()
                                    ? seconds(name, line.number(), from.get(), cell)
                                    : number(name, line.number(), cell));
                }
            }
            points.add(point.build());
        }
        return new LoadSeries(points, from.map(first -> first.toInstant().toString()));
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
