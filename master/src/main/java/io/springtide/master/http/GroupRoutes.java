package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.GroupUpdate;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.RunKind;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.List;
import java.util.Optional;

/** {@code /v2/groups}: trees of apps, what they have been, and changes of all that is in them at once. */
final class GroupRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "v2", "groups")) {
            return Optional.empty();
        }
        List<String> names = path.subList(2, path.size());
        if (names.isEmpty()) {
            return Resource.at("/v2/groups").get(x -> one(x, names))
                    .post(x -> create(x, names)).put(x -> change(x, names))
                    .delete(x -> delete(x, names)).found();
        }
        int last = names.size() - 1;
        List<String> before = names.subList(0, last);
        if (names.get(last).equals("apps")) {
            // For reading only: a group may be called so.
            return changing((before.isEmpty()
                    ? Resource.at("/v2/groups/apps")
                    : Resource.at("/v2/groups/{id}/apps")).get(x -> apps(x, before)), names);
        }
        if (names.get(last).equals("versions")) {
            return (before.isEmpty()
                    ? Resource.at("/v2/groups/versions")
                    : Resource.at("/v2/groups/{id}/versions")).get(x -> versions(x, before))
                    .found();
        }
        if (last >= 1 && names.get(last - 1).equals("versions")) {
            return (last == 1
                    ? Resource.at("/v2/groups/versions/{version}")
                    : Resource.at("/v2/groups/{id}/versions/{version}"))
                    .get(x -> version(x, names.subList(0, last - 1), names.get(last))).found();
        }
        return changing(Resource.at("/v2/groups/{id}").get(x -> one(x, names)), names);
    }

    private static Optional<Resource> changing(Resource resource, List<String> names) {
        return resource.post(x -> create(x, names)).put(x -> change(x, names))
                .patch(x -> enforceRole(x, names)).delete(x -> delete(x, names)).found();
    }

    /** For reading: what is no id is the name of nothing. */
    private static PathId existing(List<String> names) {
        String text = "/" + String.join("/", names);
        return PathId.resolve(text, PathId.ROOT).orElseThrow(
                () -> Errors.refused(404, "Group '" + text + "' does not exist"));
    }

    private static PathId writable(List<String> names) {
        return PathId.resolve("/" + String.join("/", names), PathId.ROOT)
                .orElseThrow(Errors::malformedId);
    }

    private static RequestRefused unknown(PathId id) {
        return new RequestRefused(MarathonError.groupUnknown(id));
    }

    // ------------------------------------------------------------ reading

    private static void one(Exchange x, List<String> names) {
        PathId id = existing(names);
        GroupView view = x.backend().view().read(state -> now(state, id))
                .orElseThrow(() -> unknown(id));
        x.json(json(x).document(view));
    }

    /** The view is asked briefly for each app, never for all at once: replies wait for the same lock. */
    private static GroupJson json(Exchange x) {
        Backend backend = x.backend();
        Embeds embeds = Embeds.of(x.query());
        return new GroupJson(backend.definitions(),
                new AppJson(backend.definitions(), embeds, backend.clock().millis()),
                GroupEmbeds.of(x.query()),
                version -> backend.view().read(state -> state.app(version.spec().id())
                        .filter(app -> !app.leaving())
                        .map(app -> AppView.of(state, app, embeds.needTasks()))));
    }

    private static Optional<GroupView> now(ClusterState state, PathId id) {
        if (!GroupNow.of(state, id).exists()) {
            return Optional.empty();
        }
        GroupView.Builder group = new GroupView.Builder(id);
        state.groups().get(id.path())
                .ifPresent(self -> group.add(self.current(), self.versionMs()));
        state.groups().below(id.path()).values()
                .forEach(inner -> group.add(inner.current(), inner.versionMs()));
        latest(state, id).forEach(group::add);
        state.removed().all().stream()
                .filter(gone -> new PathId(gone.id().path()).isBelow(id))
                .forEach(gone -> group.changed(GroupView.Builder.parent(gone.id().path()),
                        gone.removedMs()));
        state.groups().removed().all().stream()
                .filter(gone -> new PathId(gone.path()).isBelow(id))
                .forEach(gone -> group.changed(GroupView.Builder.parent(gone.path()),
                        gone.removedMs()));
        return Optional.of(group.build());
    }

    private static List<AppVersion> latest(ClusterState state, PathId group) {
        return state.appsBelow(group.path()).values().stream().filter(app -> !app.leaving())
                .map(AppState::latest).toList();
    }

    private static void apps(Exchange x, List<String> names) {
        PathId id = existing(names);
        List<AppVersion> apps = x.backend().view().read(state -> latest(state, id)).stream()
                .filter(version -> version.spec().kind() == RunKind.APP).toList();
        x.json(json(x).array(apps));
    }

    private static void versions(Exchange x, List<String> names) {
        PathId id = existing(names);
        List<Long> versions = x.backend().view().read(
                state -> GroupNow.of(state, id).exists()
                        ? Optional.of(GroupHistory.versions(state, id))
                        : Optional.<List<Long>>empty())
                .orElseThrow(() -> unknown(id));
        ArrayNode body = JsonNodeFactory.instance.arrayNode();
        versions.forEach(versionMs -> body.add(Timestamps.format(versionMs)));
        x.json(200, body);
    }

    private static void version(Exchange x, List<String> names, String text) {
        PathId id = existing(names);
        long versionMs = Timestamps.parse(text);
        long nowMs = x.backend().clock().millis();
        GroupView view = x.backend().view().read(state -> {
            GroupHistory.Past past = GroupHistory.at(state, id, versionMs, nowMs);
            GroupView.Builder group = new GroupView.Builder(id);
            past.groups().values().forEach(spec -> group.add(spec, versionMs));
            past.apps().values().forEach(group::add);
            group.changed(id.path(), versionMs);
            return group.build();
        });
        AppDefinitions definitions = x.backend().definitions();
        String clusterId = x.backend().clusterId();
        // What ran of it then is forgotten: only what it was to be is known.
        x.json(new GroupJson(definitions, new AppJson(definitions, Embeds.NONE, nowMs),
                GroupEmbeds.of(x.query()),
                app -> Optional.of(new AppView(clusterId, app, Counts.NONE, List.of(), 0,
                        Optional.empty())))
                .document(view));
    }

    // ------------------------------------------------------------ changing

    private static GroupUpdate update(Exchange x, List<String> names) {
        return x.backend().readers().groups().readUpdate(writable(names),
                JsonInput.parse(x.body()),
                top -> x.backend().view().read(
                        state -> Readers.enforcesRole(state, top.path())));
    }

    private static void create(Exchange x, List<String> names) {
        GroupUpdate update = update(x, names);
        if (DryRun.wanted(x)) {
            rehearse(x, GroupChanges.create(x, update));
            return;
        }
        OptimisticChange.submit(x, () -> GroupChanges.create(x, update), accepted -> {
            x.response().putHeader("Location", update.id().path());
            x.deployed(201, accepted);
        });
    }

    private static void change(Exchange x, List<String> names) {
        GroupUpdate update = update(x, names);
        if (DryRun.wanted(x)) {
            rehearse(x, GroupChanges.put(x, update));
            return;
        }
        OptimisticChange.submit(x, () -> GroupChanges.put(x, update),
                accepted -> x.deployed(200, accepted));
    }

    private static void rehearse(Exchange x, Command.SubmitApps submit) {
        List<List<DeploymentAction>> steps = DryRun.steps(x, submit);
        ObjectNode body = Json.object();
        DeploymentJson.putSteps(body, x.backend().view().read(state -> DeploymentSteps.of(steps, 0,
                app -> DeploymentView.isPod(state, app))).all());
        x.json(200, body);
    }

    private static void enforceRole(Exchange x, List<String> names) {
        GroupUpdate update = x.backend().readers().groups().readPatch(writable(names),
                JsonInput.parse(x.body()));
        OptimisticChange.submit(x, () -> GroupChanges.put(x, update), accepted -> x.empty(200));
    }

    private static void delete(Exchange x, List<String> names) {
        PathId id = existing(names);
        OptimisticChange.submit(x, () -> GroupChanges.delete(x, id),
                accepted -> x.deployed(200, accepted));
    }
}
