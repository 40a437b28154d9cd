package io.springtide.master;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.state.ClusterState;
import io.springtide.master.config.HostPort;
import io.springtide.master.config.MasterConfig;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.JournalConfig;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.metrics.Registries;
import io.springtide.master.ring.Engine;
import io.springtide.master.store.FileStore;
import io.springtide.master.view.CommittedState;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A scrape of a whole master, as it is wired: nothing missing, nothing registered twice. */
class MasterMetricsTest {

    private static final String APP = "{\"id\":\"/web\",\"cmd\":\"serve\",\"cpus\":99,\"instances\":2}";

    @TempDir
    Path folder;

    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Master master;

    @BeforeEach
    void start() throws Exception {
        foundWithAgent();
        master = Master.start(new MasterConfig(new HostPort("127.0.0.1", 0),
                new HostPort("127.0.0.1", 0), "file:" + folder, false, Duration.ofSeconds(5),
                Duration.ofMinutes(5)), FileStore.open(folder), fatal::complete);
    }

    @AfterEach
    void stop() {
        master.close();
        client.close();
        assertThat(fatal).isNotDone();
    }

    /** Names are API: alerts and dashboards of strangers depend on them. */
    @Test
    void metricNamesDoNotChange() throws Exception {
        send(HttpRequest.newBuilder(uri("/v2/apps"))
                .POST(HttpRequest.BodyPublishers.ofString(APP)));
        List<String> names = scrape().lines().filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)).map(words -> words[2] + " " + words[3])
                .filter(line -> line.startsWith("tide_"))
                .sorted().toList();
        assertThat(names).containsExactlyElementsOf(golden());
    }

    @Test
    void showsWhatTheEngineDoes() throws Exception {
        send(HttpRequest.newBuilder(uri("/v2/apps"))
                .POST(HttpRequest.BodyPublishers.ofString(APP)));
        send(HttpRequest.newBuilder(uri("/v2/apps"))
                .POST(HttpRequest.BodyPublishers.ofString(APP)));
        String text = scrape();
        assertThat(text).contains("tide_submissions_total{result=\"accepted\"} 1.0")
                .contains("tide_submissions_total{result=\"busy\"} 0.0")
                .contains("tide_placements_total{result=\"deferred\"} 2.0")
                .contains("tide_ready{component=\"core\"} 1.0")
                .contains("tide_ready{component=\"journal\"} 1.0")
                .contains("tide_ready{component=\"agents\"} 1.0")
                .contains("process_cpu_seconds_total")
                .contains("jvm_memory_used_bytes{area=\"heap\"}")
                .containsPattern("tide_journal_commit_duration_seconds_count [1-9]")
                .containsPattern("tide_journal_append_duration_seconds_count [1-9]")
                .containsPattern("tide_core_loop_duration_seconds_count [1-9]")
                .containsPattern("tide_core_stall_seconds_max (0\\.0*)?[1-9]");
    }

    /** What some metrics tell of is only there once an agent has been. */
    private void foundWithAgent() throws Exception {
        try (FileJournal journal = FileJournal.open(folder, JournalConfig.STANDARD);
                Engine engine = new Engine(
                        new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT),
                        new CommittedState(new ClusterState(), 0), journal, journal.epochNext(), 0,
                        new EngineMetrics(Registries.empty()), fatal::complete)) {
            engine.start();
            engine.submit(new Command.FoundCluster(journal.clusterId())).get(30, TimeUnit.SECONDS);
            engine.submit(new Command.RegisterAgent(new AgentSpec(new AgentId("agent-1"), 7,
                    "127.0.0.1", "", "site-a", "r1", new TreeMap<>(),
                    new Resources(4_000, 4_096, 10_000, 0),
                    List.of(new PortRange(31_000, 32_000)), RuntimeKind.PROCESS.bit()), List.of()))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private static List<String> golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                MasterMetricsTest.class.getResourceAsStream("/metrics/names.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private String scrape() throws Exception {
        HttpResponse<String> reply = send(
                HttpRequest.newBuilder(uri("/metrics/prometheus")).GET());
        assertThat(reply.statusCode()).isEqualTo(200);
        return reply.body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.header("Content-Type", "application/json").build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + master.clientPort() + path);
    }
}
