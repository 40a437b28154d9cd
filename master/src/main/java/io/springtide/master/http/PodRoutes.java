package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.MarathonError;
import io.springtide.api.marathon.PathId;
import io.springtide.api.marathon.Pod;
import io.springtide.api.marathon.PodWriter;
import io.springtide.api.marathon.RequestRefused;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code /v2/pods}: pods, their versions, how they stand, and what may be done to them. */
final class PodRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        return PodPaths.of(path).flatMap(PodRoutes::resource);
    }

    private static Optional<Resource> resource(PodPaths path) {
        boolean all = path.id().isEmpty();
        if (path.is("", 0)) {
            return all
                    ? Resource.at("/v2/pods").get(PodRoutes::list).post(PodRoutes::create).found()
                    : Resource.at("/v2/pods/{id}").get(x -> one(x, path))
                            .put(x -> replace(x, path)).delete(x -> delete(x, path)).found();
        }
        if (path.is("status", 0)) {
            return all
                    ? Resource.at("/v2/pods::status").get(PodRoutes::statuses).found()
                    : Resource.at("/v2/pods/{id}::status").get(x -> status(x, path)).found();
        }
        if (path.is("versions", 0)) {
            return Resource.at("/v2/pods/{id}::versions").get(x -> versions(x, path)).found();
        }
        if (path.is("versions", 1)) {
            return Resource.at("/v2/pods/{id}::versions/{version}").get(x -> version(x, path))
                    .found();
        }
        if (path.is("instances", 0)) {
            return Resource.at("/v2/pods/{id}::instances")
                    .deleteWithBody(x -> PodKill.some(x, path.existing())).found();
        }
        if (path.is("instances", 1)) {
            return Resource.at("/v2/pods/{id}::instances/{instanceId}")
                    .delete(x -> PodKill.one(x, path.existing(), path.rest().getFirst()))
                    .found();
        }
        return Optional.empty();
    }

    // ------------------------------------------------------------ reading

    private static void list(Exchange x) {
        List<AppVersion> pods = x.backend().view().read(state -> state.apps().values().stream()
                .filter(PodJson::isPod).map(AppState::latest).toList());
        array(x, pods.stream().map(pod -> json -> json.writeTree(PodJson.definition(pod))));
    }

    private static void statuses(Exchange x) {
        List<PodView> pods = x.backend().view().read(state -> state.apps().values().stream()
                .filter(app -> PodJson.isPod(app.latest())).map(app -> PodView.of(state, app))
                .toList());
        array(x, pods.stream().map(pod -> json -> json.writeTree(PodStatusJson.of(pod))));
    }

    private static void array(Exchange x, Stream<JsonPiece> items) {
        x.json(Stream.of(Stream.<JsonPiece>of(JsonGenerator::writeStartArray), items,
                Stream.<JsonPiece>of(JsonGenerator::writeEndArray)).flatMap(part -> part)
                .iterator());
    }

    private static void one(Exchange x, PodPaths path) {
        // Marathon puts one JSON document into the text of another here, and only here.
        String text = "/" + String.join("/", path.id());
        AppVersion pod = AppPaths.id(path.id())
                .flatMap(id -> x.backend().view().read(
                        state -> find(state, new AppId(id.path())).map(AppState::latest)))
                .orElseThrow(() -> Errors.refused(404,
                        Errors.podUnknown(text).error().toJson().toString()));
        x.json(200, PodJson.definition(pod));
    }

    private static Optional<AppState> find(ClusterState state, AppId id) {
        return state.app(id).filter(PodJson::isPod);
    }

    /** Also of a pod that has been deleted, as long as an instance of it is ending. */
    private static void status(Exchange x, PodPaths path) {
        AppId id = path.existing();
        PodView view = x.backend().view()
                .read(state -> state.app(id).filter(app -> PodJson.isPod(app.latest()))
                        .map(app -> PodView.of(state, app)))
                .orElseThrow(() -> Errors.podUnknown(id.path()));
        x.json(200, PodStatusJson.of(view));
    }

    private static List<AppVersion> known(Exchange x, AppId id) {
        return x.backend().view()
                .read(state -> find(state, id)
                        .map(pod -> pod.versions().stream().filter(PodJson::isPod).toList()))
                .orElseThrow(() -> Errors.podUnknown(id.path()));
    }

    private static void versions(Exchange x, PodPaths path) {
        ArrayNode array = Json.object().arrayNode();
        // Newest first: it is what people look for.
        known(x, path.existing()).reversed()
                .forEach(version -> array.add(Timestamps.format(version.versionMs())));
        x.json(200, array);
    }

    private static void version(Exchange x, PodPaths path) {
        AppId id = path.existing();
        long versionMs = Timestamps.parse(path.rest().getFirst());
        AppVersion version = known(x, id).stream().filter(one -> one.versionMs() == versionMs)
                .findFirst().orElseThrow(() -> new RequestRefused(
                        MarathonError.podVersionUnknown(new PathId(id.path()), versionMs)));
        x.json(200, PodJson.definition(version));
    }

    // ------------------------------------------------------------ changing

    private static void create(Exchange x) {
        Pod pod = PodReaders.read(x, JsonInput.parse(x.body()));
        AppSpec spec = PodSpecs.spec(pod);
        if (DryRun.wanted(x)) {
            PodChanges.requireFree(x, pod.id());
            DryRun.check(x, new Command.AppChange(spec, Command.AppChange.ABSENT));
            DryRun.ofOne(x, spec);
            return;
        }
        PodChanges.create(x, pod, spec, accepted -> {
            announce(x, EventTypes.POD_CREATED);
            x.response().putHeader("Location", pod.id().path());
            changed(x, 201, pod, accepted);
        });
    }

    private static void replace(Exchange x, PodPaths path) {
        PathId id = path.writable();
        Pod pod = PodReaders.read(x, JsonInput.parse(x.body()));
        if (!pod.id().equals(id)) {
            throw new RequestRefused(MarathonError.podIdDiffers(id, pod.id()));
        }
        AppSpec spec = PodSpecs.spec(pod);
        if (DryRun.wanted(x)) {
            var unused = PodChanges.base(x, pod);
            DryRun.check(x, new Command.AppChange(spec, Command.AppChange.ANY));
            DryRun.ofOne(x, spec);
            return;
        }
        PodChanges.replace(x, pod, spec, accepted -> {
            announce(x, EventTypes.POD_UPDATED);
            changed(x, 200, pod, accepted);
        });
    }

    /** Answers with the pod as it is now; it may be gone by now, and the client hears of it all the same. */
    private static void changed(Exchange x, int status, Pod pod, Answer.Accepted accepted) {
        x.deploymentHeader(accepted);
        x.json(status, PodChanges.present(x, pod.id()).filter(PodJson::isPod)
                .map(PodJson::definition)
                .orElseGet(() -> PodWriter.write(pod, accepted.versionMs())));
    }

    private static void delete(Exchange x, PodPaths path) {
        AppId id = path.existing();
        if (!x.backend().view().read(state -> find(state, id).isPresent())) {
            throw Errors.podUnknown(id.path());
        }
        x.submit(new Command.DeleteApp(id), answer -> {
            announce(x, EventTypes.POD_DELETED);
            x.response().putHeader("Location", x.deploymentHeader(Exchange.accepted(answer)));
            x.empty(202);
        }, refusal -> {
            if (refusal.code() == Answer.Code.NOT_FOUND) {
                throw Errors.podUnknown(id.path());
            }
            return false;
        });
    }

    private static void announce(Exchange x, String type) {
        if (x.backend().events().wants(type)) {
            x.backend().events().podRequest(type, x.clientIp(), x.request().uri(),
                    x.backend().clock().millis());
        }
    }
}
