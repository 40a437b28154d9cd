package io.springtide.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide help}. */
@Command(name = "help", //
        description = "Explain a command, or the exit codes (tide help exit-codes).")
final class HelpCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Commands commands;

    @Parameters(arity = "0..*", //
            paramLabel = "COMMAND", //
            description = "What to explain, e.g. app scale, exit-codes.")
    private List<String> path = new ArrayList<>();

    @Mixin
    final HelpOption help = new HelpOption();

    HelpCommand(Terminal terminal, Commands commands) {
        this.terminal = terminal;
        this.commands = commands;
    }

    @Override
    public Integer call() {
        if (path.equals(List.of("exit-codes"))) {
            Commands.exitCodes().forEach(terminal::data);
            return Exit.OK.code();
        }
        Optional<CommandLine> found = commands.find(path);
        if (found.isEmpty()) {
            throw new CliException(Exit.USAGE,
                    "There is no command '" + String.join(" ", path) + "'.",
                    "All commands: tide help");
        }
        found.get().usage(terminal.out());
        return Exit.OK.code();
    }
}
