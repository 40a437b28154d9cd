package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide compose ps}. */
@Command(name = "ps", description = "List the services of a project and how they are.")
final class ComposePsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Mixin
    private final ComposeOptions options = new ComposeOptions();

    @Parameters(arity = "0..1", paramLabel = "FILE", //
            description = "The file, for the project's name; not needed with --project.")
    private String file = "";

    ComposePsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = options.groupId(terminal, file);
        List<Json> apps = client.groups().get(id).get("apps").items();
        Table table = new Table("SERVICE", ">RUNNING", "STATUS", "IMAGE", "PORTS");
        List<String> names = new ArrayList<>(apps.size());
        for (Json app : apps) {
            String name = app.get("id").text();
            names.add(name);
            table.row(name.substring(name.lastIndexOf('/') + 1),
                    app.get("tasksRunning").asLong() + "/" + app.get("instances").asLong(),
                    AppListCommand.status(app), AppListCommand.image(app), ports(app));
        }
        output.print(terminal, apps, names, table, "No services in " + id + ".");
        return Exit.OK;
    }

    private static String ports(Json app) {
        StringBuilder all = new StringBuilder();
        for (Json port : app.get("container").get("portMappings").items()) {
            all.append(all.length() == 0 ? "" : ",");
            if (port.get("servicePort").asLong() > 0) {
                all.append(port.get("servicePort").asLong()).append("->");
            }
            all.append(port.get("containerPort").asLong()).append('/')
                    .append(port.get("protocol").textOr("tcp"));
        }
        return all.toString();
    }
}
