package io.springtide.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide app}: what can be done with apps. */
@Command(name = "app", //
        synopsisSubcommandLabel = "COMMAND", //
        description = "Run, look at and change apps.", //
        footer = {
                "",
                "Examples:",
                "  tide app run hello.json",
                "  tide app run web --cmd 'python3 -m http.server $PORT' --instances 4 --port 0",
                "  tide app scale web 200"
        })
final class AppGroup implements Runnable {
    @Mixin
    final HelpOption help = new HelpOption();

    @Override
    public void run() {
        throw new CliException(Exit.USAGE, "'tide app' needs a command.",
                "One of: run, list, show, scale, restart, versions, rollback, weights, kill, rm. "
                        + "See: tide app --help");
    }
}
