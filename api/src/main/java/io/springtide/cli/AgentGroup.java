package io.springtide.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide agent}: runs an agent, or says something of one. */
@Command(name = "agent", //
        synopsisSubcommandLabel = "[COMMAND]", //
        description = "Run an agent (its options: tide agent --help), or look after one.", //
        footer = {
                "",
                "Examples:",
                "  tide agent show agent-1",
                "  tide agent cordon agent-1        nothing new goes there",
                "  tide agent drain agent-1         and what is there moves elsewhere",
                "  tide agent uncordon agent-1      it is as any other again",
                "  tide agent forget agent-1        it is gone for good"
        })
final class AgentGroup implements Runnable {
    @Mixin
    final HelpOption help = new HelpOption();

    @Override
    public void run() {
        throw new CliException(Exit.USAGE,
                "'tide agent' is started by the launcher script, not by this program.",
                "Call the script 'tide' at the top of the project; or one of: show, cordon,"
                        + " uncordon, drain, forget.");
    }
}
