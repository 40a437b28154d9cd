package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.backup.BackupFile;
import io.springtide.master.backup.RestoreMain;
import io.springtide.master.journal.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: a store that is lost and restored from an older backup kills and starts nothing until a person
 * says so; then the counts are exact, and no task of before was ever started again. Method: real
 * processes; every task writes its id and process id into one file as it starts.
 */
class RestoreIT {

    private static final Duration SETTLED = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path started = Path.of("not-begun");

    @Test
    void nothingIsKilledBeforeAPersonSaysSo() throws Exception {
        try (LocalCluster cluster = backedUp()) {
            submit(cluster, "later", 3);
            awaitRunning(cluster, "later", 3);
            assertThat(cluster.send("PUT", "/v2/apps/web", "{\"instances\":2}").status())
                    .isEqualTo(200);
            awaitRunning(cluster, "web", 2);
            Map<String, Long> before = alive();
            assertThat(before).hasSize(5);

            cluster.killMaster();
            Folders.delete(cluster.journal());
            assertThat(new CommandLine(new RestoreMain()).execute("--from", backup().toString(),
                    "--store", "file:" + cluster.data())).isZero();
            cluster.restartMaster();
            cluster.awaitReady(2);
            LocalCluster.await("both agents to be compared", SETTLED,
                    () -> get(cluster, "/tide/v1/restore").at("/agents").findValues("unknown")
                            .size() == 2);
            JsonNode restore = get(cluster, "/tide/v1/restore");
            assertThat(restore.at("/waiting").asBoolean()).isTrue();
            assertThat(restore.at("/unknown").asInt()).isEqualTo(3);
            assertThat(restore.at("/missing").asInt()).isEqualTo(2);
            assertThat(get(cluster, "/tide/v1/status").at("/alarms/0/name").asText())
                    .isEqualTo("restored");
            assertThat(cluster.send("POST", "/v2/apps", definition("other", 1)).status())
                    .isEqualTo(409);
            Thread.sleep(8_000);
            assertThat(alive()).as("nothing ended, nothing began").isEqualTo(before);

            assertThat(cluster.send("POST", "/tide/v1/restore/confirm", "{}").status())
                    .isEqualTo(200);
            awaitRunning(cluster, "web", 4);
            LocalCluster.await("what the backup does not know to be ended", SETTLED,
                    () -> alive().size() == 4);
            Set<String> kept = new HashSet<>(alive().keySet());
            kept.retainAll(before.keySet());
            assertThat(kept).as("the two of /web that have run all the time").hasSize(2)
                    .allMatch(id -> id.startsWith("web."));
            submit(cluster, "later", 3);
            awaitRunning(cluster, "later", 3);
            assertThat(alive()).hasSize(7);
            noneStartedTwice();
        }
    }

    @Test
    void goesOnByItselfWhereNothingHasChanged() throws Exception {
        try (LocalCluster cluster = backedUp()) {
            Map<String, Long> before = alive();
            cluster.killMaster();
            assertThat(new CommandLine(new RestoreMain()).execute("--from", backup().toString(),
                    "--store", "file:" + cluster.data(), "--force")).isZero();
            cluster.restartMaster();
            cluster.awaitReady(2);
            assertThat(get(cluster, "/tide/v1/restore").at("/waiting").asBoolean()).isTrue();
            LocalCluster.await("the cluster to go on", Duration.ofMinutes(2),
                    () -> !get(cluster, "/tide/v1/restore").at("/waiting").asBoolean(true));
            assertThat(cluster.send("PUT", "/v2/apps/web", "{\"instances\":5}").status())
                    .isEqualTo(200);
            awaitRunning(cluster, "web", 5);
            assertThat(alive()).hasSize(5).containsAllEntriesOf(before);
        }
    }

    /** A cluster whose backup knows four instances of one app. */
    private LocalCluster backedUp() throws Exception {
        started = Files.createFile(folder.resolve("started"));
        LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 2);
        try {
            submit(cluster, "web", 4);
            awaitRunning(cluster, "web", 4);
            try (InputStream in = cluster.uri("/tide/v1/backup").toURL().openStream()) {
                BackupFile.store(in, backup(), false, bytes -> {
                });
            }
            return cluster;
        } catch (Exception | Error failed) {
            cluster.close();
            throw failed;
        }
    }

    private Path backup() {
        return folder.resolve("backup");
    }

    private String definition(String id, int instances) {
        return """
                {"id":"/%s","cmd":"echo $MESOS_TASK_ID $$ >> %s; exec sleep 3600","cpus":0.01,"mem":4,
                 "instances":%d,"portDefinitions":[]}"""
                .formatted(id, started, instances);
    }

    private void submit(LocalCluster cluster, String id, int instances) throws IOException {
        assertThat(cluster.send("POST", "/v2/apps", definition(id, instances)).status())
                .isEqualTo(201);
    }

    private static JsonNode get(LocalCluster cluster, String path) {
        try {
            return cluster.get(path).body();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitRunning(LocalCluster cluster, String id, int count) {
        LocalCluster.await(count + " of " + id, SETTLED, () -> {
            JsonNode app = get(cluster, "/v2/apps/" + id).path("app");
            return app.path("tasksRunning").asInt() == count && app.path("deployments").isEmpty();
        });
    }

    /** Process ids of the tasks that live. */
    private Map<String, Long> alive() {
        Map<String, Long> alive = new HashMap<>();
        for (String line : lines()) {
            int space = line.indexOf(' ');
            long pid = Long.parseLong(line.substring(space + 1));
            if (ProcessHandle.of(pid).flatMap(process -> process.info().command())
                    .filter(command -> command.contains("sleep") || command.contains("coreutils"))
                    .isPresent()) {
                alive.put(line.substring(0, space), pid);
            }
        }
        return alive;
    }

    private void noneStartedTwice() {
        List<String> ids = lines().stream().map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        assertThat(ids).as("starts of each instance").doesNotHaveDuplicates();
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(started);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
