package io.springtide.cli;

import io.springtide.api.client.TideClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide group versions}. */
@Command(name = "versions", description = "List the versions of a group, newest first.")
final class GroupVersionsCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "GROUP", description = "The group.")
    private String group = "";

    GroupVersionsCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = groupId(group);
        List<String> versions = client.groups().versions(id);
        AppVersionsCommand.print(terminal, output, versions,
                client.groups().get(id).get("version").text());
        return Exit.OK;
    }
}
