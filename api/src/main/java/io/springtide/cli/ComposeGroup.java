package io.springtide.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide compose}: what can be done with Docker Compose files. */
@Command(name = "compose", //
        synopsisSubcommandLabel = "COMMAND", //
        description = "Run Docker Compose files: services become the apps of a group.", //
        footer = {
                "",
                "Examples:",
                "  tide compose up docker-compose.yml --dry-run",
                "  tide compose up docker-compose.yml --project shop",
                "  tide compose ps --project shop",
                "  tide compose convert docker-compose.yml > group.json"
        })
final class ComposeGroup implements Runnable {
    @Mixin
    final HelpOption help = new HelpOption();

    @Override
    public void run() {
        throw new CliException(Exit.USAGE, "'tide compose' needs a command.",
                "One of: up, down, ps, convert. See: tide compose --help");
    }
}
