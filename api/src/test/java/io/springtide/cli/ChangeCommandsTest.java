package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ChangeCommandsTest {
    private static final String STARTED = "{\"version\":\"v2\",\"deploymentId\":\"d-1\"}";
    private static final String RUNNING = "[{\"id\":\"d-1\"}]";
    private static final String THREE_OF_THREE = "{\"app\":{\"id\":\"/a\",\"instances\":3,"
            + "\"tasksRunning\":3,\"version\":\"v2\"}}";
    private static final String ONE_OF_THREE = "{\"app\":{\"id\":\"/a\",\"instances\":3,"
            + "\"tasksRunning\":1,\"version\":\"v2\"}}";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void scaleWaitsUntilTheDeploymentIsOver() {
        master.on("GET /v2/apps/a", 200, ONE_OF_THREE).on("GET /v2/apps/a", 200, ONE_OF_THREE)
                .on("GET /v2/apps/a", 200, THREE_OF_THREE).on("PUT /v2/apps/a", 200, STARTED)
                .on("GET /v2/deployments", 200, RUNNING).on("GET /v2/deployments", 200, "[]");
        Session session = Session.run(master.url(), "app", "scale", "a", "3");
        assertThat(session.err()).contains("/a: 1/3 running")
                .contains("/a is scaled to 3 (3/3 running");
        assertThat(session.code()).isZero();
        assertThat(session.out()).isEmpty();
        assertThat(master.requests()).contains("PUT /v2/apps/a {\"instances\":3}");
    }

    @Test
    void detachPrintsTheDeploymentAndDoesNotWait() {
        master.on("POST /v2/apps/a/restart", 200, STARTED);
        Session session = Session.run(master.url(), "app", "restart", "/a", "--detach");
        assertThat(session).isEqualTo(new Session(0, "d-1\n", ""));
        assertThat(master.requests()).containsExactly("POST /v2/apps/a/restart {}");
    }

    @Test
    void aTimeoutLeavesTheDeploymentAloneAndSaysHowToGoOn() {
        master.on("GET /v2/apps/a", 200, ONE_OF_THREE).on("PUT /v2/apps/a", 200, STARTED).on(
                "GET /v2/deployments", 200,
                RUNNING);
        Session session = Session.run(master.url(), "app", "scale", "a", "3", "--timeout", "50ms");
        assertThat(session.code()).isEqualTo(8);
        assertThat(session.err()).contains("Not finished after 50ms", "d-1", "tide why /a");
        assertThat(master.requests()).noneMatch(request -> request.startsWith("DELETE"));
    }

    @Test
    void aTimeoutForWantOfRoomHasItsOwnCode() {
        master.on("GET /v2/apps/a", 200, ONE_OF_THREE).on("PUT /v2/apps/a", 200, STARTED)
                .on("GET /v2/deployments", 200, RUNNING)
                .on("GET /tide/v1/apps/a/why", 200,
                        "{\"blocked\":true,\"sentence\":\"No agent has 64 cpus.\"}");
        Session session = Session.run(master.url(), "app", "scale", "a", "3", "--timeout", "50ms");
        assertThat(session.code()).isEqualTo(11);
        assertThat(session.err()).contains("No agent has 64 cpus.");
    }

    @Test
    void aDeploymentThatEndsShortOfItsGoalIsAFailure() {
        master.on("GET /v2/apps/a", 200, ONE_OF_THREE).on("PUT /v2/apps/a", 200, STARTED).on(
                "GET /v2/deployments", 200,
                "[]");
        Session session = Session.run(master.url(), "app", "scale", "a", "3");
        assertThat(session.code()).isEqualTo(9);
        assertThat(session.err()).contains("1/3 running");
    }

    @Test
    void runFromOptionsSendsTheDefinition() {
        master.on("POST /v2/apps", 201, "{\"id\":\"/web\",\"deployments\":[{\"id\":\"d-1\"}]}");
        Session session = Session.run(master.url(), "app", "run", "web", "--cmd", "exec x", "-n",
                "2", "--cpus", "0.5",
                "--mem", "64", "--port", "0", "-e", "A=1=2", "-l", "team=shop", "--health-http",
                "/ok", "--constraint",
                "hostname:UNIQUE", "--detach");
        assertThat(session).isEqualTo(new Session(0, "d-1\n", ""));
        assertThat(master.requests())
                .containsExactly("POST /v2/apps {\"id\":\"/web\",\"cmd\":\"exec x\","
                        + "\"instances\":2,\"cpus\":0.5,\"mem\":64,\"env\":{\"A\":\"1=2\"},"
                        + "\"labels\":{\"team\":\"shop\"},"
                        + "\"constraints\":[[\"hostname\",\"UNIQUE\"]],"
                        + "\"portDefinitions\":[{\"port\":0,\"protocol\":\"tcp\"}],"
                        + "\"healthChecks\":[{\"protocol\":\"HTTP\",\"path\":\"/ok\","
                        + "\"portIndex\":0,\"delaySeconds\":0,\"gracePeriodSeconds\":30,"
                        + "\"intervalSeconds\":5,\"timeoutSeconds\":5,\"maxConsecutiveFailures\":3}]}");
    }

    @Test
    void runFromAFileAndFromStandardInput(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("app.json");
        Files.writeString(file, "{\"id\":\"/a\",\"cmd\":\"x\",\"env\":{\"A\":\"1\"}}");
        Session session = Session.run(master.url(), "app", "run", file.toString(), "-e", "B=2",
                "--print");
        Json printed = JsonText.parse(session.out());
        assertThat(printed.toString())
                .isEqualTo("{\"id\":\"/a\",\"cmd\":\"x\",\"env\":{\"A\":\"1\",\"B\":\"2\"}}");
        Session piped = Session.with(Map.of(), "{\"id\":\"/b\",\"cmd\":\"y\"}", "app", "run", "-",
                "--print");
        assertThat(JsonText.parse(piped.out()).get("id").text()).isEqualTo("/b");
    }

    @Test
    void anImageBecomesAContainerWithPortMappings() {
        Session session = Session.run(master.url(), "app", "run", "web", "--image", "nginx",
                "--port", "80", "--print");
        assertThat(JsonText.parse(session.out()).get("container").toString()).isEqualTo(
                "{\"type\":\"DOCKER\",\"docker\":{\"image\":\"nginx\"},"
                        + "\"portMappings\":[{\"containerPort\":80,\"hostPort\":0}]}");
    }

    @Test
    void anExistingAppIsReplacedOnlyWhenAsked() {
        master.on("POST /v2/apps", 409, "{\"message\":\"An app with id [/a] already exists.\"}").on(
                "PUT /v2/apps/a?partialUpdate=false", 200, STARTED);
        Session refused = Session.run(master.url(), "app", "run", "a", "--cmd", "x");
        assertThat(refused.code()).isEqualTo(4);
        assertThat(refused.err()).contains("already exists", "--replace");
        assertThat(Session
                .run(master.url(), "app", "run", "a", "--cmd", "x", "--replace", "--detach").out())
                .isEqualTo("d-1\n");
    }

    @Test
    void rollbackTakesTheVersionBeforeTheCurrentOne() {
        master.on("GET /v2/apps/a", 200, THREE_OF_THREE)
                .on("GET /v2/apps/a/versions", 200, "{\"versions\":[\"v1\",\"v3\",\"v0\",\"v2\"]}")
                .on("PUT /v2/apps/a", 200, STARTED);
        assertThat(Session.run(master.url(), "app", "rollback", "a", "--detach").code()).isZero();
        assertThat(master.requests()).contains("PUT /v2/apps/a {\"version\":\"v1\"}");
        assertThat(
                Session.run(master.url(), "app", "rollback", "a", "--to", "v0", "--detach").code())
                .isZero();
        assertThat(master.requests()).contains("PUT /v2/apps/a {\"version\":\"v0\"}");
    }

    @Test
    void rollbackOfAnAppWithOneVersionSaysSo() {
        master.on("GET /v2/apps/a", 200, THREE_OF_THREE).on("GET /v2/apps/a/versions", 200,
                "{\"versions\":[\"v2\"]}");
        Session session = Session.run(master.url(), "app", "rollback", "a");
        assertThat(session.code()).isEqualTo(3);
        assertThat(session.err()).contains("no version older");
    }

    @Test
    void killAndRemove() {
        master.on("DELETE /v2/apps/a/tasks/t%201?scale=false&force=false", 200,
                "{\"task\":{\"id\":\"t 1\"}}")
                .on("DELETE /v2/apps/a/tasks?scale=true&force=false", 200, STARTED)
                .on("DELETE /v2/apps/a", 200, STARTED).on("GET /v2/deployments", 200, "[]");
        assertThat(Session.run(master.url(), "app", "kill", "a", "--task", "t 1").out())
                .isEqualTo("t 1\n");
        assertThat(Session.run(master.url(), "app", "kill", "a", "--scale", "--detach").out())
                .isEqualTo("d-1\n");
        Session removed = Session.run(master.url(), "app", "rm", "a");
        assertThat(removed.code()).isZero();
        assertThat(removed.err()).contains("/a is removed");
    }

    @Test
    void idsAreEncodedSegmentBySegment() {
        master.on("GET /v2/apps/shop/a%20b", 200, THREE_OF_THREE).on("PUT /v2/apps/shop/a%20b", 200,
                STARTED);
        assertThat(Session.run(master.url(), "app", "scale", "shop/a b/", "1", "--detach").code())
                .isZero();
    }
}
