package io.springtide.agent;

import picocli.CommandLine;

/** Where the agent's process begins. */
public final class AgentMain {

    private AgentMain() {}

    public static void main(String[] args) {
        CommandLine command = new CommandLine(new AgentCommand());
        // A wrong option is a wrong configuration.
        command.setParameterExceptionHandler((e, given) -> {
            e.getCommandLine().getErr()
                    .println("agent: " + e.getMessage() + "; --help lists the options");
            e.getCommandLine().getErr().flush();
            return AgentCommand.EXIT_CONFIG;
        });
        System.exit(command.execute(args));
    }
}
