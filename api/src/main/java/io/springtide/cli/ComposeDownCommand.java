package io.springtide.cli;

import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide compose down}. */
@Command(name = "down",
        description = "Stop and remove a project: its group, with all that is in it.")
final class ComposeDownCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Mixin
    private final ComposeOptions options = new ComposeOptions();

    @Parameters(arity = "0..1", paramLabel = "FILE", //
            description = "The file, for the project's name; not needed with --project.")
    private String file = "";

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Option(names = "--force", description = "Override deployments that lock its apps.")
    private boolean force;

    ComposeDownCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = options.groupId(terminal, file);
        if (id.equals("/")) {
            throw new CliException(Exit.USAGE, "The project needs a name.", "");
        }
        GroupRemoveCommand.remove(terminal, client, id, yes);
        return watch.follow(terminal, client, client.groups().remove(id, force), Goal.group(id),
                id + " is down");
    }
}
