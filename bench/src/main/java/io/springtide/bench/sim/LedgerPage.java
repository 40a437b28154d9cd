package io.springtide.bench.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Puts down a series of runs as a section of a page that keeps them, again and again while it is under way:
 * one that is cut off leaves what it has done, and how to go on. Other sections stay as they are.
 */
final class LedgerPage {

    private final Path file;
    private final Simulator.Settings settings;
    private final String commit;
    private final LocalDate day = LocalDate.now(ZoneOffset.UTC);
    /** As it stands on the page; empty before it does. */
    private String section = "";

    /** Touches nothing before the first {@link #write}. */
    LedgerPage(Path file, Simulator.Settings settings, String commit) {
        this.file = file.toAbsolutePath();
        this.settings = settings;
        this.commit = commit;
    }

    /**
     * Puts down how the series stands, in place of what was put down of it before. The page is made if it
     * is not there, and is whole at any time.
     *
     * @throws IOException if it cannot be written
     */
    void write(Report report) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        String page = Files.exists(file) ? Files.readString(file) : "";
        String next = section(report);
        int at = section.isEmpty() ? -1 : page.lastIndexOf(section);
        String written = at < 0
                ? page + next
                : page.substring(0, at) + next + page.substring(at + section.length());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, written);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
        section = next;
    }

    private String section(Report report) {
        boolean whole = report.runs() == settings.seeds();
        StringBuilder text = new StringBuilder();
        text.append("## ").append(whole ? "" : report.runs() + " of ").append(settings.seeds())
                .append(" seeds from ").append(settings.seed()).append(" on, ").append(day)
                .append("\n\ncommit ").append(commit).append("; ").append(settings.minutes())
                .append(" simulated minutes with faults each; ").append(settings.agents())
                .append(" agents; ").append(settings.threads()).append(" threads; ")
                .append(report.faults()).append(" faults, ").append(report.checks())
                .append(" checks, ").append(report.twice()).append(" runs done twice\n\n");
        if (!whole) {
            text.append("Not finished; the rest: `./tide sim --seed ")
                    .append(settings.seed() + report.runs()).append(" --seeds ")
                    .append(settings.seeds() - report.runs()).append(" --minutes ")
                    .append(settings.minutes()).append(" --agents ").append(settings.agents())
                    .append("`\n\n");
        }
        report.found().forEach(what -> text.append("* ").append(what).append('\n'));
        text.append(report.found().isEmpty() ? "" : "\n");
        return text.append("```\n").append(report.text()).append("```\n\n").toString();
    }
}
