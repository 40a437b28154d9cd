package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide deployments show}. */
@Command(name = "show",
        description = "Show how far a deployment is with each app, and why it waits.")
final class DeploymentShowCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final DeploymentChoice choice = new DeploymentChoice();

    DeploymentShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        Deployment deployment = choice.require(client.deployments());
        output.printOne(terminal, deployment.document(), deployment.id(),
                DeploymentText.describe(deployment, Instant.now()));
        return Exit.OK;
    }
}
