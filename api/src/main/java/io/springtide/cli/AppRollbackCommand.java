package io.springtide.cli;

import io.springtide.api.client.JsonObject;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app rollback}. */
@Command(name = "rollback", //
        description = "Take an app back to its previous version, or to a given one.")
final class AppRollbackCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = "--to", //
            paramLabel = "VERSION", //
            description = "Version to return to; see tide app show.")
    private String to = "";

    @Option(names = "--force", description = "Override a deployment that locks the app.")
    private boolean force;

    AppRollbackCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = appId(app);
        String path = "/v2/apps" + TideClient.appPath(id);
        String target = to;
        if (to.isEmpty()) {
            String current = client.get(path).body().get("app").get("version").text();
            target = before(id, current, client.apps().versions(id));
        }
        Reply reply = client.put(path + (force ? "?force=true" : ""),
                new JsonObject().with("version", target).build());
        return watch.follow(terminal, client, reply, id,
                id + " is back at the version of " + target);
    }

    /** The version before the current one. @throws CliException if there is none */
    static String before(String id, String current, List<String> newestFirst) {
        for (String version : newestFirst) {
            if (version.compareTo(current) < 0) {
                return version;
            }
        }
        throw new CliException(Exit.NOT_FOUND,
                id + " has no version older than its current one, " + current + ".",
                "");
    }
}
