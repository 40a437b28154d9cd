package io.springtide.cli;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GroupCommandsTest {
    private static final String WHOLE = "?embed=group.groups&embed=group.apps&embed=group.pods"
            + "&embed=group.apps.counts&embed=group.apps.deployments";
    private static final String SHOP = """
            {"id":"/shop","version":"v2","dependencies":[],"pods":[],
             "apps":[{"id":"/shop/web","instances":4,"tasksRunning":3,"dependencies":["/shop/back"]}],
             "groups":[{"id":"/shop/back","apps":[{"id":"/shop/back/db","instances":2,"tasksRunning":2,
               "tasksUnhealthy":1}],"groups":[],"pods":[{"id":"/shop/back/p","containers":[{},{}]}]}]}""";
    private static final String STEPS = """
            {"steps":[{"actions":[{"action":"StopApplication","app":"/shop/old"}]},
              {"actions":[{"action":"ScaleApplication","app":"/shop/web"},
                {"action":"RestartPod","pod":"/shop/back/p"}]}]}""";
    private static final String STARTED = "{\"version\":\"v3\",\"deploymentId\":\"d-1\"}";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void listSumsUpWhatIsBelow() {
        master.on("GET /v2/groups/shop" + WHOLE, 200, SHOP);
        Session session = Session.run(master.url(), "group", "list", "shop");
        assertThat(session.out()).isEqualTo("""
                GROUP       GROUPS  APPS  PODS  RUNNING  STATUS
                /shop            1     2     1      5/6  unhealthy
                /shop/back       0     1     1      2/2  unhealthy
                """);
        assertThat(Session.run(master.url(), "group", "list", "/shop/", "-q").out())
                .isEqualTo("/shop\n/shop/back\n");
        assertThat(Session.run(master.url(), "group", "list", "shop", "-o", "json").out())
                .contains("\"tasksUnhealthy\" : 1");
    }

    @Test
    void showDrawsTheTree() {
        master.on("GET /v2/groups/shop" + WHOLE, 200, SHOP);
        assertThat(Session.run(master.url(), "group", "show", "shop").out()).isEqualTo("""
                /shop  version v2
                  /shop/web  waiting 3/4  after /shop/back
                  /shop/back
                    /shop/back/db  unhealthy 2/2
                    /shop/back/p  pod of 2 containers
                """);
        assertThat(Session.run(master.url(), "group", "show", "none").code()).isEqualTo(3);
    }

    @Test
    void aDryRunShowsTheStepsAndChangesNothing() {
        master.on("PUT /v2/groups/shop?dryRun=true", 200, STEPS);
        Session session = Session.with(Map.of("TIDE_URL", master.url()),
                "{\"id\":\"shop\",\"apps\":[]}", "group", "apply", "-", "--dry-run");
        assertThat(session.out()).isEqualTo("""
                STEP  ACTION   APP
                   1  stop     /shop/old
                   2  scale    /shop/web
                   2  restart  /shop/back/p
                """);
        assertThat(master.requests())
                .containsExactly("PUT /v2/groups/shop?dryRun=true {\"id\":\"shop\",\"apps\":[]}");
    }

    @Test
    void applyWaitsForAllAppsOfTheGroup() {
        master.on("PUT /v2/groups/shop?force=true", 200, STARTED)
                .on("GET /v2/groups/shop" + WHOLE, 200, SHOP)
                .on("GET /v2/groups/shop" + WHOLE, 200,
                        SHOP.replace("\"tasksRunning\":3", "\"tasksRunning\":4"))
                .on("GET /tide/v1/deployments/d-1", 200,
                        "{\"id\":\"d-1\",\"state\":\"waiting\",\"why\":\"no agent has 2 cpus\","
                                + "\"currentStep\":2,\"totalSteps\":3}")
                .on("GET /tide/v1/deployments/d-1", 404,
                        "{\"message\":\"DeploymentPlan d-1 does not exist\",\"details\":[]}");
        Session session = Session.with(Map.of("TIDE_URL", master.url()), "{\"id\":\"/shop\"}",
                "group", "apply", "-", "--force");
        assertThat(session.err()).contains(
                "/shop: 5/6 running, 1 unhealthy, step 2/3; waiting: no agent has 2 cpus",
                "/shop is applied (6/6 running");
        assertThat(session.code()).isZero();
    }

    @Test
    void scaleRefusesNonsenseAndTypos() {
        master.on("GET /v2/groups/shop" + WHOLE, 200, SHOP)
                .on("PUT /v2/groups/shop", 200, STARTED)
                .on("PUT /v2/groups/shop?dryRun=true", 200, STEPS);
        assertThat(Session.run(master.url(), "group", "scale", "shop", "1.5", "--detach").out())
                .isEqualTo("d-1\n");
        assertThat(master.requests()).contains("PUT /v2/groups/shop {\"scaleBy\":1.5}");
        assertThat(Session.run(master.url(), "group", "scale", "shop", "2", "--dry-run").out())
                .contains("scale");
        assertThat(master.requests()).contains("PUT /v2/groups/shop?dryRun=true {\"scaleBy\":2}");
        assertThat(Session.run(master.url(), "group", "scale", "shop", "lots").code())
                .isEqualTo(2);
        assertThat(Session.run(master.url(), "group", "scale", "shop", "NaN").code())
                .isEqualTo(2);
        assertThat(Session.run(master.url(), "group", "scale", "shup", "2").code()).isEqualTo(3);
        assertThat(master.requests())
                .noneMatch(request -> request.startsWith("PUT /v2/groups/shup"));
    }

    @Test
    void removeNeverTakesEverythingByAccident() {
        master.on("DELETE /v2/groups/shop", 200, STARTED).on("DELETE /v2/groups", 200, STARTED)
                .on("GET /v2/deployments", 200, "[]");
        assertThat(Session.run(master.url(), "group", "remove", "/").code()).isEqualTo(2);
        assertThat(master.requests()).isEmpty();
        Session gone = Session.run(master.url(), "group", "remove", "shop");
        assertThat(gone.err()).contains("/shop is removed (");
        assertThat(gone.code()).isZero();
        assertThat(Session.run(master.url(), "group", "remove", "/", "-y", "--detach").out())
                .isEqualTo("d-1\n");
    }

    @Test
    void versionsAndRollback() {
        master.on("GET /v2/groups/shop" + WHOLE, 200, SHOP)
                .on("GET /v2/groups/shop/versions", 200, "[\"v1\",\"v2\",\"v0\"]")
                .on("PUT /v2/groups/shop", 200, STARTED)
                .on("PUT /v2/groups/shop?dryRun=true", 200, "{\"steps\":[]}");
        assertThat(Session.run(master.url(), "group", "versions", "shop").out()).isEqualTo("""
                VERSION  AGE
                v2        v2  current
                v1        v1
                v0        v0
                """);
        assertThat(Session.run(master.url(), "group", "rollback", "shop", "--detach").code())
                .isZero();
        assertThat(master.requests()).contains("PUT /v2/groups/shop {\"version\":\"v1\"}");
        assertThat(Session.run(master.url(), "group", "rollback", "shop", "--to", "v0",
                "--dry-run").out()).isEqualTo("Nothing would be done.\n");
        assertThat(master.requests())
                .contains("PUT /v2/groups/shop?dryRun=true {\"version\":\"v0\"}");
    }
}
