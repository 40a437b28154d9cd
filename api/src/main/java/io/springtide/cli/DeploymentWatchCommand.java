package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide deployments watch}. */
@Command(name = "watch", //
        description = "Follow a deployment until it is over; says within a second what it waits for.")
final class DeploymentWatchCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Mixin
    private final DeploymentChoice choice = new DeploymentChoice();

    DeploymentWatchCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        Deployment deployment = choice.require(client.deployments());
        return watch.follow(terminal, client, deployment.id(), Goal.of(deployment),
                "Deployment " + deployment.id() + " is over");
    }
}
