package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.AppUpdate;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Command.AppChange;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import java.util.List;
import java.util.Optional;

/** {@code /v2/apps}: apps, their versions, and what may be done to them. */
final class AppRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (!AppPaths.startsWith(path, "v2", "apps")) {
            return Optional.empty();
        }
        List<String> names = path.subList(2, path.size());
        if (names.isEmpty()) {
            return Resource.at("/v2/apps").get(AppReads::list).post(AppRoutes::create)
                    .put(x -> changeMany(x, x.query().flag("partialUpdate", true), true))
                    .patch(x -> changeMany(x, true, false)).found();
        }
        int last = names.size() - 1;
        if (last >= 1 && names.get(last).equals("restart")) {
            List<String> id = names.subList(0, last);
            return Resource.at("/v2/apps/{id}/restart").post(x -> restart(x, id)).found();
        }
        if (last >= 1 && names.get(last).equals("versions")) {
            List<String> id = names.subList(0, last);
            return Resource.at("/v2/apps/{id}/versions").get(x -> versions(x, id)).found();
        }
        if (last >= 2 && names.get(last - 1).equals("versions")) {
            List<String> id = names.subList(0, last - 1);
            return Resource.at("/v2/apps/{id}/versions/{version}")
                    .get(x -> version(x, id, names.get(last))).found();
        }
        Optional<PathId> group = AppPaths.group(names);
        if (group.isPresent()) {
            return Resource.at("/v2/apps/{group}/*").get(x -> AppReads.ofGroup(x, group.get()))
                    .found();
        }
        return Resource.at("/v2/apps/{id}").get(x -> AppReads.one(x, names))
                .put(x -> changeOne(x, names, x.query().flag("partialUpdate", true), true))
                .patch(x -> changeOne(x, names, true, false)).delete(x -> delete(x, names)).found();
    }

    private static Optional<AppView> find(Backend backend, AppId id, boolean withTasks) {
        return backend.view().read(state -> state.app(id).filter(PodJson::isApp)
                .map(app -> AppView.of(state, app, withTasks)));
    }

    private static AppReader reader(Exchange x, PathId id) {
        return x.backend().readers().of(x.backend().view(), id);
    }

    private static void create(Exchange x) {
        JsonNode body = JsonInput.parse(x.body());
        App app = PathId.resolve(body.path("id").asText(), PathId.ROOT).map(id -> reader(x, id))
                .orElse(x.backend().reader()).read(body);
        AppChange change = new AppChange(AppSpecs.spec(app), AppChange.ABSENT);
        if (DryRun.wanted(x)) {
            PodChanges.refusePod(x, app.id());
            DryRun.check(x, change);
            DryRun.ofOne(x, change.spec());
            return;
        }
        x.submit(new Command.SubmitApps(List.of(change), x.force()), answer -> {
            Warnings.put(x, Warnings.of(app));
            Answer.Accepted accepted = Exchange.accepted(answer);
            announce(x, List.of(app.id()));
            x.deploymentHeader(accepted);
            x.response().putHeader("Location", app.id().path());
            // The deployment may be done, or the app gone, by now: the client hears of it all the same.
            AppView now = find(x.backend(), change.spec().id(), false).orElseGet(
                    () -> new AppView(x.backend().clusterId(),
                            new AppVersion(change.spec(), accepted.versionMs(),
                                    accepted.versionMs(), accepted.versionMs()),
                            Counts.NONE, List.of(), 0, Optional.empty()));
            AppView view = new AppView(now.clusterId(), now.version(), now.counts(), List.of(),
                    accepted.deployment(), Optional.empty());
            x.json(201, new AppJson(x.backend().definitions(), Embeds.of(x.query()).created(), 0)
                    .tree(view));
        }, refusal -> {
            if (refusal.code() == Answer.Code.EXISTS) {
                PodChanges.refusePod(x, app.id());
            }
            return false;
        });
    }

    private static void changeOne(Exchange x, List<String> names, boolean partial,
            boolean create) {
        PathId id = AppPaths.writable(names);
        JsonNode body = JsonInput.parse(x.body());
        AppUpdate update = reader(x, id).readUpdate(id, body, partial);
        if (DryRun.wanted(x)) {
            DryRun.ofOne(x, AppChanges.rehearse(x, List.of(update), create).getFirst());
            return;
        }
        AppChanges.submit(x, List.of(update), create, (accepted, created) -> {
            announce(x, List.of(id));
            if (body.has("instances")) {
                sayWhoOwns(x, id);
            }
            if (created.isEmpty()) {
                x.deployed(200, accepted);
            } else {
                x.response().putHeader("Location", id.path());
                x.deployed(201, accepted);
            }
        });
    }

    /** The request is granted as ever, but its count is not what counts. */
    private static void sayWhoOwns(Exchange x, PathId id) {
        x.backend().view().read(state -> state.app(new AppId(id.path()))
                .filter(AppState::ownedByPolicy).map(AppState::scaled))
                .ifPresent(count -> x.response().putHeader("X-Tide-Autoscaling",
                        "the autoscaling policy decides on the count: " + count
                                + "; see /v2/apps" + id.path() + "/autoscaling"));
    }

    private static void changeMany(Exchange x, boolean partial, boolean create) {
        List<AppUpdate> updates = AppReader.readUpdates(JsonInput.parse(x.body()), partial,
                id -> reader(x, id));
        if (updates.size() > Command.SubmitApps.CHANGES_MAX) {
            throw Errors.notValid("/",
                    "at most " + Command.SubmitApps.CHANGES_MAX + " apps in one request");
        }
        if (DryRun.wanted(x)) {
            DryRun.ofMany(x, AppChanges.rehearse(x, updates, create));
            return;
        }
        AppChanges.submit(x, updates, create, (accepted, created) -> {
            announce(x, updates.stream().map(AppUpdate::id).toList());
            x.deployed(200, accepted);
        });
    }

    private static void announce(Exchange x, List<PathId> ids) {
        if (!x.backend().events().wants(EventTypes.API_POST)) {
            return;
        }
        for (PathId id : ids) {
            find(x.backend(), new AppId(id.path()), false).ifPresent(view -> {
                ObjectNode definition = x.backend().definitions().json(view.version());
                x.backend().events().apiPost(x.clientIp(), x.request().uri(), definition,
                        x.backend().clock().millis());
            });
        }
    }

    /** For changes: to the core, pods are apps; to clients they are not. */
    private static AppId existing(Exchange x, List<String> names) {
        AppId id = AppPaths.existing(names);
        if (PodChanges.present(x, new PathId(id.path())).filter(PodJson::isPod).isPresent()) {
            throw Errors.appUnknown(id.path());
        }
        return id;
    }

    private static void delete(Exchange x, List<String> names) {
        AppId id = existing(x, names);
        x.submit(new Command.DeleteApp(id),
                answer -> x.deployed(200, Exchange.accepted(answer)));
    }

    private static void restart(Exchange x, List<String> names) {
        AppId id = existing(x, names);
        x.submit(new Command.RestartApp(id, x.force()),
                answer -> x.deployed(200, Exchange.accepted(answer)));
    }

    private static void versions(Exchange x, List<String> names) {
        AppId id = AppPaths.existing(names);
        List<Long> versions = x.backend().view()
                .read(state -> state.app(id).filter(PodJson::isApp)
                        .map(app -> app.versions().stream()
                                .filter(version -> !PodJson.isPod(version))
                                .map(AppVersion::versionMs).toList()))
                .orElseThrow(() -> Errors.appUnknown(id.path()));
        ObjectNode body = Json.object();
        var array = body.putArray("versions");
        // Newest first: it is what people look for.
        versions.reversed().forEach(versionMs -> array.add(Timestamps.format(versionMs)));
        x.json(200, body);
    }

    private static void version(Exchange x, List<String> names, String text) {
        AppId id = AppPaths.existing(names);
        long versionMs = Timestamps.parse(text);
        List<AppVersion> versions = x.backend().view()
                .read(state -> state.app(id).filter(PodJson::isApp)
                        .map(app -> app.version(versionMs).stream()
                                .filter(version -> !PodJson.isPod(version)).toList()))
                .orElseThrow(() -> Errors.appUnknown(id.path()));
        if (versions.isEmpty()) {
            throw new RequestRefused(
                    MarathonError.appVersionUnknown(new PathId(id.path()), versionMs));
        }
        ObjectNode body = x.backend().definitions().json(versions.getFirst());
        Embeds embeds = Embeds.of(x.query());
        if (embeds.placement()) {
            body.set("placement", x.backend().definitions().placement(versions.getFirst()));
        }
        if (embeds.rollout()) {
            body.set("rollout", x.backend().definitions().rollout(versions.getFirst()));
        }
        if (embeds.onPartition()) {
            body.put("onPartition", x.backend().definitions().onPartition(versions.getFirst()));
        }
        x.json(200, body);
    }
}
