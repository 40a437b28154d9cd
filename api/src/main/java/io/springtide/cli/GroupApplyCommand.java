package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide group apply}. */
@Command(name = "apply", //
        description = "Make a group what a file says; create it if it is not there.", //
        footer = {
                "",
                "An app that is in the group but not in a list \"apps\" of the file is removed.",
                "To see that first: tide plan FILE"})
final class GroupApplyCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "FILE", description = "A group in JSON; - for standard input.")
    private String file = "";

    @Option(names = "--force", description = "Override deployments that lock its apps.")
    private boolean force;

    @Option(names = "--dry-run", description = "Print the steps it would take; change nothing.")
    private boolean dryRun;

    GroupApplyCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        Json group = Input.json(terminal, file);
        if (group.get("id").text().isEmpty()) {
            throw new CliException(Exit.INVALID, Input.name(file)
                    + " is no group: it needs to be an object with an \"id\".",
                    "For example {\"id\": \"/shop\", \"apps\": [...]}");
        }
        String id = groupId(group.get("id").text());
        if (dryRun) {
            DeploymentText.steps(client.groups().applySteps(id, group)).forEach(terminal::data);
            return Exit.OK;
        }
        return watch.follow(terminal, client, client.groups().apply(id, group, force),
                Goal.group(id), id + " is applied");
    }
}
