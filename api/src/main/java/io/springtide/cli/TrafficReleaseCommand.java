package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tide traffic release}. */
@Command(name = "release", //
        description = "Say that an app is really empty: what is kept of it is served no longer.")
final class TrafficReleaseCommand extends ApiCommand {
    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    TrafficReleaseCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = appId(app);
        Json answer = client.post("/tide/v1/apps" + TideClient.appPath(id) + "/traffic/release",
                Json.nothing()).body();
        terminal.say(answer.get("released").asBoolean()
                ? "Nothing is kept of " + id + " any more."
                : "Nothing was kept of " + id + "; it is served as it is.");
        return Exit.OK;
    }
}
