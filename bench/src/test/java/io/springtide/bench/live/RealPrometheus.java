package io.springtide.bench.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The real programs that tests need. Where they are missing a test is skipped with the reason on the
 * console; where {@code CI=true} it fails instead, since nobody would read of the skip there.
 */
final class RealPrometheus {

    /** Serves and fetches pages. */
    static final Path BUSYBOX = Path.of("/bin/busybox");
    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");

    private RealPrometheus() {}

    /** Lets a test go on only where Prometheus and busybox are. */
    static void assumeThere(String test) {
        assumeThere(test, PROMETHEUS);
        assumeBusybox(test);
    }

    /** Lets a test go on only where busybox is. */
    static void assumeBusybox(String test) {
        assumeThere(test, BUSYBOX);
    }

    private static void assumeThere(String test, Path program) {
        boolean there = Files.isExecutable(program);
        String why = "no " + program + "; build-support/install-prometheus.sh installs it";
        Prerequisite.need(test, there, why);
    }

    /**
     * Starts one that scrapes each second; its files stay in the folder.
     *
     * @param jobs the items of {@code scrape_configs}, as YAML
     */
    static Process start(Path folder, int port, String jobs) throws IOException {
        Path settings = folder.resolve("prometheus.yml");
        Files.writeString(settings, """
                global: {scrape_interval: 1s}
                scrape_configs:
                %s""".formatted(jobs));
        return new ProcessBuilder(PROMETHEUS.toString(), "--config.file=" + settings,
                "--storage.tsdb.path=" + folder.resolve("prometheus"),
                "--web.listen-address=127.0.0.1:" + port).redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile()).start();
    }
}
