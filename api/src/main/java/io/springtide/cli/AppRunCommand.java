package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.JsonText;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app run}. */
@Command(name = "run", //
        description = "Run an app: from a file with its definition, or from options.", //
        footer = {
                "",
                "Examples:",
                "  tide app run app.json                 a definition in Marathon's format",
                "  tide app run - < app.json             the same from standard input",
                "  tide app run web --cmd 'python3 -m http.server $PORT' --instances 4 --health-http /",
                "  tide app run web --image nginx --port 80 --instances 2",
                "  tide app run app.json --dry-run       would it fit, and where?"
        })
final class AppRunCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Mixin
    private final AppOptions options = new AppOptions();

    @Parameters(paramLabel = "FILE|ID", //
            description = "A JSON file, - for standard input, or the new app's id.")
    private String what = "";

    @Option(names = "--replace", description = "Change the app if it exists already.")
    private boolean replace;

    @Option(names = "--force", description = "Override a deployment that locks the app.")
    private boolean force;

    @Option(names = "--dry-run", //
            description = "Ask whether it would fit, and where; changes nothing. Ends with 11 if it "
                    + "does not fit.")
    private boolean dryRun;

    @Option(names = "--print", description = "Print the definition instead of sending it.")
    private boolean print;

    AppRunCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        Json app = definition();
        String id = appId(app.get("id").text());
        if (print) {
            terminal.data(JsonText.pretty(app));
            return Exit.OK;
        }
        if (replace) {
            app = whole(app);
        }
        if (dryRun) {
            return rehearse(client, app, id);
        }
        String suffix = force ? "?force=true" : "";
        Reply reply;
        if (replace) {
            reply = client.put(
                    "/v2/apps" + TideClient.appPath(id) + "?partialUpdate=false"
                            + (force ? "&force=true" : ""),
                    app);
        } else {
            try {
                reply = client.post("/v2/apps" + suffix, app);
            } catch (TideException.Refused refused) {
                if (refused.status() == 409 && refused.deployments().isEmpty()) {
                    throw new CliException(Exit.CONFLICT,
                            refused.getMessage() == null ? "" : refused.getMessage(),
                            "To change it, repeat the command with --replace. To see it: tide app show "
                                    + id,
                            refused);
                }
                throw refused;
            }
        }
        return watch.follow(terminal, client, withDeployment(reply), id, id + " runs");
    }

    /** What is not named is to get its default, also what other clients of the master cannot name. */
    static Json whole(Json app) {
        JsonObject all = new JsonObject();
        app.fields().forEach(all::with);
        for (String ours : List.of("placement", "rollout")) {
            if (app.get(ours).isMissing()) {
                all.with(ours, new JsonObject().build());
            }
        }
        if (app.get("onPartition").isMissing()) {
            all.with("onPartition", "keep");
        }
        return all.build();
    }

    private Exit rehearse(TideClient client, Json app, String id) {
        Json found = (replace
                ? client.put("/v2/apps" + TideClient.appPath(id)
                        + "?partialUpdate=false&dryRun=true", app)
                : client.post("/v2/apps?dryRun=true", app)).body();
        terminal.data(found.get("sentence").text());
        Table table = new Table("AGENT", "HOST", ">INSTANCES");
        for (Json agent : found.get("agents").items()) {
            table.row(agent.get("agent").text(), agent.get("host").text(),
                    agent.get("instances").text());
        }
        if (!found.get("agents").items().isEmpty()) {
            table.lines(true).forEach(terminal::data);
        }
        return found.get("fits").asBoolean() ? Exit.OK : Exit.NO_ROOM;
    }

    /** The answer to a creation names its deployment inside the app. */
    private static Reply withDeployment(Reply reply) {
        if (!reply.deploymentId().isEmpty()) {
            return reply;
        }
        for (Json deployment : reply.body().get("deployments").items()) {
            return new Reply(reply.status(), deployment.get("id").text(), reply.body());
        }
        return reply;
    }

    private Json definition() {
        boolean stdin = what.equals("-");
        boolean file = !stdin && (what.endsWith(".json")
                || (!options.anyGiven() && Files.isRegularFile(Path.of(what))));
        if (!stdin && !file) {
            return options.define(what);
        }
        Json read = Input.json(terminal, what);
        if (read.get("id").text().isEmpty()) {
            throw new CliException(Exit.INVALID, Input.name(what)
                    + " is no app: it needs to be an object with an \"id\".",
                    "See examples/hello.json.");
        }
        return options.overlay(read);
    }
}
