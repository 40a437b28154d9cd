package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.LabelSelector;
import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import io.springtide.master.http.Pieces.Kind;
import io.springtide.master.view.ClusterView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Apps and tasks for reading, put together from {@link AppPieces}. The view is asked briefly for each app
 * that has changed, never for all at once: replies to changes wait for the same lock. Hence an answer shows
 * every app as it was at some moment of the answer, not all of them at the same one.
 */
final class AppReads {

    /** An app, and what an answer has to stand for at least. */
    record Entry(AppId id, long revision, AppVersion version) {}

    private AppReads() {}

    /** {@code GET /v2/apps}. */
    static void list(Exchange x) {
        Embeds embeds = Embeds.of(x.query()).list();
        List<LabelSelector> labels = x.query().all("label").stream().map(LabelSelector::parse)
                .toList();
        Optional<String> cmd = x.query().text("cmd");
        Optional<String> id = x.query().text("id");
        Kind kind = Kind.app(embeds);
        if (labels.isEmpty() && cmd.isEmpty() && id.isEmpty()) {
            all(x, "apps", kind, PodJson::isApp);
            return;
        }
        AppDefinitions definitions = x.backend().definitions();
        some(x, "apps", kind, entries(x.backend().view(), PodJson::isApp).stream()
                .filter(one -> id.isEmpty() || one.id().path().contains(id.get()))
                .filter(one -> matches(definitions, one.version(), labels, cmd)).toList());
    }

    private static boolean matches(AppDefinitions definitions, AppVersion version,
            List<LabelSelector> labels, Optional<String> cmd) {
        if (labels.isEmpty() && cmd.isEmpty()) {
            return true;
        }
        App app = definitions.app(version);
        return labels.stream().allMatch(one -> one.matches(app.labels()))
                && app.launch().cmd().orElse("").contains(cmd.orElse(""));
    }

    /** {@code GET /v2/apps/{group}/*}. */
    static void ofGroup(Exchange x, PathId group) {
        some(x, "*", Kind.app(Embeds.of(x.query()).list()),
                entries(x.backend().view(), app -> PodJson.isApp(app) && isBelow(app, group)));
    }

    /** {@code GET /v2/apps/{id}}. */
    static void one(Exchange x, List<String> names) {
        Kind kind = Kind.app(Embeds.of(x.query()).single());
        AppId id = AppPaths.existing(names);
        Optional<Long> revision = revision(x, id);
        if (revision.isEmpty()) {
            throw Errors.appUnknown(id.path());
        }
        if (kind.embeds().timeless() && Etag.of(x.backend(), revision.get()).answers(x)) {
            return;
        }
        boolean packed = PieceStream.packs(x);
        AppPieces pieces = x.backend().pieces();
        Optional<Piece> ready = pieces.ready(id, revision.get(), kind, packed);
        if (ready.isPresent()) {
            single(x, packed, ready.get());
            return;
        }
        x.whenDone(CompletableFuture.supplyAsync(
                () -> pieces.get(id, revision.get(), kind, packed), pieces.worker()),
                app -> single(x, packed,
                        app.orElseThrow(() -> Errors.appUnknown(id.path()))),
                x::broken);
    }

    private static void single(Exchange x, boolean packed, Piece app) {
        PieceStream.sendNow(x, packed, List.of(Piece.literal("{\"app\":", packed), app,
                Piece.literal("}", packed)));
    }

    /** {@code GET /v2/apps/{id}/tasks}, of all apps of a group too. */
    static void tasks(Exchange x, List<String> names) {
        Kind kind = Kind.tasks();
        Optional<PathId> group = AppPaths.group(names);
        if (TaskText.wanted(x)) {
            Optional<AppId> one = group.isPresent()
                    ? Optional.empty()
                    : Optional.of(AppPaths.existing(names));
            one.filter(id -> revision(x, id).isEmpty()).ifPresent(id -> {
                throw Errors.appUnknown(id.path());
            });
            TaskText.send(x, app -> PodJson.isApp(app) && (one.isPresent()
                    ? one.get().equals(app.id())
                    : isBelow(app, group.orElseThrow())));
            return;
        }
        if (group.isPresent()) {
            some(x, "tasks", kind, entries(x.backend().view(),
                    app -> !PodJson.isPod(app.latest()) && isBelow(app, group.get())));
            return;
        }
        AppId id = AppPaths.existing(names);
        some(x, "tasks", kind, x.backend().view().read(state -> state.app(id)
                .filter(PodJson::isApp).map(app -> entry(x.backend().view(), app)))
                .map(List::of).orElseThrow(() -> Errors.appUnknown(id.path())));
    }

    /** {@code GET /v2/tasks}. */
    static void allTasks(Exchange x, Set<String> statuses) {
        all(x, "tasks", Kind.tasksWithServicePorts(statuses),
                app -> !PodJson.isPod(app.latest()));
    }

    private static boolean isBelow(AppState app, PathId group) {
        return new PathId(app.id().path()).isBelow(group);
    }

    private static Optional<Long> revision(Exchange x, AppId id) {
        ClusterView view = x.backend().view();
        return view.read(state -> state.app(id).filter(PodJson::isApp)
                .map(app -> view.revision(id)));
    }

    private static Entry entry(ClusterView view, AppState app) {
        return new Entry(app.id(), view.revision(app.id()), app.latest());
    }

    /** Which apps there are at the moment. */
    static List<Entry> entries(ClusterView view, Predicate<AppState> which) {
        return view.read(state -> {
            List<Entry> entries = new ArrayList<>(state.apps().size());
            for (AppState app : state.apps().values()) {
                if (which.test(app)) {
                    entries.add(entry(view, app));
                }
            }
            return entries;
        });
    }

    /** Everything: whether it has changed is known without a look at each app. */
    private static void all(Exchange x, String name, Kind kind, Predicate<AppState> which) {
        // Taken first: what is sent may be newer than its name, never older.
        Etag etag = Etag.of(x.backend(), x.backend().view().revision());
        if (!kind.embeds().timeless() || !etag.answers(x)) {
            send(x, name, kind, () -> entries(x.backend().view(), which));
        }
    }

    private static void some(Exchange x, String name, Kind kind, List<Entry> entries) {
        if (!kind.embeds().timeless() || !Etag.of(x.backend(), entries).answers(x)) {
            send(x, name, kind, () -> entries);
        }
    }

    private static void send(Exchange x, String name, Kind kind, Supplier<List<Entry>> entries) {
        boolean packed = PieceStream.packs(x);
        AppPieces pieces = x.backend().pieces();
        PieceStream.send(x, packed, () -> new PieceList(name, packed,
                pieces.list(entries.get(), kind, packed)));
    }
}
