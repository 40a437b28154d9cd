package io.springtide.cli;

import io.springtide.api.client.JsonObject;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app scale}. */
@Command(name = "scale", description = "Change how many instances an app has.")
final class AppScaleCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(index = "0", paramLabel = "APP", description = "The app.")
    private String app = "";

    @Parameters(index = "1", paramLabel = "N", description = "Instances wanted; 0 suspends it.")
    private int instances;

    @Option(names = "--force", description = "Override a deployment that locks the app.")
    private boolean force;

    AppScaleCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        if (instances < 0) {
            throw new CliException(Exit.USAGE, "An app cannot have " + instances + " instances.",
                    "Give 0 or more.");
        }
        watch.patience();
        String id = appId(app);
        String path = "/v2/apps" + TideClient.appPath(id);
        // A PUT would create what is not there: look first, so that a typo is told as one.
        client.get(path);
        Reply reply = client.put(path + (force ? "?force=true" : ""),
                new JsonObject().with("instances", instances).build());
        return watch.follow(terminal, client, reply, id, id + " is scaled to " + instances);
    }
}
