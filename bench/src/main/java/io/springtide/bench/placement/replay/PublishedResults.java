package io.springtide.bench.placement.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What others have published for a trace, from a table beside it; nothing if there is none. */
final class PublishedResults {

    static final String FILE = "published_fgd_results_summary.csv";

    private static final int COLUMNS = 8;

    /** Allocated GPU at 100 and at 130 % of arrived demand, and fragmented GPU at 100 %. */
    record Figures(double allocatedAt100, double allocatedAt130, double fragmentedAt100) {}

    private final Map<String, Figures> figures = new TreeMap<>();

    static PublishedResults read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? parse(Files.readAllLines(file)) : new PublishedResults();
    }

    static PublishedResults parse(List<String> lines) {
        PublishedResults results = new PublishedResults();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (cells.length < COLUMNS) {
                throw new IllegalArgumentException(
                        FILE + " needs " + COLUMNS + " columns: " + line);
            }
            // The policies are numbered: 06-FGD.
            results.figures.put(key(cells[0], cells[1].substring(cells[1].indexOf('-') + 1)),
                    new Figures(Double.parseDouble(cells[3]), Double.parseDouble(cells[5]),
                            Double.parseDouble(cells[7])));
        }
        return results;
    }

    @Nullable
    Figures of(String workload, String policy) {
        return figures.get(key(workload, policy));
    }

    /** Whether anything is known of a workload. */
    boolean knows(String workload) {
        return figures.keySet().stream().anyMatch(key -> key.startsWith(key(workload, "")));
    }

    boolean isEmpty() {
        return figures.isEmpty();
    }

    private static String key(String workload, String policy) {
        return workload + "/" + policy;
    }
}
