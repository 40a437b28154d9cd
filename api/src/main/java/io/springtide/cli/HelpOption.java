package io.springtide.cli;

import picocli.CommandLine.Option;

/** The option {@code --help}; picocli acts on it by itself. */
final class HelpOption {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this text.")
    boolean asked;
}
