package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PlanCommandTest {
    private static final String WHOLE = "?embed=placement&embed=rollout";
    private static final String GROUP = "?embed=group.groups&embed=group.apps&embed=group.pods"
            + "&embed=group.apps.counts&embed=group.apps.deployments";

    /** As a master shows it, with every default filled in. */
    private static final String WEB = """
            {"app":{"id":"/shop/web","cmd":"serve","backoffFactor":1.15,"backoffSeconds":1,"cpus":0.5,
              "disk":0,"executor":"","instances":2,"labels":{"team":"shop"},"maxLaunchDelaySeconds":300,
              "mem":64,"gpus":0,"networks":[{"mode":"host"}],"requirePorts":false,
              "portDefinitions":[{"port":10003,"name":"default","protocol":"tcp","labels":{}}],
              "env":{"A":"1","OLD":"x"},"dependencies":["/shop/db"],
              "upgradeStrategy":{"maximumOverCapacity":1,"minimumHealthCapacity":1},
              "version":"v1","versionInfo":{"lastScalingAt":"v1"},"killSelection":"YOUNGEST_FIRST",
              "unreachableStrategy":{"inactiveAfterSeconds":0,"expungeAfterSeconds":0},"role":"*",
              "healthChecks":[{"protocol":"HTTP","path":"/","portIndex":0,"gracePeriodSeconds":300,
                "intervalSeconds":5,"timeoutSeconds":20,"maxConsecutiveFailures":3,"delaySeconds":15,
                "ignoreHttp1xx":false,"ipProtocol":"IPv4"}],
              "tasksStaged":0,"tasksRunning":2,"deployments":[],"tasks":[]}}""";
    private static final String SAME = """
            {"id":"web","cmd":"serve","cpus":0.50,"instances":2,"mem":64.0,"labels":{"team":"shop"},
             "env":{"A":"1","OLD":"x"},"dependencies":["db"],
             "portDefinitions":[{"port":0,"name":"default"}],"killSelection":"youngest_first",
             "healthChecks":[{"path":"/","intervalSeconds":5,"portIndex":0}]}""";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    private Session plan(String definition, String... options) {
        String[] words = new String[options.length + 2];
        words[0] = "plan";
        words[1] = "-";
        System.arraycopy(options, 0, words, 2, options.length);
        return Session.with(Map.of("TIDE_URL", master.url()), definition, words);
    }

    @Test
    void aGroupIsComparedAppByApp() {
        String changed = SAME.replace("\"instances\":2", "\"instances\":5")
                .replace("\"OLD\":\"x\"", "\"NEW\":\"y\"").replace("\"team\"", "\"tier\"");
        String group = "{\"id\":\"/shop\",\"apps\":[" + changed
                + ",{\"id\":\"fresh\",\"instances\":3,\"container\":{\"docker\":"
                + "{\"image\":\"nginx\"}}}],\"groups\":[{\"id\":\"back\",\"apps\":[]}]}";
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on("GET /v2/groups/shop" + GROUP, 200,
                """
                        {"id":"/shop","apps":[{"id":"/shop/web"},{"id":"/shop/gone"}],"groups":[
                         {"id":"/shop/back","apps":[{"id":"/shop/back/db"}],"groups":[]},
                         {"id":"/shop/old","apps":[{"id":"/shop/old/x"}],"groups":[]}]}""")
                .on("PUT /v2/groups/shop?dryRun=true", 200,
                        "{\"steps\":[{\"actions\":[{\"action\":\"StopApplication\",\"app\":"
                                + "\"/shop/gone\"}]}]}");
        Session session = plan(group);
        assertThat(session.out()).isEqualTo("""
                /shop/web  changed
                  ~ instances    2 -> 5
                  + labels.tier  "shop"
                  - labels.team  "shop"
                  + env.NEW      "y"
                  - env.OLD      "x"
                /shop/fresh  new: 3 instances of nginx
                /shop/gone  removed
                /shop/back/db  removed
                /shop/old/x  removed
                1 new, 1 changed, 3 removed.
                STEP  ACTION  APP
                   1  stop    /shop/gone
                """);
        assertThat(session.code()).isZero();
        assertThat(master.requests()).noneMatch(request -> !request.startsWith("GET")
                && !request.contains("dryRun=true"));
        Json json = JsonText.parse(plan(group, "-o", "json").out());
        assertThat(json.get("apps").items().get(0).get("fields").items().get(0).toString())
                .isEqualTo("{\"path\":\"instances\",\"from\":2,\"to\":5}");
        assertThat(json.get("steps").items()).hasSize(1);
    }

    @Test
    void whatTheServerFillsInIsNoChange() {
        String app = SAME.replace("\"web\"", "\"/shop/web\"");
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on(
                "PUT /v2/apps?partialUpdate=false&dryRun=true", 200,
                "{\"fits\":true,\"apps\":[{\"app\":\"/shop/web\",\"sentence\":\"It fits.\"}]}");
        assertThat(plan(app).out()).isEqualTo("""
                /shop/web  unchanged
                1 unchanged.
                /shop/web: It fits.
                Nothing would be done.
                """);
    }

    @Test
    void whatIsNotNamedGoesBackToItsDefault() {
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on(
                "PUT /v2/apps?partialUpdate=false&dryRun=true", 200,
                "{\"fits\":false,\"apps\":[{\"app\":\"/shop/web\",\"sentence\":\"No room.\"}]}");
        Session session = plan("[{\"id\":\"/shop/web\",\"cmd\":\"serve\",\"cpus\":0.5}]");
        assertThat(session.out()).contains("  - instances     2\n", "  - mem           64\n",
                "  - env           {\"A\":\"1\",\"OLD\":\"x\"}\n", "  - healthChecks  [",
                "restart  /shop/web", "No room.").doesNotContain("upgradeStrategy", "backoff",
                        "portDefinitions", "cpus");
        assertThat(session.code()).isEqualTo(11);
    }

    @Test
    void onlyANumberOfInstancesIsAScale() {
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on(
                "PUT /v2/apps?partialUpdate=false&dryRun=true", 200, "{\"fits\":true,\"apps\":[]}");
        assertThat(plan(SAME.replace("\"web\"", "\"/shop/web\"").replace("\"instances\":2",
                "\"instances\":0")).out()).contains("~ instances  2 -> 0", "scale   /shop/web");
    }

    @Test
    void podsAndComposeFilesTheSame(@TempDir Path folder) throws Exception {
        assertThat(plan("{\"id\":\"/p\",\"containers\":[{\"name\":\"a\"}]}").out())
                .contains("/p  new: 1 instance", "start   /p");
        Path file = Files.createDirectory(folder.resolve("My Shop")).resolve("compose.yml");
        Files.writeString(file, "services: {a: {image: busybox}}");
        master.on("PUT /v2/groups/my-shop?dryRun=true", 200, "{\"steps\":[]}");
        Session session = Session.run(master.url(), "plan", file.toString());
        assertThat(session.out()).startsWith("/my-shop/a  new: 1 instance of busybox\n");
        assertThat(session.err()).startsWith("warning: services.a.deploy.resources: ");
    }

    @Test
    void filesThatAreNothingAreRefused() {
        for (String bad : List.of("", "{}", "[{}]", "{\"cmd\":\"x\"}", "{\"id\":", "id: x",
                "[1]")) {
            assertThat(plan(bad).code()).as(bad).isEqualTo(7);
        }
        assertThat(Session.run(master.url(), "plan", "missing.yml").code()).isEqualTo(3);
    }
}
