package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import io.springtide.api.compose.Conversion;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide compose up}. */
@Command(name = "up", //
        description = "Run the services of a Compose file, or make what runs what the file says.")
final class ComposeUpCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Mixin
    private final ComposeOptions options = new ComposeOptions();

    @Parameters(arity = "0..1", paramLabel = "FILE", //
            description = "The file; without it the one in this folder. - for standard input.")
    private String file = "";

    @Option(names = "--dry-run", description = "Show what would change; change nothing.")
    private boolean dryRun;

    @Option(names = "--remove-orphans", //
            description = "Remove apps of the project that the file does not name.")
    private boolean removeOrphans;

    @Option(names = "--force", description = "Override deployments that lock its apps.")
    private boolean force;

    ComposeUpCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        Conversion project = options.convert(terminal, file);
        String id = project.groupId();
        if (dryRun) {
            Plan.ofGroup(client, project.group()).print(terminal);
            return Exit.OK;
        }
        List<String> orphans = orphans(client, project);
        if (!orphans.isEmpty() && !removeOrphans) {
            throw new CliException(Exit.CONFLICT, "The group " + id
                    + " has what the file does not name: " + String.join(", ", orphans) + ".",
                    "To remove it, repeat the command with --remove-orphans; to keep it, choose"
                            + " another --project.");
        }
        return watch.follow(terminal, client, client.groups().apply(id, project.group(), force),
                Goal.group(id), id + " is up");
    }

    private static List<String> orphans(TideClient client, Conversion project) {
        List<String> orphans = new ArrayList<>();
        Json before = client.groups().find(project.groupId()).orElse(Json.nothing());
        List<String> named = project.group().get("apps").items().stream()
                .map(app -> app.get("id").text()).toList();
        for (Json app : before.get("apps").items()) {
            if (!named.contains(app.get("id").text())) {
                orphans.add(app.get("id").text());
            }
        }
        return orphans;
    }
}
