package io.springtide.cli;

import io.springtide.api.client.JsonObject;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app restart}. */
@Command(name = "restart", //
        description = "Replace all instances of an app by fresh ones, a few at a time.")
final class AppRestartCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = "--force", description = "Override a deployment that locks the app.")
    private boolean force;

    AppRestartCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = appId(app);
        Reply reply = client.post(
                "/v2/apps" + TideClient.appPath(id) + "/restart" + (force ? "?force=true" : ""),
                new JsonObject().build());
        return watch.follow(terminal, client, reply, id, id + " is restarted");
    }
}
