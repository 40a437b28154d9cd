package io.springtide.bench.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Puts down a series of runs, as a section of a page that keeps them. */
final class LedgerPage {

    private LedgerPage() {}

    /** The section. */
    static String section(Simulator.Settings settings, Report report, String commit,
            LocalDate day) {
        return "## " + settings.seeds() + " seeds from " + settings.seed() + " on, " + day + "\n\n"
                + "commit " + commit + "; " + settings.minutes()
                + " simulated minutes with faults each; " + settings.agents()
                + " agents; " + settings.threads() + " threads; " + report.faults()
                + " faults, " + report.checks() + " checks, " + report.twice()
                + " runs done twice\n\n```\n" + report.text() + "```\n\n";
    }

    /**
     * Adds a section to a file, which is made if it is not there.
     *
     * @throws IOException if it cannot be written
     */
    static void add(Path file, Simulator.Settings settings, Report report) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, section(settings, report,
                System.getProperty("tide.commit", "unknown"), LocalDate.now(ZoneOffset.UTC)),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
