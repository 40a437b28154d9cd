package io.springtide.bench.placement;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.bench.plot.BarChart;
import io.springtide.bench.plot.LineChart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** All results of one call: as text, as JSON, as charts. */
record Report(long seed, List<Row> rows, Optional<Scaling> scaling,
        Optional<MemoryUse> memory) {

    private static final double MIB = 1 << 20;
    private static final String FENZO = "fenzo";

    Report {
        rows = List.copyOf(rows);
    }

    /** The rows whose answers are wrong, those of the scaling series included. */
    List<Row> wrong() {
        return Stream.concat(rows.stream(),
                scaling.stream().flatMap(all -> all.points().stream()).map(Scaling.Point::row))
                .filter(row -> !row.right()).toList();
    }

    void print(PrintWriter out) {
        if (!rows.isEmpty()) {
            printRows(out);
        }
        scaling.ifPresent(all -> {
            out.println();
            Columns columns = new Columns("SCALING", ">machines", ">tasks", ">ns each",
                    ">bytes each", "note");
            for (Scaling.Point point : all.points()) {
                columns.row(point.workload(), number(point.machines()),
                        number(point.row().tasks()), number(point.nanosEach()),
                        bytes(point.row()), point.row().note());
            }
            columns.lines().forEach(out::println);
        });
        memory.ifPresent(use -> {
            out.println();
            out.printf(Locale.ROOT,
                    "MEMORY   %s instances on %s machines: %.2f s, %.0f bytes of heap each%n",
                    number(use.instances()), number(use.machines()), use.seconds(),
                    use.heapBytesEach());
        });
        out.println();
        out.println(machine());
        out.flush();
    }

    private void printRows(PrintWriter out) {
        Columns columns = new Columns("WORKLOAD", "ENGINE", ">placed", ">of", ">placements/s",
                ">x Fenzo", ">x its fastest", ">machines", ">bytes each", ">runs", "note");
        for (Row row : rows) {
            if (!row.ran()) {
                columns.row(row.workload(), row.engine(), "-", number(row.tasks()), "-", "-", "-",
                        "-", "-", "-", row.note());
                continue;
            }
            columns.row(row.workload(), row.engine(), number(row.placed()), number(row.tasks()),
                    number(row.perSecond()),
                    row.peer() ? "-" : ratio(row.ratioTo(FENZO, rows)),
                    row.peer() ? "-" : ratio(row.ratioToPeers(rows)),
                    number(row.machinesUsed()), bytes(row), Integer.toString(row.runs()),
                    row.note());
        }
        columns.lines().forEach(out::println);
        out.println("x Fenzo: against engine " + FENZO
                + "; x its fastest: against the fastest use of it that got the workload right.");
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isPresent() ? number(ratio.getAsDouble()) : "-";
    }

    private static String bytes(Row row) {
        return row.bytesEach() < 0 ? "-" : number(row.bytesEach());
    }

    private static String number(double value) {
        return value < 100 && value != Math.rint(value)
                ? String.format(Locale.ROOT, "%.1f", value)
                : String.format(Locale.ROOT, "%,.0f", value).replace(',', ' ');
    }

    private String machine() {
        return String.format(Locale.ROOT,
                "%d processors, %s %s, heap of at most %.0f MiB, seed %d",
                Runtime.getRuntime().availableProcessors(), System.getProperty("java.vm.name"),
                System.getProperty("java.version"), Runtime.getRuntime().maxMemory() / MIB, seed);
    }

    void write(Optional<Path> json, Optional<Path> svg) throws IOException {
        if (json.isPresent()) {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(json.get().toFile(),
                    json());
        }
        if (svg.isPresent()) {
            if (rows.stream().anyMatch(row -> row.perSecond() > 0)) {
                Files.writeString(svg.get().resolve("placement-rates.svg"), rates().svg());
            }
            if (scaling.isPresent()) {
                Files.writeString(svg.get().resolve("placement-scaling.svg"),
                        scalingChart(scaling.get()).svg());
            }
        }
    }

    private BarChart rates() {
        List<String> engines = rows.stream().map(Row::engine).distinct().toList();
        List<BarChart.Group> groups = new ArrayList<>();
        for (String workload : rows.stream().map(Row::workload).distinct().toList()) {
            groups.add(new BarChart.Group(workload,
                    engines.stream().map(engine -> rate(workload, engine)).toList()));
        }
        return new BarChart("Placements a second", "placements/s (logarithmic)", engines, groups);
    }

    private OptionalDouble rate(String workload, String engine) {
        return rows.stream()
                .filter(row -> row.workload().equals(workload) && row.engine().equals(engine)
                        && row.ran() && row.perSecond() > 0)
                .mapToDouble(Row::perSecond).findFirst();
    }

    private static LineChart scalingChart(Scaling all) {
        List<LineChart.Line> lines = new ArrayList<>();
        for (String workload : all.points().stream().map(Scaling.Point::workload).distinct()
                .toList()) {
            lines.add(new LineChart.Line(workload,
                    all.of(workload).stream().mapToDouble(Scaling.Point::machines).toArray(),
                    all.of(workload).stream().mapToDouble(Scaling.Point::nanosEach).toArray()));
        }
        return new LineChart("Cost of a placement", "machines", "ns a placement", true, true, true,
                lines);
    }

    private ObjectNode json() {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode root = mapper.createObjectNode();
        root.put("machine", machine()).put("seed", seed);
        ArrayNode table = root.putArray("rows");
        rows.forEach(row -> table.add(json(mapper, row)));
        scaling.ifPresent(all -> {
            ArrayNode points = root.putArray("scaling");
            all.points().forEach(point -> points.add(json(mapper, point.row())
                    .put("machines", point.machines()).put("nanosEach", point.nanosEach())));
        });
        memory.ifPresent(use -> root.putObject("memory").put("machines", use.machines())
                .put("instances", use.instances()).put("runs", use.runs())
                .put("seconds", use.seconds()).put("heapBytesEach", use.heapBytesEach()));
        return root;
    }

    private ObjectNode json(ObjectMapper mapper, Row row) {
        ObjectNode node = mapper.createObjectNode();
        node.put("workload", row.workload()).put("about", row.about())
                .put("engine", row.engine()).put("peer", row.peer());
        if (!row.ran()) {
            return node.put("refusal", row.refusal());
        }
        node.put("tasks", row.tasks()).put("tried", row.tried()).put("placed", row.placed())
                .put("runs", row.runs()).put("perSecond", row.perSecond())
                .put("perSecondMin", row.perSecondMin()).put("perSecondMax", row.perSecondMax())
                .put("machinesUsed", row.machinesUsed()).put("skewMax", row.skewMax())
                .put("doubled", row.doubled()).put("bytesEach", row.bytesEach());
        if (!row.peer()) {
            row.ratioTo(FENZO, rows).ifPresent(ratio -> node.put("ratioToFenzo", ratio));
            row.ratioToPeers(rows).ifPresent(ratio -> node.put("ratioToFastestPeer", ratio));
        }
        ArrayNode violations = node.putArray("violations");
        row.violations().forEach(violations::add);
        return node;
    }
}
