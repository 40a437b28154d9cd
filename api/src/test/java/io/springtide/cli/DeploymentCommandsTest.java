package io.springtide.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeploymentCommandsTest {
    private static final String CANARY = """
            {"id":"d-1","version":"2026-01-01T00:00:00.000Z","state":"%s","why":"%s","currentStep":1,
             "totalSteps":1,"deadline":"2026-01-01T00:10:00.000Z","apps":[{"app":"/a",
             "action":"RestartApplication","step":1,"state":"%s","why":"","wanted":4,"new":2,
             "newHealthy":1,"newReady":1,"old":3,"ending":0,"missing":1,"stage":%d,"stages":3,
             "stageInstances":2}]}""";
    private static final String RUNNING = CANARY.formatted("running", "", "running", 1);
    private static final String PAUSED = CANARY.formatted("paused",
            "stage 2 of 3 is reached; it waits for a promote", "paused", 2);
    private static final String OVER = "{\"message\":\"DeploymentPlan d-1 does not exist\"}";
    private static final String LISTED = """
            [{"id":"d-1","version":"","affectedApps":["/a"],"affectedPods":[],"currentStep":1,
              "totalSteps":1,"currentActions":[{"action":"RestartApplication","app":"/a"}],
              "steps":[{"actions":[{"action":"RestartApplication","app":"/a"}]}]}]""";
    private static final String APP = "{\"app\":{\"id\":\"/a\",\"instances\":4,\"tasksRunning\":4}}";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void theListSaysWhyAndStaysMarathonsForPrograms() {
        master.on("GET /v2/deployments", 200, LISTED).on("GET /tide/v1/deployments", 200,
                "{\"deployments\":[" + PAUSED + "]}");
        for (String[] words : new String[][]{{"deployments"}, {"deployments", "list"},
                {"--debug", "deployments"}}) {
            assertThat(Session.run(master.url(), words).out()).contains(
                    "d-1         /a    1/1   RestartApplication  paused", "waits for a promote");
        }
        assertThat(Session.run(master.url(), "deployments", "-o", "json").out())
                .contains("affectedApps").doesNotContain("why");
        assertThat(Session.run(master.url(), "deployments", "-q").out()).isEqualTo("d-1\n");
        assertThat(Session.run(master.url(), "deployments", "wach").code()).isEqualTo(2);
    }

    @Test
    void showCountsOldAndNew() {
        master.on("GET /tide/v1/deployments/d-1", 200, PAUSED);
        String out = Session.run(master.url(), "deployments", "show", "d-1").out();
        assertThat(out).contains("state       paused: stage 2 of 3", "deadline", ", passed",
                "/a   restart     1  paused       4    2        1      1    3       0        1"
                        + "  2/3 (2)");
        assertThat(Session.run(master.url(), "deployments", "show", "d-1", "-o", "json").out())
                .contains("\"stageInstances\" : 2");
        Session unknown = Session.run(master.url(), "deployments", "show", "d-2");
        assertThat(unknown.code()).isEqualTo(3);
    }

    @Test
    void anAppNamesItsDeployment() {
        master.on("GET /tide/v1/deployments", 200, "{\"deployments\":[" + PAUSED + "]}");
        assertThat(Session.run(master.url(), "deployments", "show", "/a", "-q").out())
                .isEqualTo("d-1\n");
        assertThat(Session.run(master.url(), "deployments", "show", "/b").err())
                .contains("No deployment changes /b.");
    }

    @Test
    void watchTellsTheReasonAtOnceAndTheStage() {
        master.on("GET /tide/v1/deployments/d-1", 200, RUNNING)
                .on("GET /tide/v1/deployments/d-1", 200, RUNNING)
                .on("GET /tide/v1/deployments/d-1", 200, PAUSED)
                .on("GET /tide/v1/deployments/d-1", 404, OVER)
                .on("GET /v2/apps/a", 200, APP);
        Session session = Session.run(master.url(), "deployments", "watch", "d-1");
        // Lines that are not urgent come every two seconds only; this one is.
        assertThat(session.err()).contains("/a: 4/4 running, stage 1/3\n",
                "/a: 4/4 running, stage 2/3; paused: stage 2 of 3 is reached; it waits for a promote",
                "Deployment d-1 is over (4/4 running");
        assertThat(session.code()).isZero();
    }

    @Test
    void aTimeoutWhilePausedSaysHowToGoOn() {
        master.on("GET /tide/v1/deployments/d-1", 200, PAUSED).on("GET /v2/apps/a", 200, APP);
        Session session = Session.run(master.url(), "deployments", "watch", "d-1", "--timeout",
                "50ms");
        assertThat(session.code()).isEqualTo(8);
        assertThat(session.err()).contains("It is paused: stage 2 of 3",
                "tide deployments resume d-1");
    }

    @Test
    void aMasterThatIsOnlyAMarathonIsWatchedToo() {
        master.on("GET /v2/deployments", 200, LISTED).on("GET /v2/deployments", 200, LISTED)
                .on("GET /v2/deployments", 200, "[]").on("GET /v2/apps/a", 200, APP);
        assertThat(Session.run(master.url(), "deployments", "watch", "d-1").err())
                .contains("Deployment d-1 is over");
    }

    @Test
    void promoteFollowsUntilTheNextPause() {
        master.on("GET /tide/v1/deployments/d-1", 200, RUNNING)
                .on("GET /tide/v1/deployments/d-1", 200, RUNNING)
                .on("GET /tide/v1/deployments/d-1", 200, PAUSED)
                .on("POST /tide/v1/deployments/d-1/promote", 200, RUNNING)
                .on("GET /v2/apps/a", 200, APP);
        Session session = Session.run(master.url(), "deployments", "promote", "d-1");
        assertThat(session.err()).contains("has come to its next pause",
                "tide deployments promote d-1");
        assertThat(session.code()).isZero();
    }

    @Test
    void pauseAndResumeAndARefusal() {
        master.on("GET /tide/v1/deployments/d-1", 200, RUNNING)
                .on("POST /tide/v1/deployments/d-1/pause", 200, PAUSED)
                .on("POST /tide/v1/deployments/d-1/resume", 409,
                        "{\"message\":\"Deployment d-1 is not paused\"}");
        Session paused = Session.run(master.url(), "deployments", "pause", "d-1");
        assertThat(paused.err()).contains("Deployment d-1 holds. It is paused: stage 2");
        Session resumed = Session.run(master.url(), "deployments", "resume", "d-1");
        assertThat(resumed.code()).isEqualTo(4);
        assertThat(resumed.err()).contains("Deployment d-1 is not paused.");
    }

    @Test
    void abortAndCancelFollowTheWayBack() {
        master.on("GET /tide/v1/deployments/d-1", 200, RUNNING)
                .on("POST /tide/v1/deployments/d-1/abort", 200, "{\"deploymentId\":\"d-2\"}")
                .on("DELETE /v2/deployments/d-1", 200, "{\"deploymentId\":\"d-2\"}")
                .on("DELETE /v2/deployments/d-1?force=true", 202, "")
                .on("GET /tide/v1/deployments/d-2", 404,
                        "{\"message\":\"DeploymentPlan d-2 does not exist\"}")
                .on("GET /v2/apps/a", 200, APP);
        assertThat(Session.run(master.url(), "deployments", "abort", "d-1").err())
                .contains("Deployment d-1 is undone (4/4 running");
        assertThat(Session.run(master.url(), "deployments", "cancel", "d-1", "--detach").out())
                .isEqualTo("d-2\n");
        Session stopped = Session.run(master.url(), "deployments", "cancel", "d-1",
                "--no-rollback");
        assertThat(stopped.err()).contains("is stopped");
        assertThat(master.requests()).contains("DELETE /v2/deployments/d-1?force=true");
        assertThat(Session.run(master.url(), "deployments", "cancel", "d-1", "--no-rollback",
                "--rollback").code()).isEqualTo(2);
    }
}
