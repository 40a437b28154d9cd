package io.springtide.master.http;

import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.master.http.AppReads.Entry;
import io.springtide.master.http.Pieces.Kind;
import io.springtide.master.http.Pieces.Part;
import io.springtide.master.view.ClusterView;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Renders apps and their tasks, each only once until it changes: dashboards, load balancers and service
 * discovery ask for all of them every few seconds, and little changes in between. Any thread.
 */
final class AppPieces implements AutoCloseable {

    private static final long IDLE_S = 10;
    private static final int HEAP_SHARE = 6;
    private static final long BYTES_MAX = 512L * 1024 * 1024;

    /** Beside the one that sends; what is left of the processors is the engine's. */
    private static final int HELPERS = Math.clamp(
            Runtime.getRuntime().availableProcessors() - 1, 1, 3);

    /** Each is one of the lists that are being read; beyond it they are rendered by one thread. */
    private static final int HELPED_MAX = 256;

    /** One for each thread that renders. */
    private static final ThreadLocal<Desk> DESKS = ThreadLocal.withInitial(Desk::new);

    private final ClusterView view;
    private final AppDefinitions definitions;
    private final InstantSource clock;
    private final Pieces pieces;
    // Bounded by the connections: each waits for one thing at a time.
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(1, 1, IDLE_S,
            TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("reads").daemon(true).factory());

    private final ThreadPoolExecutor helpers = new ThreadPoolExecutor(HELPERS, HELPERS, IDLE_S,
            TimeUnit.SECONDS, new ArrayBlockingQueue<>(HELPED_MAX),
            Thread.ofPlatform().name("reads-ahead-", 1).daemon(true).factory());

    /** An app as it is now. */
    private record Now(long revision, AppView app) {}

    /** A text under construction, and what is used again in the next one. */
    private record Desk(JsonBytes text, AgentTexts agents) {

        Desk() {
            this(new JsonBytes(), new AgentTexts());
        }
    }

    AppPieces(ClusterView view, AppDefinitions definitions, InstantSource clock) {
        this(view, definitions, clock,
                Math.min(BYTES_MAX, Runtime.getRuntime().maxMemory() / HEAP_SHARE));
    }

    AppPieces(ClusterView view, AppDefinitions definitions, InstantSource clock, long bytesMax) {
        this.view = view;
        this.definitions = definitions;
        this.clock = clock;
        this.pieces = new Pieces(bytesMax);
        worker.allowCoreThreadTimeOut(true);
        helpers.allowCoreThreadTimeOut(true);
    }

    /** For what takes longer than an event loop may: one thread, so that the engine keeps the others. */
    Executor worker() {
        return worker;
    }

    @Override
    public void close() {
        worker.shutdownNow();
        helpers.shutdownNow();
    }

    /**
     * The pieces of a list, in its order. If much has to be rendered, other threads help. For one reader,
     * on {@link #worker}.
     */
    Iterator<Optional<Piece>> list(List<Entry> entries, Kind kind, boolean packed) {
        if (!kind.embeds().timeless()) {
            // Not kept, so that nobody can render it for somebody else.
            return entries.stream()
                    .map(entry -> get(entry.id(), entry.revision(), kind, packed)).iterator();
        }
        return new RenderAhead<>(entries, new RenderAhead.Source<>() {

            @Override
            public boolean has(Entry entry) {
                return pieces.find(new Pieces.Key(entry.id(), kind, packed), entry.revision())
                        .isPresent();
            }

            @Override
            public Optional<Piece> get(Entry entry) {
                return AppPieces.this.get(entry.id(), entry.revision(), kind, packed);
            }
        }, helpers);
    }

    /** As {@link #get}, if it need not be rendered; what is empty is not told from what is not there. */
    Optional<Piece> ready(AppId id, long revision, Kind kind, boolean packed) {
        return pieces.find(new Pieces.Key(id, kind, packed), revision)
                .filter(piece -> piece.length() > 0);
    }

    /**
     * An app, or its tasks with commas between them. May take a tenth of a second, if it has thousands.
     *
     * @param revision that it has to stand for, at least
     * @return empty if the app is gone, or there is nothing to show of it
     */
    Optional<Piece> get(AppId id, long revision, Kind kind, boolean packed) {
        if (!kind.embeds().timeless()) {
            return view.read(state -> now(state, id, kind))
                    .map(one -> render(one.app(), kind))
                    .map(plain -> packed ? plain.packed() : plain);
        }
        Pieces.Key key = new Pieces.Key(id, kind, packed);
        Optional<Piece> kept = pieces.find(key, revision);
        if (kept.isPresent()) {
            return kept.filter(piece -> piece.length() > 0);
        }
        if (packed) {
            Optional<Piece> plain = pieces.find(new Pieces.Key(id, kind, false), revision);
            if (plain.isPresent()) {
                return keep(key, revision, plain.get());
            }
        }
        Optional<Now> now = view.read(state -> now(state, id, kind));
        return now.flatMap(one -> keep(key, one.revision(), render(one.app(), kind)));
    }

    private Optional<Piece> keep(Pieces.Key key, long revision, Piece plain) {
        Piece piece = key.packed() && plain.length() > 0 ? plain.packed() : plain;
        pieces.put(key, revision, piece);
        return piece.length() > 0 ? Optional.of(piece) : Optional.empty();
    }

    private Optional<Now> now(ClusterState state, AppId id, Kind kind) {
        // Tasks are shown until the last of them has ended.
        return state.app(id).filter(app -> kind.part() != Part.APP || !app.leaving())
                .map(app -> new Now(view.revision(id), seen(state, app, kind)));
    }

    private static AppView seen(ClusterState state, AppState app, Kind kind) {
        return AppView.of(state, app, kind.part() != Part.APP || kind.embeds().needTasks());
    }

    private Piece render(AppView app, Kind kind) {
        Desk desk = DESKS.get();
        JsonBytes out = desk.text();
        // What an earlier one has left when it failed is not part of this.
        out.clear();
        if (kind.part() == Part.APP) {
            new AppJson(definitions, kind.embeds(), clock.millis(), desk.agents()).write(out, app);
        } else {
            TaskJson writer = new TaskJson(definitions, app.clusterId(), desk.agents());
            for (TaskView task : app.tasks()) {
                if (kind.statuses().isEmpty()
                        || kind.statuses().contains(TaskJson.status(task.condition()))) {
                    if (out.size() > 0) {
                        out.raw(',');
                    }
                    writer.write(out, task, kind.part() == Part.TASKS_WITH_SERVICE_PORTS);
                }
            }
        }
        return Piece.plain(out.take());
    }
}
