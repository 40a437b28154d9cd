package io.springtide.cli;

import io.springtide.cli.cluster.LocalSettings;
import io.springtide.cli.cluster.Ports;
import io.springtide.cli.demo.Demo;
import io.springtide.cli.demo.DemoException;
import io.springtide.cli.demo.Narrator;
import io.springtide.cli.demo.StepResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tide demo}: the whole promise in one go. */
@Command(name = "demo", //
        description = {
                "Show what this is for, on a cluster of its own that is gone afterwards: a burst of web servers,",
                "a master that dies, an agent that dies, and nothing lost. Takes about a minute."
        }, //
        footer = {"", "Exits with 0 if every step held, otherwise with 1 and the reason.",
                "", "There is another one, of a flood: tide demo flash-sale --help"})
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--agents", //
            defaultValue = "4", //
            paramLabel = "N", //
            description = "How many agents, 2 or more (4).")
    private int agents;

    @Option(names = {"-n",
            "--instances"}, //
            defaultValue = "200", //
            paramLabel = "N", //
            description = "How large the burst is (200).")
    private int instances;

    @Option(names = "--keep", description = "Keep the folder with the logs.")
    private boolean keep;

    @Mixin
    final HelpOption help = new HelpOption();

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path home = Path.of(UpCommand.homeOf(terminal));
        if (agents < 2 || instances < 8 || instances > 1_000) {
            throw new CliException(Exit.USAGE,
                    "The demo needs 2 agents or more, and 8 to 1000 instances.", "");
        }
        Path data = Files.createTempDirectory("tide-demo-").toRealPath();
        LocalSettings settings = new LocalSettings(home, data, Ports.freePair(), 1, agents,
                "process",
                64, 16_384,
                Ports.freeRange(agents * LocalSettings.PORTS_PER_AGENT),
                List.of("--agent-unreachable-after", "5s"), false);
        ProgressLine progress = new ProgressLine(terminal, false);
        Demo demo = new Demo(settings, instances, new Story(progress));
        Thread onInterrupt = Thread.ofPlatform().name("stop").unstarted(() -> {
            progress.clear();
            terminal.say("\nInterrupted: stopping the demo's cluster ...");
            demo.close();
            delete(data);
        });
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            demo.run();
            progress.clear();
            summary(demo.results(), progress.elapsed());
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            finish(data, keep);
            return Exit.OK.code();
        } catch (DemoException failed) {
            progress.clear();
            demo.close();
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            summary(demo.results(), progress.elapsed());
            throw new CliException(Exit.FAILED, "The demo did not hold: " + failed.getMessage(),
                    "The logs are kept in " + data, failed);
        }
    }

    private void finish(Path data, boolean kept) {
        if (kept) {
            terminal.say("The logs are in " + data);
        } else {
            delete(data);
        }
    }

    private void summary(List<StepResult> results, String elapsed) {
        Table table = new Table("STEP", "RESULT", ">TOOK", "WHAT WAS SEEN");
        boolean allHeld = true;
        for (StepResult result : results) {
            allHeld &= result.held();
            table.row(result.title(), result.held() ? "ok" : "FAILED",
                    ProgressLine.seconds(result.tookMs()), result.seen());
        }
        terminal.data("");
        for (String line : table.lines(true)) {
            terminal.data(line);
        }
        terminal.data("");
        terminal.data((allHeld ? "Every step held" : "Not every step held") + "; " + elapsed
                + " in all.");
        terminal.out().flush();
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException ignored) {
            // It lies in the folder for temporary files: the system clears it.
        }
    }

    /** Tells the steps as they come, with the time since the start. */
    private final class Story implements Narrator {
        private final ProgressLine progress;

        Story(ProgressLine progress) {
            this.progress = progress;
        }

        @Override
        public void begins(int number, int of, String title) {
            line("[" + number + "/" + of + "] " + title);
        }

        @Override
        public void now(String text) {
            progress.show("      " + text);
        }

        @Override
        public void tells(String text) {
            line("      " + text);
        }

        private void line(String text) {
            progress.clear();
            String at = progress.elapsed();
            terminal.data(" ".repeat(Math.max(0, 8 - at.length())) + at + "  " + text);
            terminal.out().flush();
        }
    }
}
