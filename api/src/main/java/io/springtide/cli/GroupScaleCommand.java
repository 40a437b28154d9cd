package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide group scale}. */
@Command(name = "scale", //
        description = "Multiply the instances of every app in a group, rounded up.")
final class GroupScaleCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "FACTOR", description = "For example 2, or 0.5.")
    private String factor = "";

    @Option(names = "--force", description = "Override deployments that lock its apps.")
    private boolean force;

    @Option(names = "--dry-run", description = "Print the steps it would take; change nothing.")
    private boolean dryRun;

    GroupScaleCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = groupId(group);
        Json by = number();
        // A PUT would create what is not there: look first, so that a typo is told as one.
        client.groups().get(id);
        if (dryRun) {
            DeploymentText.steps(client.groups().scaleBySteps(id, by)).forEach(terminal::data);
            return Exit.OK;
        }
        return watch.follow(terminal, client, client.groups().scaleBy(id, by, force),
                Goal.group(id), id + " is scaled by " + factor);
    }

    private Json number() {
        try {
            Json number = Json.number(factor);
            if (number.asDouble() >= 0) {
                return number;
            }
        } catch (IllegalArgumentException ignored) {
            // Said below, together with what is below 0.
        }
        throw new CliException(Exit.USAGE, "'" + factor + "' is no factor.",
                "Give a number of 0 or more, such as 2 or 0.5.");
    }
}
