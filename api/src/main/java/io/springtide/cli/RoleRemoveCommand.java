package io.springtide.cli;

import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tide role remove}. */
@Command(name = "remove", //
        description = "Take back what was set for a role; its apps go on as those of any role.")
final class RoleRemoveCommand extends ApiCommand {
    @Parameters(paramLabel = "ROLE", description = "The role.")
    private String role = "";

    RoleRemoveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        client.delete("/tide/v1/roles/" + TideClient.segment(role));
        terminal.say("Nothing is set for role " + role + " any more.");
        return Exit.OK;
    }
}
