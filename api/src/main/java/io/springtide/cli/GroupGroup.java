package io.springtide.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide group}: what can be done with groups of apps. */
@Command(name = "group", //
        synopsisSubcommandLabel = "COMMAND", //
        description = "Look at and change groups: trees of apps that belong together.", //
        footer = {
                "",
                "Examples:",
                "  tide group apply shop.json --dry-run",
                "  tide group scale /shop 1.5",
                "  tide group rollback /shop"
        })
final class GroupGroup implements Runnable {
    @Mixin
    final HelpOption help = new HelpOption();

    @Override
    public void run() {
        throw new CliException(Exit.USAGE, "'tide group' needs a command.",
                "One of: list, show, apply, scale, remove, versions, rollback. See: tide group --help");
    }
}
