package io.springtide.cli;

import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tide autoscale remove}. */
@Command(name = "remove", //
        description = "Take an app's policy away; the count stays what it is now.")
final class AutoscaleRemoveCommand extends ApiCommand {
    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    AutoscaleRemoveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(app);
        client.delete(AutoscaleGroup.path(id));
        terminal.say(id + " has no policy any more; its count stays what it is now.");
        return Exit.OK;
    }
}
