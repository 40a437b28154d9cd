package io.springtide.cli;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PodCommandsTest {
    private static final String STATUS = """
            {"id":"/p","status":"DEGRADED","statusSince":"then","message":"one is ill",
             "spec":{"version":"v1","scaling":{"kind":"fixed","instances":2},"containers":[
               {"name":"web","image":{"kind":"DOCKER","id":"nginx"},"resources":{"cpus":0.5,"mem":64},
                "endpoints":[{"name":"http"}]},{"name":"side","resources":{"cpus":0.1,"mem":32}}]},
             "instances":[
               {"id":"p.instance-1","status":"STABLE","agentHostname":"h1","containers":[
                 {"name":"web","status":"TASK_RUNNING","endpoints":[{"name":"http",
                  "allocatedHostPort":31000}]},{"name":"side","status":"TASK_RUNNING"}]},
               {"id":"p.instance-2","status":"STAGING","containers":[]}]}""";
    private static final String POD = "{\"id\":\"p\",\"containers\":[{\"name\":\"web\"}]}";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void listAndShow() {
        master.on("GET /v2/pods::status", 200, "[" + STATUS + "]").on("GET /v2/pods/p::status",
                200, STATUS);
        assertThat(Session.run(master.url(), "pod", "list").out()).isEqualTo("""
                POD  RUNNING  STATUS    CONTAINERS  SINCE
                /p       1/2  degraded  web,side     then
                """);
        assertThat(Session.run(master.url(), "pod", "show", "p").out()).contains(
                "status     degraded: one is ill", "instances  1 running of 2",
                "web        nginx   0.5   64  http", "web=running,side=running", "http=31000");
        assertThat(Session.run(master.url(), "pod", "show", "q").code()).isEqualTo(3);
    }

    @Test
    void runCreatesOrReplaces() {
        Map<String, String> here = Map.of("TIDE_URL", master.url());
        master.on("POST /v2/pods", 201, POD, Map.of("Marathon-Deployment-Id", "d-1"))
                .on("GET /v2/deployments", 200, "[]").on("GET /v2/pods/p::status", 200,
                        STATUS.replace("STAGING", "STABLE"));
        Session session = Session.with(here, POD, "pod", "run", "-");
        assertThat(session.err()).contains("/p runs (2/2 running");
        master.on("GET /v2/pods/p", 200, POD).on("PUT /v2/pods/p?force=true", 200, POD,
                Map.of("Marathon-Deployment-Id", "d-2"));
        assertThat(Session.with(here, POD, "pod", "run", "-", "--replace", "--force", "--detach")
                .out()).isEqualTo("d-2\n");
        assertThat(Session.with(here, "{\"id\":\"p\"}", "pod", "run", "-").code()).isEqualTo(7);
    }

    @Test
    void anExistingPodIsReplacedOnlyWhenAsked() {
        master.on("POST /v2/pods", 409, "{\"message\":\"A pod with id [/p] already exists.\"}");
        Session session = Session.with(Map.of("TIDE_URL", master.url()), POD, "pod", "run", "-");
        assertThat(session.code()).isEqualTo(4);
        assertThat(session.err()).contains("--replace");
    }

    @Test
    void removeFollowsTheDeploymentOfItsHeader() {
        master.on("DELETE /v2/pods/p", 202, "", Map.of("Marathon-Deployment-Id", "d-1"))
                .on("GET /v2/deployments", 200, "[]");
        Session session = Session.run(master.url(), "pod", "remove", "p");
        assertThat(session.err()).contains("/p is removed (");
        assertThat(session.code()).isZero();
    }
}
