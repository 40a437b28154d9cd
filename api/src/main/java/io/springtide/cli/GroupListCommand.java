package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tide group list}. */
@Command(name = "list", aliases = "ls", description = "List groups, with all that is below them.")
final class GroupListCommand extends ApiCommand {
    @Mixin
    private final Output output = new Output();

    @Parameters(arity = "0..1", paramLabel = "GROUP", description = "Only what is in this group.")
    private String group = "/";

    GroupListCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run(TideClient client) {
        List<Json> groups = new ArrayList<>();
        collect(groups, client.groups().get(groupId(group)));
        Table table = new Table("GROUP", ">GROUPS", ">APPS", ">PODS", ">RUNNING", "STATUS");
        List<String> names = new ArrayList<>(groups.size());
        for (Json each : groups) {
            names.add(each.get("id").text());
            Summary all = Summary.of(each);
            table.row(each.get("id").text(), Long.toString(all.groups - 1),
                    Long.toString(all.apps), Long.toString(all.pods),
                    all.progress.running() + "/" + all.progress.wanted(), all.status());
        }
        output.print(terminal, groups, names, table, "No groups.");
        return Exit.OK;
    }

    private static void collect(List<Json> into, Json group) {
        into.add(group);
        group.get("groups").items().forEach(child -> collect(into, child));
    }

    /** What is in a group and below it. */
    static final class Summary {
        long groups;
        long apps;
        long pods;
        Goal.Progress progress = Goal.Progress.GONE;
        private int worst;

        /** Of the states of apps, the worst first. */
        private static final List<String> STATES = List.of("unhealthy", "deploying", "waiting",
                "running", "suspended", "");

        private Summary() {
            worst = STATES.size() - 1;
        }

        static Summary of(Json group) {
            Summary all = new Summary();
            all.add(group);
            return all;
        }

        String status() {
            return STATES.get(worst);
        }

        private void add(Json group) {
            groups++;
            for (Json app : group.get("apps").items()) {
                apps++;
                progress = progress.plus(Goal.Progress.of(app));
                worst = Math.min(worst, STATES.indexOf(AppListCommand.status(app)));
            }
            pods += group.get("pods").items().size();
            group.get("groups").items().forEach(this::add);
        }
    }
}
