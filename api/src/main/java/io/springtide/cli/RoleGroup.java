package io.springtide.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide role}: what roles are entitled to. */
@Command(name = "role", //
        synopsisSubcommandLabel = "COMMAND", //
        description = "Look at and change what roles are entitled to.", //
        footer = {
                "",
                "Examples:",
                "  tide role list",
                "  tide role set trading --weight 3 --guarantee cpus=100,mem=200000",
                "  tide role set batch --limit cpus=40",
                "  tide role remove batch"
        })
final class RoleGroup implements Runnable {
    @Mixin
    final HelpOption help = new HelpOption();

    @Override
    public void run() {
        throw new CliException(Exit.USAGE, "'tide role' needs a command.",
                "One of: list, set, remove. See: tide role --help");
    }
}
