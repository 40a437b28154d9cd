package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Deployments;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tide deployments cancel}. */
@Command(name = "cancel", //
        description = "Cancel a deployment: back to what was, or just stop it.")
final class DeploymentCancelCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Mixin
    private final DeploymentChoice choice = new DeploymentChoice();

    @Option(names = "--rollback",
            description = "Go back to what was, by a new deployment (default).")
    private boolean rollback;

    @Option(names = "--no-rollback", //
            description = "Just stop: what is done stays done, what is not is left.")
    private boolean noRollback;

    DeploymentCancelCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (rollback && noRollback) {
            throw new CliException(Exit.USAGE, "--rollback and --no-rollback exclude each other.",
                    "");
        }
        watch.patience();
        Deployments deployments = client.deployments();
        Deployment deployment = choice.require(deployments);
        if (noRollback) {
            deployments.stop(deployment.id());
            if (!watch.quiet()) {
                terminal.say("Deployment " + deployment.id()
                        + " is stopped. What it has done stays. See: tide group show /");
            }
            return Exit.OK;
        }
        return watch.follow(terminal, client, deployments.cancel(deployment.id()),
                Goal.of(deployment), "Deployment " + deployment.id() + " is cancelled and undone");
    }
}
