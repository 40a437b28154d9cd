package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.TideClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a definition would change: app by app what it is against what the master would make of it, then the steps. */
final class Plan {
    /** Of a command line, as much as tells it from others. */
    private static final int ABOUT_CHARS_MAX = 60;

    /** What becomes of an app. */
    enum Kind {
        NEW, CHANGED, UNCHANGED, REMOVED
    }

    private record Entry(String id, Kind kind, String about, List<DefinitionDiff.Change> changes) {}

    private final TideClient client;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Json> steps = new ArrayList<>();
    private final List<String> sentences = new ArrayList<>();
    private boolean fits = true;

    private Plan(TideClient client) {
        this.client = client;
    }

    /** Of a group that {@code group apply} would apply. */
    static Plan ofGroup(TideClient client, Json group) {
        Plan plan = new Plan(client);
        String id = ApiCommand.groupId(group.get("id").text());
        Map<String, Json> given = new LinkedHashMap<>();
        collect(given, group, id);
        plan.compare(given);
        client.groups().find(id).ifPresent(before -> plan.removed(group, before));
        plan.steps.addAll(client.groups().applySteps(id, group));
        return plan;
    }

    /** Of apps that replace what has their ids. */
    static Plan ofApps(TideClient client, List<Json> apps) {
        Plan plan = new Plan(client);
        Map<String, Json> given = new LinkedHashMap<>();
        apps.forEach(app -> given.put(ApiCommand.appId(app.get("id").text()),
                AppRunCommand.whole(app)));
        plan.compare(given);
        plan.ownSteps();
        return plan;
    }

    /** Of a pod that replaces what has its id. */
    static Plan ofPod(TideClient client, Json pod) {
        Plan plan = new Plan(client);
        String id = ApiCommand.appId(pod.get("id").text());
        plan.add(id, pod, client.pods().find(id).orElse(Json.nothing()),
                client.pods().rehearse(id, pod));
        plan.ownSteps();
        return plan;
    }

    /** Asks the master what would become of each app, and whether it would fit. */
    private void compare(Map<String, Json> given) {
        if (given.isEmpty()) {
            return;
        }
        List<Json> apps = new ArrayList<>();
        given.forEach((id, app) -> {
            JsonObject named = new JsonObject();
            app.fields().forEach(named::with);
            apps.add(named.with("id", id).build());
        });
        Map<String, Json> answers = new HashMap<>();
        client.apps().rehearse(apps)
                .forEach(answer -> answers.put(answer.get("app").text(), answer));
        given.forEach((id, app) -> add(id, app,
                client.apps().findWhole(id).orElse(Json.nothing()),
                answers.getOrDefault(id, Json.nothing())));
    }

    private static void collect(Map<String, Json> into, Json group, String groupId) {
        for (Json app : group.get("apps").items()) {
            into.put(resolve(app.get("id").text(), groupId), app);
        }
        for (Json child : group.get("groups").items()) {
            collect(into, child, resolve(child.get("id").text(), groupId));
        }
    }

    private static String resolve(String id, String groupId) {
        return id.startsWith("/") ? id : (groupId.equals("/") ? "/" : groupId + "/") + id;
    }

    private void add(String id, Json given, Json current, Json answer) {
        if (answer.get("definition").isMissing()) {
            throw new CliException(Exit.FAILED, "The master does not say what would become of " + id
                    + ": it is older than this tide.", "Use the tide that came with the master.");
        }
        sentences.add(id + ": " + answer.get("sentence").text());
        fits &= answer.get("fits").asBoolean();
        if (current.isMissing()) {
            entries.add(new Entry(id, Kind.NEW, about(given), List.of()));
            return;
        }
        List<DefinitionDiff.Change> changes = DefinitionDiff.between(current,
                answer.get("definition"));
        entries.add(new Entry(id, changes.isEmpty() ? Kind.UNCHANGED : Kind.CHANGED, "", changes));
    }

