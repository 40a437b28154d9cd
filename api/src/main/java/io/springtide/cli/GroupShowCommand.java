package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tide group show}. */
@Command(name = "show", description = "Show a group as a tree: its apps, pods, and what they need.")
final class GroupShowCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "GROUP", description = "The group; / is everything.")
    private String group = "";

    @Option(names = "--version", //
            paramLabel = "VERSION", //
            description = "Show the group as it was in an older version.")
    private String version = "";

    GroupShowCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        String id = groupId(group);
        Json found = version.isEmpty()
                ? client.groups().get(id)
                : client.groups().version(id, version);
        List<String> lines = new ArrayList<>();
        tree(lines, found, 0);
        output.printOne(terminal, found, id, lines);
        return Exit.OK;
    }

    private static void tree(List<String> lines, Json group, int depth) {
        String indent = "  ".repeat(Math.min(depth, 20));
        lines.add(indent + group.get("id").text() + needs(group)
                + (depth > 0 || group.get("version").text().isEmpty()
                        ? ""
                        : "  version " + group.get("version").text()));
        for (Json app : group.get("apps").items()) {
            boolean counted = !app.get("tasksRunning").isMissing();
            lines.add(indent + "  " + app.get("id").text() + "  "
                    + (counted
                            ? AppListCommand.status(app) + " " + app.get("tasksRunning").asLong()
                                    + "/" + app.get("instances").asLong()
                            : app.get("instances").asLong() + " instances")
                    + needs(app));
        }
        for (Json pod : group.get("pods").items()) {
            lines.add(indent + "  " + pod.get("id").text() + "  pod of "
                    + pod.get("containers").items().size() + " containers");
        }
        for (Json child : group.get("groups").items()) {
            tree(lines, child, depth + 1);
        }
    }

    private static String needs(Json thing) {
        StringBuilder all = new StringBuilder();
        for (Json dependency : thing.get("dependencies").items()) {
            all.append(all.length() == 0 ? "  after " : ", ").append(dependency.text());
        }
        return all.toString();
    }
}
