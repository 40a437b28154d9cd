package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: a master that is killed in the middle of a burst, again and again, loses nothing and doubles
 * nothing. Method: real processes; every task writes its id and process id into one file as it starts,
 * so that the file, the master's answers and the process table can be held against each other.
 */
class MasterKillIT {

    private static final int ROUNDS = Integer.getInteger("chaos.rounds", 5);
    private static final int INSTANCES_MAX = 120;
    private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());
    private static final Duration SETTLED = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void killsInTheMiddleOfABurstLeaveTheCountExact() throws Exception {
        System.out.println("chaos.seed=" + SEED);
        SplittableRandom random = new SplittableRandom(SEED);
        Path started = Files.createFile(folder.resolve("started"));
        try (LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 3)) {
            int wanted = 2;
            assertThat(cluster.send("POST", "/v2/apps",
                    """
                            {"id":"/burst","cmd":"echo $MESOS_TASK_ID $$ >> %s; exec sleep 3600","cpus":0.01,"mem":4,
                             "instances":2,"portDefinitions":[]}"""
                            .formatted(started))
                    .status()).isEqualTo(201);
            for (int round = 0; round < ROUNDS; round++) {
                int before = Files.readAllLines(started).size();
                int next = random.nextInt(1, INSTANCES_MAX);
                int status = cluster
                        .send("PUT", "/v2/apps/burst?force=true", "{\"instances\":" + next + "}")
                        .status();
                assertThat(status).as("an accepted change").isEqualTo(200);
                int underWay = next > wanted ? random.nextInt(0, next - wanted) : 0;
                LocalCluster.await("the burst to be under way", SETTLED,
                        () -> lines(started) >= before + underWay);
                wanted = next;
                cluster.killMaster();
                cluster.restartMaster();
                awaitExactly(cluster, started, wanted, round);
            }
            noneStartedTwice(started);
        }
    }

    private static void awaitExactly(LocalCluster cluster, Path started, int wanted, int round) {
        String what = "round " + round + ": " + wanted
                + " instances, no more and no fewer (chaos.seed=" + SEED + ")";
        LocalCluster.await(what, SETTLED, () -> {
            try {
                LocalCluster.Reply app = cluster.get("/v2/apps/burst?embed=app.tasks");
                if (app.status() != 200
                        || app.body().path("app").path("tasksRunning").asInt() != wanted
                        || !app.body().path("app").path("deployments").isEmpty()) {
                    return false;
                }
                Set<String> shown = new HashSet<>();
                for (JsonNode task : app.body().path("app").path("tasks")) {
                    shown.add(task.path("id").asText());
                }
                return shown.equals(alive(started)) && shown.size() == wanted;
            } catch (IOException e) {
                return false;
            }
        });
    }

    private static Set<String> alive(Path started) throws IOException {
        Set<String> alive = new HashSet<>();
        for (String line : Files.readAllLines(started)) {
            int space = line.indexOf(' ');
            if (sleeping(Long.parseLong(line.substring(space + 1)))) {
                alive.add(line.substring(0, space));
            }
        }
        return alive;
    }

    private static boolean sleeping(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().command())
                .filter(command -> command.contains("sleep") || command.contains("coreutils"))
                .isPresent();
    }

    private static void noneStartedTwice(Path started) throws IOException {
        Map<String, Integer> starts = new HashMap<>();
        for (String line : Files.readAllLines(started)) {
            starts.merge(line.substring(0, line.indexOf(' ')), 1, Integer::sum);
        }
        assertThat(starts.values()).as("starts of each instance").containsOnly(1);
    }

    private static int lines(Path file) {
        try {
            return Files.readAllLines(file).size();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
