package io.springtide.master.http;

import io.springtide.api.marathon.App;
import io.springtide.api.marathon.LabelSelector;
import io.springtide.api.marathon.PathId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.state.AppState;
import io.springtide.master.http.Pieces.Kind;
import io.springtide.master.http.Pieces.Part;
import io.springtide.master.view.ClusterView;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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
        Kind kind = new Kind(Part.APP, embeds);
        if (labels.isEmpty() && cmd.isEmpty() && id.isEmpty()) {
            all(x, "apps", kind, app -> !app.leaving());
            return;
        }
        AppDefinitions definitions = x.backend().definitions();
        some(x, "apps", kind, entries(x.backend().view(), app -> !app.leaving()).stream()
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
        some(x, "*", new Kind(Part.APP, Embeds.of(x.query()).list()),
                entries(x.backend().view(), app -> !app.leaving() && isBelow(app, group)));
    }

    /** {@code GET /v2/apps/{id}}. */
    static void one(Exchange x, List<String> names) {
        Kind kind = new Kind(Part.APP, Embeds.of(x.query()).single());
        AppId id = AppPaths.existing(names);
        Optional<Long> revision = revision(x, id);
        if (revision.isEmpty()) {
            throw Errors.appUnknown(id.path());
        }
        if (kind.embeds().timeless() && Etag.of(x.backend(), revision.get()).answers(x)) {
            return;
        }
        boolean packed = PieceStream.packs(x);
        Piece app = x.backend().pieces().get(id, revision.get(), kind, packed)
                .orElseThrow(() -> Errors.appUnknown(id.path()));
        PieceStream.send(x, packed, List.of(Piece.literal("{\"app\":", packed), app,
                Piece.literal("}", packed)).iterator());
    }

    /** {@code GET /v2/apps/{id}/tasks}, of all apps of a group too. */
    static void tasks(Exchange x, List<String> names) {
        Kind kind = new Kind(Part.TASKS, Embeds.NONE);
        Optional<PathId> group = AppPaths.group(names);
        if (group.isPresent()) {
            some(x, "tasks", kind, entries(x.backend().view(), app -> isBelow(app, group.get())));
            return;
        }
        AppId id = AppPaths.existing(names);
        some(x, "tasks", kind, x.backend().view().read(state -> state.app(id)
                .filter(app -> !app.leaving()).map(app -> entry(x.backend().view(), app)))
                .map(List::of).orElseThrow(() -> Errors.appUnknown(id.path())));
    }

    /** {@code GET /v2/tasks}. */
    static void allTasks(Exchange x) {
        all(x, "tasks", new Kind(Part.TASKS_WITH_SERVICE_PORTS, Embeds.NONE), app -> true);
    }

    private static boolean isBelow(AppState app, PathId group) {
        return new PathId(app.id().path()).isBelow(group);
    }

    private static Optional<Long> revision(Exchange x, AppId id) {
        ClusterView view = x.backend().view();
        return view.read(state -> state.app(id).filter(app -> !app.leaving())
                .map(app -> view.revision(id)));
    }

    private static Entry entry(ClusterView view, AppState app) {
        return new Entry(app.id(), view.revision(app.id()), app.latest());
    }

    private static List<Entry> entries(ClusterView view, Predicate<AppState> which) {
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
            send(x, name, kind, entries(x.backend().view(), which));
        }
    }

    private static void some(Exchange x, String name, Kind kind, List<Entry> entries) {
        if (!kind.embeds().timeless() || !Etag.of(x.backend(), entries).answers(x)) {
            send(x, name, kind, entries);
        }
    }

    private static void send(Exchange x, String name, Kind kind, List<Entry> entries) {
        boolean packed = PieceStream.packs(x);
        Iterator<Optional<Piece>> each = entries.stream().map(one -> x.backend().pieces()
                .get(one.id(), one.revision(), kind, packed)).iterator();
        PieceStream.send(x, packed, new PieceList(name, packed, each));
    }
}
