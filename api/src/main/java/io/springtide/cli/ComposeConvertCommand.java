package io.springtide.cli;

import io.springtide.api.client.JsonText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide compose convert}: needs no master. */
@Command(name = "convert", description = "Print the group that a Compose file stands for, as JSON.")
final class ComposeConvertCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ComposeOptions options = new ComposeOptions();

    @Mixin
    final HelpOption help = new HelpOption();

    @Parameters(arity = "0..1", paramLabel = "FILE", //
            description = "The file; without it the one in this folder. - for standard input.")
    private String file = "";

    ComposeConvertCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.data(JsonText.pretty(options.convert(terminal, file).group()));
        return Exit.OK.code();
    }
}
