package io.springtide.bench.conformance;

import io.springtide.bench.live.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Goal: what real users wrote for Marathon is accepted by a running master and read back as they wrote it;
 * what Marathon refuses is refused alike. Method: one master for each set of options that fixtures ask
 * for, without agents; each fixture is posted, read back, and deleted.
 */
public final class Conformance {

    private Conformance() {}

    /**
     * Runs all fixtures.
     *
     * @param heard gets each fixture with what is wrong about its outcome
     */
    public static void run(List<Fixture> fixtures, Path folder,
            BiConsumer<Fixture, List<String>> heard) throws IOException {
        Map<List<String>, List<Fixture>> byOptions = new LinkedHashMap<>();
        for (Fixture fixture : fixtures) {
            byOptions.computeIfAbsent(fixture.options(), unused -> new ArrayList<>()).add(fixture);
        }
        int number = 0;
        for (Map.Entry<List<String>, List<Fixture>> entry : byOptions.entrySet()) {
            Path data = folder.resolve("options-" + number++);
            try (LocalCluster cluster = new LocalCluster(data, 0, "process", entry.getKey())) {
                Trial trial = new Trial(cluster);
                for (Fixture fixture : entry.getValue()) {
                    heard.accept(fixture, trial.of(fixture));
                }
            }
        }
    }

    /** Prints a line for each fixture of a folder; the number of those that fail. */
    public static int print(Path fixtures) throws IOException {
        Path work = Files.createTempDirectory("springtide-conformance");
        List<Fixture> all = Fixture.in(fixtures);
        List<Fixture> failed = new ArrayList<>();
        run(all, work, (fixture, wrong) -> {
            System.out.println((wrong.isEmpty() ? "ok    " : "FAILED ")
                    + (fixture.valid() ? "accepted " : "refused  ") + fixture.name());
            wrong.forEach(line -> System.out.println("         " + line));
            if (!wrong.isEmpty()) {
                failed.add(fixture);
            }
        });
        System.out.println(all.size() - failed.size() + " of " + all.size() + " as Marathon does");
        return failed.size();
    }
}
