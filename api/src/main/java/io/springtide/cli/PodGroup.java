package io.springtide.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide pod}: what can be done with pods. */
@Command(name = "pod", //
        synopsisSubcommandLabel = "COMMAND", //
        description = "Run, look at and remove pods: containers that share an agent and a network.", //
        footer = {
                "",
                "Examples:",
                "  tide pod run web.json",
                "  tide pod show /web"
        })
final class PodGroup implements Runnable {
    @Mixin
    final HelpOption help = new HelpOption();

    @Override
    public void run() {
        throw new CliException(Exit.USAGE, "'tide pod' needs a command.",
                "One of: list, show, run, remove. See: tide pod --help");
    }
}
