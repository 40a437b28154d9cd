package io.springtide.cli;

import io.springtide.api.client.Groups;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide group rollback}. */
@Command(name = "rollback", //
        description = "Take a group back to its previous version, or to a given one.")
final class GroupRollbackCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "GROUP", description = "The group.")
    private String group = "";

    @Option(names = "--to", //
            paramLabel = "VERSION", //
            description = "Version to return to; see tide group versions.")
    private String to = "";

    @Option(names = "--force", description = "Override deployments that lock its apps.")
    private boolean force;

    @Option(names = "--dry-run", description = "Print the steps it would take; change nothing.")
    private boolean dryRun;

    GroupRollbackCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = groupId(group);
        Groups groups = client.groups();
        String current = groups.get(id).get("version").text();
        String target = to.isEmpty()
                ? AppRollbackCommand.before(id, current, groups.versions(id))
                : to;
        if (dryRun) {
            DeploymentText.steps(groups.rollbackSteps(id, target)).forEach(terminal::data);
            return Exit.OK;
        }
        return watch.follow(terminal, client, groups.rollback(id, target, force),
                Goal.group(id), id + " is back at the version of " + target);
    }
}
