package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator may run into, with real processes. */
class ClusterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void theInstancesOfAKilledAgentRunOnAndAreAdoptedExitCodesIncluded() throws Exception {
        Path started = Files.createFile(folder.resolve("started"));
        Path go = folder.resolve("go");
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 1)) {
            submit(cluster, "/stays", "echo $$ >> " + started + "; exec sleep 3600", 5);
            submit(cluster, "/fails", "while [ ! -e " + go + " ]; do sleep 0.1; done; exit 7", 1);
            awaitRunning(cluster, "/stays", 5);
            awaitRunning(cluster, "/fails", 1);
            Set<String> before = tasks(cluster, "/stays");
            String failing = tasks(cluster, "/fails").iterator().next();

            cluster.killAgent(0);
            assertThat(Files.readAllLines(started)).hasSize(5)
                    .allMatch(pid -> ProcessHandle.of(Long.parseLong(pid)).isPresent());
            Files.createFile(go);
            cluster.restartAgent(0);
            cluster.awaitReady(1);

            LocalCluster.await("the exit code of the one that ended meanwhile", PATIENCE, () -> {
                JsonNode failure = app(cluster, "/fails").path("lastTaskFailure");
                return failure.path("taskId").asText().equals(failing)
                        && failure.path("message").asText().contains("exit code 7");
            });
            assertThat(tasks(cluster, "/stays")).isEqualTo(before);
            assertThat(Files.readAllLines(started)).hasSize(5);
        }
    }

    @Test
    void aSecondMasterOnTheSameFolderRefusesToStart() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 0)) {
            assertThat(cluster.secondMaster()).startsWith("74: ")
                    .contains(cluster.data().toString());
            assertThat(cluster.get("/v2/leader").status()).isEqualTo(200);
        }
    }

    @Test
    void aTornTailIsCutOffAndDamageInTheMiddleRefused() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 0)) {
            for (int i = 0; i < 50; i++) {
                submit(cluster, "/app-" + i, "exec sleep 1", 0);
            }
            // Its fact ends in a byte other than zero, which makes the end of the file visible.
            String version = app(cluster, "/app-0").path("version").asText();
            assertThat(cluster.send("PUT", "/tide/v1/apps/app-0/weights",
                    "{\"weights\":[{\"version\":\"" + version + "\",\"weight\":5}]}").status())
                    .isEqualTo(200);
            cluster.killMaster();
            Path segment = segment(cluster);
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                file.seek(end(file));
                file.write(new byte[]{1, 2, 3, 4, 5, 6, 7});
            }
            cluster.restartMaster();
            cluster.awaitReady(0);
            assertThat(cluster.get("/v2/apps").body().path("apps")).hasSize(50);

            cluster.stopMaster();
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                long middle = end(file) / 2;
                file.seek(middle);
                int value = file.read();
                file.seek(middle);
                file.write(value ^ 0x10);
            }
            assertThat(cluster.secondMaster()).startsWith("74: ").contains("byte")
                    .contains(segment.toString());
            cluster.restartMaster();
        }
    }

    private static Path segment(LocalCluster cluster) throws IOException {
        try (var files = Files.list(cluster.journal())) {
            List<Path> segments = files.filter(file -> file.toString().endsWith(".log")).sorted()
                    .toList();
            return segments.getFirst();
        }
    }

    /** Behind the last byte that is not zero: the rest is room made in advance. */
    private static long end(RandomAccessFile file) throws IOException {
        long at = file.length();
        while (at > 0) {
            file.seek(at - 1);
            if (file.read() != 0) {
                return at;
            }
            at--;
        }
        return 0;
    }

    private static void submit(LocalCluster cluster, String id, String command, int instances)
            throws IOException {
        LocalCluster.Reply reply = cluster.send("POST", "/v2/apps", """
                {"id":"%s","cmd":"%s","cpus":0.01,"mem":4,"instances":%d,"portDefinitions":[],
                 "backoffSeconds":60}""".formatted(id, command, instances));
        assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
    }

    private static void awaitRunning(LocalCluster cluster, String id, int count) {
        LocalCluster.await(count + " instances of " + id, PATIENCE,
                () -> app(cluster, id).path("tasksRunning").asInt() == count);
    }

    private static JsonNode app(LocalCluster cluster, String id) {
        try {
            return cluster.get("/v2/apps" + id).body().path("app");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> tasks(LocalCluster cluster, String id) {
        Set<String> ids = new HashSet<>();
        app(cluster, id).path("tasks").forEach(task -> ids.add(task.path("id").asText()));
        return ids;
    }
}
