package io.springtide.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide version}. */
@Command(name = "version", description = "Show the version of this command and of its Java.")
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    final HelpOption help = new HelpOption();

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static String text() {
        return "tide " + System.getProperty("tide.version", "(not packaged)") + ", Java "
                + System.getProperty("java.version") + " (" + System.getProperty("java.vendor")
                + ")";
    }

    @Override
    public Integer call() {
        terminal.data(text());
        return Exit.OK.code();
    }
}
