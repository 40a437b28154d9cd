package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A whole master and a whole agent, between which something gets lost that must not. */
class ReconcileIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    /**
     * Goal: a report that never came to the master is noticed and made up for, and counted; where all is well
     * nothing is. Method: a relay between agent and master leaves the first report that the instance runs
     * out of its batch; the batch is acknowledged, so that the agent takes it for told.
     */
    @Test
    void aStatusThatGotLostIsRepairedAndCounted() throws Exception {
        try (LocalCluster cluster = new LocalCluster(folder, 1, "process",
                List.of("--reconcile-every", "500ms"));
                LosingRelay relay = new LosingRelay(cluster.agentPort(), new RunningOnce());
                LocalCluster.Joined relayed = cluster.join("relayed", relay.port())) {
            cluster.awaitReady(2);
            assertThat(cluster.send("POST", "/v2/apps",
                    """
                            {"id":"/kept","cmd":"sleep 600","cpus":0.1,"mem":16,"instances":1,
                             "constraints":[["name","LIKE","relayed"]]}""")
                    .status()).isEqualTo(201);
            LocalCluster.await("the instance to run", PATIENCE,
                    () -> app(cluster).path("tasksRunning").asInt() == 1);
            assertThat(relayed.process().isAlive()).isTrue();
            assertThat(relay.lost()).isEqualTo(1);
            assertThat(repairs(cluster)).contains("{kind=\"status\"} 1.0");
            String before = app(cluster).path("tasks").get(0).path("id").asText();

            Thread.sleep(3_000);
            assertThat(app(cluster).path("tasks").get(0).path("id").asText()).isEqualTo(before);
            assertThat(repairs(cluster)).contains("{kind=\"status\"} 1.0")
                    .contains("{kind=\"lost\"} 0.0").contains("{kind=\"stray\"} 0.0")
                    .contains("{kind=\"kill\"} 0.0").contains("{kind=\"launch\"} 0.0");
        }
    }

    /** Leaves the first word of a running instance out of what the agent says. */
    private static final class RunningOnce implements UnaryOperator<AgentMessage> {

        private boolean done;

        @Override
        public synchronized AgentMessage apply(AgentMessage said) {
            List<InstanceStatus> kept = said.getStatuses().getStatusesList().stream()
                    .filter(status -> status.getCondition() != Condition.RUNNING).toList();
            if (done || !said.hasStatuses()
                    || kept.size() == said.getStatuses().getStatusesCount()) {
                return said;
            }
            done = true;
            return AgentMessage.newBuilder().setStatuses(
                    said.getStatuses().toBuilder().clearStatuses().addAllStatuses(kept)).build();
        }
    }

    private static JsonNode app(LocalCluster cluster) {
        try {
            return cluster.get("/v2/apps/kept").body().path("app");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> repairs(LocalCluster cluster) throws Exception {
        URI metrics = cluster.uri("/metrics/prometheus");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(metrics).build(),
                    HttpResponse.BodyHandlers.ofString()).body().lines()
                    .filter(line -> line.startsWith("tide_reconcile_repairs_total{"))
                    .map(line -> line.substring(line.indexOf('{'))).toList();
        }
    }
}
