package io.springtide.master.http;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.CheckResult.Kind;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a check is answered is shown with the task, in Marathon's form, and nothing else comes of it. */
final class CheckResultTest {

    private TestCluster cluster;
    private TestClient client;
    private long seq = 100;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster();
        cluster.agent("a1", 400);
        client = new TestClient(cluster.server.port());
        client.post("/v2/apps", """
                {"id":"/web","cmd":"one","check":{"http":{"portIndex":0,"path":"/up"}}}""");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private void answer(Kind kind, int value) {
        long instance = cluster.read(state -> state.instanceNext() - 1);
        cluster.command(new Command.ReportStatuses(new AgentId("a1"), 1, ++seq,
                List.of(new InstanceStatus(instance, Condition.RUNNING, -1, "", "",
                        Health.UNKNOWN, 0, false)
                        .with(Optional.of(new CheckResult(kind, value))))));
    }

    private String shown() throws Exception {
        String all = client.get("/v2/tasks").json().at("/tasks/0/checkResult").toString();
        assertThat(client.get("/v2/apps/web").json().at("/app/tasks/0/checkResult").toString())
                .isEqualTo(all);
        return all;
    }

    @Test
    void eachKindOfAnswerIsShownInItsForm() throws Exception {
        assertThat(client.get("/v2/tasks").json().at("/tasks/0").has("checkResult")).isFalse();
        answer(Kind.HTTP, 503);
        assertThat(shown()).isEqualTo("{\"http\":{\"statusCode\":503}}");
        answer(Kind.UNANSWERED, 0);
        assertThat(shown()).isEqualTo("{}");
        answer(Kind.TCP, 0);
        assertThat(shown()).isEqualTo("{\"tcp\":{\"succeeded\":false}}");
        answer(Kind.TCP, 1);
        assertThat(shown()).isEqualTo("{\"tcp\":{\"succeeded\":true}}");
        answer(Kind.COMMAND, 3);
        assertThat(shown()).isEqualTo("{\"exec\":{\"exitCode\":3}}");
        assertThat(client.get("/v2/tasks").json().at("/tasks/0/state").asText())
                .isEqualTo("TASK_RUNNING");
        assertThat(client.get("/v2/apps/web").json().at("/app/tasksUnhealthy").asInt()).isZero();
        assertThat(client.get("/v2/deployments").json()).isEmpty();
    }
}
