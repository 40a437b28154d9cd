package io.springtide.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide completion}: a script that lets the shell complete commands and options. */
@Command(name = "completion", description = "Print a completion script for bash or zsh.", footer = {
        "",
        "bash:  source <(tide completion bash)     or, for good:",
        "       tide completion bash > ~/.local/share/bash-completion/completions/tide",
        "zsh:   source <(tide completion zsh)      in ~/.zshrc"
})
final class CompletionCommand implements Callable<Integer> {
    /** Shells that the script is written for. */
    enum ForShell {
        bash, zsh
    }

    private final Terminal terminal;
    private final Commands commands;

    @Parameters(arity = "0..1", //
            paramLabel = "SHELL", //
            defaultValue = "bash", //
            description = "bash or zsh.")
    private ForShell shell = ForShell.bash;

    @Mixin
    final HelpOption help = new HelpOption();

    CompletionCommand(Terminal terminal, Commands commands) {
        this.terminal = terminal;
        this.commands = commands;
    }

    @Override
    public Integer call() {
        if (shell == ForShell.zsh) {
            terminal.data("autoload -U +X compinit && compinit");
            terminal.data("autoload -U +X bashcompinit && bashcompinit");
        }
        terminal.out().print(AutoComplete.bash("tide", commands.all()));
        return Exit.OK.code();
    }
}
