package io.springtide.cli;

import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tide deployments}: what is being changed, and how to steer it. Alone it lists. */
@Command(name = "deployments", //
        description = "List the deployments that are under way, or steer one.", //
        footer = {
                "", "A deployment is named by its id, or by an app that it changes.",
                "Examples:",
                "  tide deployments",
                "  tide deployments watch /shop/cart",
                "  tide deployments promote /shop/cart"})
final class DeploymentsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    DeploymentsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        DeploymentListCommand.list(terminal, client, output);
        return Exit.OK;
    }
}
