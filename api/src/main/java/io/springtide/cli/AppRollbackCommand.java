package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.Comparator;
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
        String target = to.isEmpty() ? previous(client, id, path) : to;
        Reply reply = client.put(path + (force ? "?force=true" : ""),
                new JsonObject().with("version", target).build());
        return watch.follow(terminal, client, reply, id,
                id + " is back at the version of " + target);
    }

    private static String previous(TideClient client, String id, String path) {
        String current = client.get(path).body().get("app").get("version").text();
        for (String version : newestFirst(client.get(path + "/versions").body())) {
            if (version.compareTo(current) < 0) {
                return version;
            }
        }
        throw new CliException(Exit.NOT_FOUND,
                id + " has no version older than its current one, " + current + ".",
                "");
    }

    /** Versions are timestamps of one format: their order as text is their order in time. */
    static List<String> newestFirst(Json reply) {
        List<String> versions = new ArrayList<>();
        for (Json version : reply.get("versions").items()) {
            versions.add(version.text());
        }
        versions.sort(Comparator.reverseOrder());
        return versions;
    }
}
