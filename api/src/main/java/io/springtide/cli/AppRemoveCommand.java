package io.springtide.cli;

import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app rm}. */
@Command(name = "rm", description = "Remove an app and stop all its instances.")
final class AppRemoveCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    AppRemoveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = appId(app);
        String path = "/v2/apps" + TideClient.appPath(id);
        if (terminal.inIsTerminal() && !yes) {
            long instances = client.get(path).body().get("app").get("instances").asLong();
            Confirmation.ask(terminal, yes,
                    "Remove " + id + " with its " + instances + " instances?");
        }
        Reply reply = client.delete(path);
        return watch.follow(terminal, client, reply, id, id + " is removed");
    }
}
