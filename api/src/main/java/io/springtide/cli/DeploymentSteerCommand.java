package io.springtide.cli;

import io.springtide.api.client.Deployment;
import io.springtide.api.client.Deployments;
import io.springtide.api.client.TideClient;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide deployments pause}, {@code resume}, {@code promote} and {@code abort}. */
abstract class DeploymentSteerCommand extends ApiCommand {
    @Mixin
    final DeploymentChoice choice = new DeploymentChoice();

    DeploymentSteerCommand(Terminal terminal) {
        super(terminal);
    }

    private void tell(Output output, Deployment deployment, String what) {
        if (output.tabular()) {
            terminal.say("Deployment " + deployment.id() + " " + what + "."
                    + DeploymentText.sentence(deployment));
        } else {
            output.printOne(terminal, deployment.document(), deployment.id(),
                    DeploymentText.describe(deployment, Instant.now()));
        }
    }

    /** Holds it. */
    @Command(name = "pause", //
            description = "Hold a deployment: what has begun is finished, nothing more is begun.")
    static final class Pause extends DeploymentSteerCommand {
        @Mixin
        private final Output output = new Output();

        Pause(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            Deployments deployments = client.deployments();
            super.tell(output, deployments.pause(choice.require(deployments).id()), "holds");
            return Exit.OK;
        }
    }

    /** Lets it go on. */
    @Command(name = "resume", description = "Let a paused deployment go on.")
    static final class Resume extends DeploymentSteerCommand {
        @Mixin
        private final DeploymentWatch watch = new DeploymentWatch();

        Resume(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            watch.patience();
            Deployments deployments = client.deployments();
            Deployment on = deployments.resume(choice.require(deployments).id());
            return watch.followOn(terminal, client, on, "Deployment " + on.id() + " is over");
        }
    }

    /** Takes the next stage. */
    @Command(name = "promote", //
            description = "Take a canary's next stage, or end the old ones of a blue-green change.")
    static final class Promote extends DeploymentSteerCommand {
        @Mixin
        private final DeploymentWatch watch = new DeploymentWatch();

        Promote(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            watch.patience();
            Deployments deployments = client.deployments();
            Deployment on = deployments.promote(choice.require(deployments).id());
            return watch.followOn(terminal, client, on, "Deployment " + on.id() + " is over");
        }
    }

    /** Goes back. */
    @Command(name = "abort", description = "End a deployment and go back to what was before it.")
    static final class Abort extends DeploymentSteerCommand {
        @Mixin
        private final DeploymentWatch watch = new DeploymentWatch();

        Abort(Terminal terminal) {
            super(terminal);
        }

        @Override
        Exit run(TideClient client) {
            watch.patience();
            Deployments deployments = client.deployments();
            Deployment deployment = choice.require(deployments);
            return watch.follow(terminal, client, deployments.abort(deployment.id()),
                    Goal.of(deployment), "Deployment " + deployment.id() + " is undone");
        }
    }
}
