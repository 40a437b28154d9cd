package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.master.journal.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** An agent's folder is lost while its containers run on. */
@Tag("docker")
class WipedAgentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String IMAGE = "springtide/busybox:test";

    @TempDir
    Path folder;

    @BeforeAll
    static void dockerIsThere() throws Exception {
        boolean there = run("docker", "image", "inspect", IMAGE).code() == 0;
        String why = "no Docker daemon with the image " + IMAGE
                + "; build-support/install-docker.sh makes both";
        Prerequisite.need("WipedAgentIT", there, why);
    }

    /**
     * Goal: what is wanted runs on and is known again, what nobody wants any more is ended, and what bears
     * another name is left alone. Method: kill the agent, delete its folder, give one of its instances up
     * meanwhile, start a container of our own with labels that are nearly right, start the agent.
     */
    @Test
    void whatIsWantedRunsOnAndWhatIsNotIsEnded() throws Exception {
        String stranger = "springtide-it-" + System.nanoTime();
        try (LocalCluster cluster = new LocalCluster(folder, 1, "docker",
                List.of("--reconcile-every", "1s", "--agent-unreachable-after", "10m"))) {
            submit(cluster, "/kept", 2);
            submit(cluster, "/given-up", 1);
            List<String> kept = containers("kept.");
            List<String> givenUp = containers("given-up.");
            assertThat(kept).hasSize(2);
            assertThat(givenUp).hasSize(1);
            assertThat(run("docker", "run", "-d", "--name", stranger,
                    "--label", "io.springtide.owner=" + label(kept.getFirst(), "owner"),
                    "--label", "io.springtide.cluster=" + label(kept.getFirst(), "cluster"),
                    "--label", "io.springtide.agent=another",
                    "--label", "io.springtide.instance=1", IMAGE, "sleep", "600").code())
                    .isZero();

            cluster.killAgent(0);
            Folders.delete(folder.resolve("agent-0"));
            assertThat(cluster.send("DELETE", "/v2/apps/given-up?force=true", "{}").status())
                    .isEqualTo(200);
            cluster.restartAgent(0);

            LocalCluster.await("what is not wanted to be removed", PATIENCE,
                    () -> containers("given-up.").isEmpty());
            LocalCluster.await("what is wanted to be known", PATIENCE,
                    () -> app(cluster, "/kept").path("tasksRunning").asInt() == 2);
            assertThat(containers("kept.")).as("nothing was started again")
                    .containsExactlyInAnyOrderElementsOf(kept);
            assertThat(ReconcileIT.repairs(cluster)).contains("{kind=\"adopted\"} 2.0")
                    .contains("{kind=\"orphan\"} 1.0").contains("{kind=\"lost\"} 0.0");
            assertThat(run("docker", "inspect", "-f", "{{.State.Running}}", stranger).output())
                    .isEqualTo("true\n");
        } finally {
            run("docker", "rm", "-f", stranger);
        }
    }

    private static void submit(LocalCluster cluster, String id, int instances) throws IOException {
        LocalCluster.Reply reply = cluster.send("POST", "/v2/apps",
                """
                        {"id":"%s","cmd":"trap 'exit 0' TERM; while true; do sleep 0.1; done","cpus":0.1,"mem":32,
                         "instances":%d,"container":{"type":"DOCKER","docker":{"image":"%s"}},
                         "taskKillGracePeriodSeconds":3}"""
                        .formatted(id, instances, IMAGE));
        assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
        LocalCluster.await(id + " to run", PATIENCE,
                () -> app(cluster, id).path("tasksRunning").asInt() == instances);
    }

    private static JsonNode app(LocalCluster cluster, String id) {
        try {
            return cluster.get("/v2/apps" + id).body().path("app");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ids of the living containers whose names begin so, of this test's cluster. */
    private List<String> containers(String prefix) {
        try {
            return run("docker", "ps", "-q", "--no-trunc", "--filter",
                    "label=io.springtide.owner=agent-0@" + folder.resolve("agent-0"), "--filter",
                    "name=^/" + prefix).output().lines().toList();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String label(String container, String name)
            throws IOException, InterruptedException {
        return run("docker", "inspect", "-f",
                "{{index .Config.Labels \"io.springtide." + name + "\"}}", container).output()
                .trim();
    }

    private record Ran(int code, String output) {}

    private static Ran run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Ran(process.waitFor(), output);
    }
}
