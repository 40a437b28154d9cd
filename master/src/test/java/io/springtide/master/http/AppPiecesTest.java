package io.springtide.master.http;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.state.ClusterState;
import io.springtide.master.http.Pieces.Kind;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AppPiecesTest {

    private static final List<Kind> KINDS = List.of(
            Kind.app(new Embeds(true, true, true, true, true, false, true, true,
                    true)),
            Kind.app(Embeds.NONE.list()), Kind.tasks(), Kind.tasksWithServicePorts(Set.of()),
            Kind.tasksWithServicePorts(Set.of("running")));

    private TestCluster cluster;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 8);
        cluster.agent("a2", 8);
        client = new TestClient(cluster.server.port());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /**
     * Goal: nothing that an answer shows changes without the revision. Method: after each of many random
     * changes, what is kept is compared with what has just been rendered.
     */
    @Test
    void whatIsKeptIsWhatWouldBeRenderedNow() throws Exception {
        long seed = Long.getLong("sim.seed", 20_261_121L);
        Random random = new Random(seed);
        AppPieces kept = pieces(1 << 24);
        int rendered = 0;
        for (int step = 0; step < 400; step++) {
            change(random);
            AppPieces fresh = pieces(1 << 24);
            for (int i = 0; i < 4; i++) {
                AppId id = new AppId("/app-" + i);
                for (Kind kind : KINDS) {
                    assertThat(text(kept, id, kind))
                            .as("step %d, repeat with -Dsim.seed=%d", step, seed)
                            .isEqualTo(text(fresh, id, kind));
                    rendered++;
                }
            }
        }
        assertThat(rendered).isEqualTo(400 * 4 * KINDS.size());
    }

    /** Goal: what is written by hand is what a generator writes. Method: both, after random changes. */
    @Test
    void piecesAreWhatAGeneratorWouldWrite() throws Exception {
        long seed = Long.getLong("sim.seed", 20_261_122L);
        Random random = new Random(seed);
        AppDefinitions definitions = new AppDefinitions();
        GeneratedPieces generated = new GeneratedPieces(definitions, cluster.read(
                ClusterState::clusterId));
        int tasks = 0;
        for (int step = 0; step < 300; step++) {
            change(random);
            client.put("/v2/apps/app-1?force=true", "{\"cmd\":\"x\",\"env\":{\"ODD\":\"\\u00e4\\n"
                    + "\\\" \\ud83c\\udf0a " + step % 2 + "\"},\"backoffFactor\":1.0625}");
            AppPieces pieces = pieces(1 << 24);
            for (int i = 0; i < 4; i++) {
                AppId id = new AppId("/app-" + i);
                Optional<AppView> view = cluster.read(state -> state.app(id)
                        .map(app -> AppView.of(state, app, true)));
                if (view.isEmpty()) {
                    continue;
                }
                Optional<String> app = text(pieces, id, KINDS.getFirst());
                if (app.isPresent()) {
                    assertThat(app.get()).as("step %d, repeat with -Dsim.seed=%d", step, seed)
                            .isEqualTo(generated.app(view.get(), KINDS.getFirst().embeds()));
                }
                for (boolean withPorts : List.of(true, false)) {
                    StringJoiner list = new StringJoiner(",");
                    for (TaskView task : view.get().tasks()) {
                        list.add(generated.task(task, withPorts));
                        tasks++;
                    }
                    assertThat(text(pieces, id, withPorts
                            ? Kind.tasksWithServicePorts(Set.of())
                            : Kind.tasks()).orElse("")).isEqualTo(list.toString());
                }
            }
        }
        assertThat(tasks).isGreaterThan(300);
    }

    @Test
    void aPieceIsRenderedAnewOnlyWhenItsAppHasChanged() throws Exception {
        client.post("/v2/apps", "{\"id\":\"/app-0\",\"cmd\":\"x1\"}");
        client.post("/v2/apps", "{\"id\":\"/app-1\",\"cmd\":\"x1\"}");
        AppPieces pieces = pieces(1 << 20);
        Piece first = get(pieces, "/app-0");
        client.put("/v2/apps/app-1?force=true", "{\"instances\":0}");
        assertThat(get(pieces, "/app-0")).isSameAs(first);
        client.put("/v2/apps/app-0?force=true", "{\"instances\":0}");
        assertThat(get(pieces, "/app-0")).isNotSameAs(first);
    }

    @Test
    void piecesAreBoundedInBytes() {
        Pieces pieces = new Pieces(100_000);
        for (int i = 0; i < 10_000; i++) {
            pieces.put(key(i % 700), i, Piece.plain(new byte[i % 1_000]));
            assertThat(pieces.bytes()).isLessThan(110_000);
        }
        // What is asked for all the time outlives what comes once.
        pieces.put(key(0), 1, Piece.plain(new byte[10]));
        for (int i = 1; i < 10_000; i++) {
            pieces.put(key(i), 1, Piece.plain(new byte[100]));
            assertThat(pieces.find(key(0), 1)).as("after %d others", i).isPresent();
        }
        assertThat(pieces.find(key(1), 1)).isEmpty();
    }

    @Test
    void aPieceOfAnOlderRevisionIsNotFound() {
        Pieces pieces = new Pieces(100_000);
        pieces.put(key(1), 5, Piece.plain(new byte[10]));
        assertThat(pieces.find(key(1), 5)).isPresent();
        assertThat(pieces.find(key(1), 4)).isPresent();
        assertThat(pieces.find(key(1), 6)).isEmpty();
    }

    private static Pieces.Key key(int app) {
        return new Pieces.Key(new AppId("/app-" + app), KINDS.getFirst(), false);
    }

    private Piece get(AppPieces pieces, String app) {
        AppId id = new AppId(app);
        return pieces.get(id, cluster.revision(id), KINDS.getFirst(), false).orElseThrow();
    }

    private AppPieces pieces(long bytesMax) {
        return new AppPieces(cluster, new AppDefinitions(), InstantSource.system(), bytesMax);
    }

    private Optional<String> text(AppPieces pieces, AppId id, Kind kind) {
        return pieces.get(id, cluster.revision(id), kind, false)
                .map(piece -> new String(piece.bytes(), StandardCharsets.UTF_8));
    }

    private final Map<Integer, Integer> beats = new HashMap<>();

    private void change(Random random) throws Exception {
        String path = "/v2/apps/app-" + random.nextInt(4);
        String agent = random.nextBoolean() ? "a1" : "a2";
        switch (random.nextInt(12)) {
            case 0, 1 -> client.put(path + "?force=true",
                    "{\"cmd\":\"run-" + random.nextInt(3) + "\",\"cpus\":0.1,\"instances\":"
                            + random.nextInt(4) + ",\"healthChecks\":[{\"protocol\":\"MESOS_HTTP\","
                            + "\"path\":\"/\"}]}");
            case 2 -> client.put(path + "?force=true",
                    "{\"instances\":" + random.nextInt(5) + "}");
            case 3 -> client.delete(path);
            case 4 -> cluster.report(agent, Condition.STAGING);
            case 5 -> cluster.report(agent, Condition.RUNNING, Health.ALIVE);
            case 6 -> cluster.report(agent, Condition.RUNNING, Health.DEAD);
            case 7 -> cluster.report(agent, Condition.FAILED);
            case 8 -> client.send("POST", path + "/restart?force=true", "");
            case 9 -> cluster.command(new Command.AgentFellSilent(new AgentId(agent)));
            case 10 -> {
                // Time passes: silent agents become unreachable, delays end.
                for (int i = 0; i < 1_000 * (1 + random.nextInt(2)); i++) {
                    cluster.command(new Command.Tick());
                }
            }
            default -> cluster.agent(agent, 8 + beats.merge(random.nextInt(3), 1, Integer::sum));
        }
    }
}
