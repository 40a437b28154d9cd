package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.backup.BackupFile;
import io.springtide.api.backup.BackupFile.Backup;
import io.springtide.api.backup.BackupHeader;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.backup.RestoreMain;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.JournalConfig;
import io.springtide.master.snapshot.Replay;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/** A backup over HTTP, put into a folder, and what a master says that starts with it. */
class BackupRoutesTest {

    private static final String APP = """
            {"id":"/web","cmd":"serve","cpus":0.1,"mem":10,"instances":3,"portDefinitions":[]}""";

    @TempDir
    Path folder;

    private static byte[] fetch(JournaledCluster cluster) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cluster.server.port()
                            + "/tide/v1/backup")).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("application/octet-stream");
            return response.body();
        }
    }

    private Path backUp() throws Exception {
        try (JournaledCluster cluster = new JournaledCluster(folder.resolve("lost"),
                Duration.ofSeconds(1))) {
            TestClient client = new TestClient(cluster.server.port());
            assertThat(client.post("/v2/apps", APP).status()).isEqualTo(201);
            cluster.report(Condition.RUNNING, Health.UNKNOWN);
            Path file = folder.resolve("backup");
            // Twice: the first one must let go.
            fetch(cluster);
            BackupHeader header = BackupFile.store(new ByteArrayInputStream(fetch(cluster)), file,
                    false, bytes -> {
                    });
            assertThat(header.position()).isEqualTo(cluster.position());
            assertThat(header.epoch()).isEqualTo(cluster.epoch());
            assertThat(header.stateHash()).isEqualTo(cluster.view.freeze().hash());
            return file;
        }
    }

    /** Who goes away before the end must not leave the next one outside. */
    @Test
    void isMadeAgainAfterAClientHasGone() throws Exception {
        try (JournaledCluster cluster = new JournaledCluster(folder.resolve("data"),
                Duration.ofSeconds(1))) {
            for (int i = 0; i < 10; i++) {
                try (Socket gone = new Socket(InetAddress.getLoopbackAddress(),
                        cluster.server.port())) {
                    gone.setSoLinger(true, 0);
                    gone.getOutputStream()
                            .write("GET /tide/v1/backup HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
            TestClient client = new TestClient(cluster.server.port());
            long deadlineNs = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (client.get("/tide/v1/backup").status() == 503) {
                assertThat(System.nanoTime()).isLessThan(deadlineNs);
                Thread.sleep(10);
            }
            assertThat(fetch(cluster)).isNotEmpty();
        }
    }

    private static int restore(String... options) {
        return new CommandLine(new RestoreMain()).execute(options);
    }

    @Test
    void givesTheSameStateBack() throws Exception {
        Path file = backUp();
        Backup backup = BackupFile.read(file);
        Path data = folder.resolve("new");
        assertThat(restore("--from", file.toString(), "--store", "file:" + data)).isZero();
        try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
            assertThat(journal.findings()).isEmpty();
            assertThat(journal.clusterId()).isEqualTo(backup.header().clusterText());
            assertThat(journal.epochNext()).isGreaterThan(backup.header().epoch() + 999_999);
            ClusterState kept = Replay.decode(journal.snapshotLatest().orElseThrow());
            assertThat(StateSnapshot.hash(StateSnapshot.encode(kept)))
                    .isEqualTo(backup.header().stateHash());
            Replay replay = Replay.of(journal);
            assertThat(replay.position()).isGreaterThan(backup.header().position() + 999_999);
            assertThat(replay.state().restoration().held()).isTrue();
            assertThat(replay.state().instanceNext()).isGreaterThan(1_000_000);
            assertThat(replay.state().deploymentNext()).isGreaterThan(1_000_000);
            assertThat(replay.state().instanceCount()).isEqualTo(3);
        }
    }

    @Test
    void twoRestoresOfOneBackupNeverUseTheSameNumbers() throws Exception {
        Path file = backUp();
        long[] epochs = new long[2];
        long[] instances = new long[2];
        for (int i = 0; i < 2; i++) {
            Path data = folder.resolve("new" + i);
            assertThat(restore("--from", file.toString(), "--store", "file:" + data)).isZero();
            try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
                epochs[i] = journal.epochNext();
                instances[i] = Replay.of(journal).state().instanceNext();
            }
            Thread.sleep(5);
        }
        assertThat(epochs[1]).isGreaterThan(epochs[0]);
        assertThat(instances[1]).isGreaterThan(instances[0]);
    }

    @Test
    void waitsForAPersonAndSaysSo() throws Exception {
        Path file = backUp();
        Path data = folder.resolve("new");
        assertThat(restore("--from", file.toString(), "--store", "file:" + data)).isZero();
        try (JournaledCluster cluster = new JournaledCluster(data, Duration.ofSeconds(1))) {
            // Its agent comes without anything.
            TestClient client = new TestClient(cluster.server.port());
            JsonNode restore = client.get("/tide/v1/restore").json();
            assertThat(restore.at("/waiting").asBoolean()).isTrue();
            assertThat(restore.at("/unknown").asInt()).isZero();
            assertThat(restore.at("/missing").asInt()).isEqualTo(3);
            assertThat(restore.at("/agents/0/compared").asBoolean()).isTrue();
            JsonNode alarm = client.get("/tide/v1/status").json().at("/alarms/0");
            assertThat(alarm.at("/name").asText()).isEqualTo("restored");
            assertThat(alarm.at("/message").asText()).contains("lack 3 of those");
            assertThat(client.get("/tide/v1/agents").json().at("/agents/0/restore/missing")
                    .asInt()).isEqualTo(3);
            TestClient.Reply refused = client.put("/v2/apps/web", "{\"instances\":9}");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.text()).contains("tide restore --confirm");
            assertThat(client.get("/v2/apps/web").json().at("/app/tasksRunning").asInt())
                    .isEqualTo(3);
            assertThat(client.post("/tide/v1/restore/confirm", "{}").json().at("/waiting")
                    .asBoolean(true)).isFalse();
            assertThat(client.post("/tide/v1/restore/confirm", "{}").status()).isEqualTo(409);
            assertThat(client.get("/tide/v1/status").json().at("/alarms").isEmpty()).isTrue();
            assertThat(client.put("/v2/apps/web", "{\"instances\":9}").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void doesNotWaitIfItWasTold() throws Exception {
        Path file = backUp();
        Path data = folder.resolve("new");
        assertThat(restore("--from", file.toString(), "--store", "file:" + data, "--over-agents"))
                .isZero();
        try (JournaledCluster cluster = new JournaledCluster(data, Duration.ofSeconds(1))) {
            TestClient client = new TestClient(cluster.server.port());
            assertThat(client.get("/tide/v1/restore").json().at("/waiting").asBoolean(true))
                    .isFalse();
            assertThat(client.put("/v2/apps/web", "{\"instances\":1}").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void neverDestroysAJournal() throws Exception {
        Path file = backUp();
        Path data = folder.resolve("lost");
        List<String> before = names(data.resolve("journal"));
        assertThat(restore("--from", file.toString(), "--store", "file:" + data)).isEqualTo(74);
        assertThat(names(data.resolve("journal"))).isEqualTo(before);
        assertThat(restore("--from", file.toString(), "--store", "file:" + data, "--force"))
                .isZero();
        List<Path> aside;
        try (Stream<Path> list = Files.list(data)) {
            aside = list.filter(path -> path.getFileName().toString().startsWith(
                    "journal.replaced-")).toList();
        }
        assertThat(aside).hasSize(1);
        assertThat(names(aside.getFirst())).isEqualTo(before);
        assertThat(names(data)).hasSize(2);
    }

    @Test
    void aJournalInUseIsLeftAlone() throws Exception {
        Path file = backUp();
        Path data = folder.resolve("lost");
        try (FileJournal inUse = FileJournal.open(data, JournalConfig.STANDARD)) {
            assertThat(restore("--from", file.toString(), "--store", "file:" + data, "--force"))
                    .isEqualTo(74);
            assertThat(Replay.of(inUse).state().instanceCount()).isEqualTo(3);
        }
    }

    @Test
    void refusesWhatIsNotTheStateThatWasBackedUp() throws Exception {
        Backup backup = BackupFile.read(backUp());
        BackupHeader old = backup.header();
        Path data = folder.resolve("new");
        // Whole as a file, and yet another state, or another cluster's.
        for (BackupHeader wrong : List.of(
                new BackupHeader(old.clusterId(), old.epoch(), old.position(), old.timeMs(),
                        old.stateHash() + 1, old.payloadBytes(), old.version()),
                new BackupHeader(old.clusterId() + 1, old.epoch(), old.position(), old.timeMs(),
                        old.stateHash(), old.payloadBytes(), old.version()))) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(wrong.encode());
            bytes.writeBytes(backup.payload());
            bytes.writeBytes(BackupFile.digest(wrong.encode(), backup.payload()));
            Path file = Files.write(folder.resolve("wrong"), bytes.toByteArray());
            assertThat(restore("--from", file.toString(), "--store", "file:" + data))
                    .isEqualTo(74);
            assertThat(data).doesNotExist();
        }
        assertThat(restore("--from", folder.resolve("none").toString(), "--store",
                "file:" + data)).isEqualTo(74);
        assertThat(restore("--from", folder.resolve("backup").toString(), "--store", "x://y"))
                .isEqualTo(2);
    }

    private static List<String> names(Path of) throws Exception {
        try (Stream<Path> list = Files.list(of)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
