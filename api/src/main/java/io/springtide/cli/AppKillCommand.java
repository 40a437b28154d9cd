package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.Reply;
import io.springtide.api.client.TideClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide app kill}. */
@Command(name = "kill", //
        description = "Kill tasks of an app. They are replaced, unless --scale " //
                + "lowers the count with them.")
final class AppKillCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "APP", description = "The app.")
    private String app = "";

    @Option(names = "--task", //
            paramLabel = "TASK", //
            description = "Only this task; without it, all of the app.")
    private String task = "";

    @Option(names = "--host", paramLabel = "HOST", description = "Only tasks on this host.")
    private String host = "";

    @Option(names = "--scale", description = "Lower the wanted count by what is killed.")
    private boolean scale;

    @Option(names = "--force", description = "Override a deployment that locks the app.")
    private boolean force;

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    AppKillCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = appId(app);
        if (task.isEmpty() && host.isEmpty()) {
            Confirmation.ask(terminal, yes, "Kill all tasks of " + id + "?");
        }
        StringBuilder path = new StringBuilder("/v2/apps").append(TideClient.appPath(id))
                .append("/tasks");
        if (!task.isEmpty()) {
            path.append('/').append(TideClient.segment(task));
        }
        path.append("?scale=").append(scale).append("&force=").append(force);
        if (!host.isEmpty()) {
            path.append("&host=").append(TideClient.segment(host));
        }
        Reply reply = client.delete(path.toString());
        if (scale) {
            return watch.follow(terminal, client, reply, id, id + " is smaller now");
        }
        List<Json> killed = task.isEmpty()
                ? reply.body().get("tasks").items()
                : List.of(reply.body().get("task"));
        for (Json each : killed) {
            terminal.data(each.get("id").text());
        }
        if (!watch.quiet()) {
            terminal.say(killed.size() + (killed.size() == 1 ? " task is" : " tasks are")
                    + " being killed and replaced. See: tide ps " + id);
        }
        return Exit.OK;
    }
}
