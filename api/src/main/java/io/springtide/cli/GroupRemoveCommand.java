package io.springtide.cli;

import io.springtide.api.client.TideClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide group remove}. */
@Command(name = "remove", //
        aliases = "rm", //
        description = "Remove a group with every app and group in it.")
final class GroupRemoveCommand extends ApiCommand {
    @Mixin
    private final DeploymentWatch watch = new DeploymentWatch();

    @Parameters(paramLabel = "GROUP", description = "The group.")
    private String group = "";

    @Option(names = {"-y", "--yes"}, description = "Do not ask.")
    private boolean yes;

    @Option(names = "--force", description = "Override deployments that lock its apps.")
    private boolean force;

    GroupRemoveCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        watch.patience();
        String id = groupId(group);
        remove(terminal, client, id, yes);
        return watch.follow(terminal, client, client.groups().remove(id, force),
                Goal.group(id), id + " is removed");
    }

    /** Asks whether a group may go, if there is somebody to ask. */
    static void remove(Terminal terminal, TideClient client, String id, boolean yes) {
        if (id.equals("/") && !yes) {
            throw new CliException(Exit.USAGE, "That would remove everything there is.",
                    "If that is what you want, add --yes.");
        }
        if (terminal.inIsTerminal() && !yes) {
            GroupListCommand.Summary all = GroupListCommand.Summary.of(client.groups().get(id));
            Confirmation.ask(terminal, yes, "Remove " + id + " with " + count(all.apps, "app")
                    + (all.pods > 0 ? ", " + count(all.pods, "pod") : "") + " and "
                    + count(all.progress.wanted(), "instance") + "?");
        }
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