    private static String about(Json app) {
        long instances = app.get("instances").isMissing() ? 1 : app.get("instances").asLong();
        String what = AppListCommand.image(app).isEmpty()
                ? AppListCommand.command(app)
                : AppListCommand.image(app);
        String shown = what.length() <= ABOUT_CHARS_MAX
                ? what
                : what.substring(0, ABOUT_CHARS_MAX - 3) + "...";
        return instances + (instances == 1 ? " instance" : " instances")
                + (what.isEmpty() ? "" : " of " + Table.printable(shown));
    }

    /** A list in a group is the whole list: what is not in it goes. A list that is not there stays as it is. */
    private void removed(Json group, Json before) {
        if (!group.get("apps").isMissing()) {
            for (Json app : before.get("apps").items()) {
                gone(app.get("id").text());
            }
        }
        if (group.get("groups").isMissing()) {
            return;
        }
        for (Json child : before.get("groups").items()) {
            String id = child.get("id").text();
            Json given = group.get("groups").items().stream()
                    .filter(one -> resolve(one.get("id").text(),
                            ApiCommand.groupId(before.get("id").text())).equals(id))
                    .findFirst().orElse(Json.nothing());
            if (given.isMissing()) {
                goneWith(child);
            } else {
                removed(given, child);
            }
        }
    }

    private void goneWith(Json group) {
        group.get("apps").items().forEach(app -> gone(app.get("id").text()));
        group.get("groups").items().forEach(this::goneWith);
    }

    private void gone(String id) {
        if (entries.stream().noneMatch(entry -> entry.id().equals(id))) {
            entries.add(new Entry(id, Kind.REMOVED, "", List.of()));
        }
    }

    /** One step for each app, as the server would do it; it plans apps for themselves. */
    private void ownSteps() {
        for (Entry entry : entries) {
            String action = switch (entry.kind()) {
                case NEW -> "StartApplication";
                case CHANGED -> onlyScaled(entry) ? "ScaleApplication" : "RestartApplication";
                case UNCHANGED, REMOVED -> "";
            };
            if (!action.isEmpty()) {
                steps.add(new JsonObject().with("actions", Json.array(List.of(new JsonObject()
                        .with("action", action).with("app", entry.id()).build()))).build());
            }
        }
    }

    private static boolean onlyScaled(Entry entry) {
        return entry.changes().stream().allMatch(change -> change.path().equals("instances")
                || change.path().equals("scaling.instances"));
    }

    /** 11 if somebody has counted and it would not fit. */
    Exit exit() {
        return fits ? Exit.OK : Exit.NO_ROOM;
    }

    /** For programs. */
    Json json() {
        List<Json> apps = new ArrayList<>();
        for (Entry entry : entries) {
            List<Json> fields = new ArrayList<>();
            for (DefinitionDiff.Change change : entry.changes()) {
                fields.add(new JsonObject().with("path", change.path()).with("from", change.from())
                        .with("to", change.to()).build());
            }
            apps.add(new JsonObject().with("id", entry.id())
                    .with("change", entry.kind().name().toLowerCase(Locale.ROOT))
                    .with("fields", Json.array(fields)).build());
        }
        return new JsonObject().with("apps", Json.array(apps)).with("steps", Json.array(steps))
                .with("fits", fits).build();
    }

    /** For people. */
    void print(Terminal terminal) {
        for (Entry entry : entries) {
            String word = entry.kind().name().toLowerCase(Locale.ROOT);
            terminal.data(Table.printable(entry.id()) + "  " + word
                    + (entry.about().isEmpty() ? "" : ": " + entry.about()));
            int width = entry.changes().stream().mapToInt(change -> change.path().length()).max()
                    .orElse(0);
            for (DefinitionDiff.Change change : entry.changes()) {
                terminal.data("  " + LineDiff.painted(terminal, change.line(Math.min(width, 40))));
            }
        }
        StringBuilder sum = new StringBuilder();
        for (Kind kind : Kind.values()) {
            long count = entries.stream().filter(entry -> entry.kind() == kind).count();
            if (count > 0) {
                sum.append(sum.length() == 0 ? "" : ", ").append(count).append(' ')
                        .append(kind.name().toLowerCase(Locale.ROOT));
            }
        }
        if (sum.length() > 0) {
            terminal.data(sum + ".");
        }
        sentences.forEach(terminal::data);
        DeploymentText.steps(steps).forEach(terminal::data);
    }
}
