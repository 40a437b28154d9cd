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
    private static final String DRY = "PUT /v2/apps?partialUpdate=false&dryRun=true";

    /** The same definition as a dry run tells it: ports that the master chooses are 0. */
    private static final String SAME = """
            {"id":"/shop/web","cmd":"serve","backoffFactor":1.15,"backoffSeconds":1,"cpus":0.50,
              "disk":0,"executor":"","instances":2,"labels":{"team":"shop"},"maxLaunchDelaySeconds":300,
              "mem":64.0,"gpus":0,"networks":[{"mode":"host"}],"requirePorts":false,
              "portDefinitions":[{"port":0,"name":"default","protocol":"tcp","labels":{}}],
              "env":{"A":"1","OLD":"x"},"dependencies":["/shop/db"],
              "upgradeStrategy":{"maximumOverCapacity":1,"minimumHealthCapacity":1},
              "killSelection":"YOUNGEST_FIRST",
              "unreachableStrategy":{"inactiveAfterSeconds":0,"expungeAfterSeconds":0},"role":"*",
              "healthChecks":[{"protocol":"HTTP","path":"/","portIndex":0,"gracePeriodSeconds":300,
                "intervalSeconds":5,"timeoutSeconds":20,"maxConsecutiveFailures":3,"delaySeconds":15,
                "ignoreHttp1xx":false,"ipProtocol":"IPv4"}],
              "placement":{},"rollout":{}}""";

    private static String answer(String id, boolean fits, String definition) {
        return "{\"app\":\"" + id + "\",\"fits\":" + fits + ",\"sentence\":\""
                + (fits ? "It fits." : "No room.") + "\",\"definition\":" + definition + "}";
    }

    private static String answers(String... each) {
        return "{\"fits\":true,\"apps\":[" + String.join(",", each) + "]}";
    }

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
        String group = "{\"id\":\"/shop\",\"apps\":[{\"id\":\"web\",\"cmd\":\"serve\"}"
                + ",{\"id\":\"fresh\",\"instances\":3,\"container\":{\"docker\":"
                + "{\"image\":\"nginx\"}}}],\"groups\":[{\"id\":\"back\",\"apps\":[]}]}";
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on("GET /v2/groups/shop" + GROUP, 200,
                """
                        {"id":"/shop","apps":[{"id":"/shop/web"},{"id":"/shop/gone"}],"groups":[
                         {"id":"/shop/back","apps":[{"id":"/shop/back/db"}],"groups":[]},
                         {"id":"/shop/old","apps":[{"id":"/shop/old/x"}],"groups":[]}]}""")
                .on(DRY, 200, answers(answer("/shop/web", true, changed),
                        answer("/shop/fresh", true, "{\"id\":\"/shop/fresh\"}")))
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
                /shop/web: It fits.
                /shop/fresh: It fits.
                STEP  ACTION  APP
                   1  stop    /shop/gone
                """);
        assertThat(session.code()).isZero();
        assertThat(master.requests()).noneMatch(request -> !request.startsWith("GET")
                && !request.contains("dryRun=true"));
        assertThat(master.requests()).contains(
                DRY + " [{\"id\":\"/shop/web\",\"cmd\":\"serve\"},{\"id\":\"/shop/fresh\","
                        + "\"instances\":3,\"container\":{\"docker\":{\"image\":\"nginx\"}}}]");
        Json json = JsonText.parse(plan(group, "-o", "json").out());
        assertThat(json.get("apps").items().get(0).get("fields").items().get(0).toString())
                .isEqualTo("{\"path\":\"instances\",\"from\":2,\"to\":5}");
        assertThat(json.get("steps").items()).hasSize(1);
    }

    @Test
    void whatTheMasterFillsInAndAssignsIsNoChange() {
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on(DRY, 200,
                answers(answer("/shop/web", true, SAME)));
        assertThat(plan("{\"id\":\"/shop/web\"}").out()).isEqualTo("""
                /shop/web  unchanged
                1 unchanged.
                /shop/web: It fits.
                Nothing would be done.
                """);
    }

    /** Neither side is guessed: a value that happens to be some field's default is a change where it is one. */
    @Test
    void whatTheMasterWouldChangeIsShownWhateverTheFileSays() {
        String next = SAME.replace("\"killSelection\":\"YOUNGEST_FIRST\"",
                "\"killSelection\":\"OLDEST_FIRST\"").replace("\"role\":\"*\"",
                        "\"role\":\"shop\"")
                .replace("\"maximumOverCapacity\":1",
                        "\"maximumOverCapacity\":0")
                .replace("\"mem\":64.0",
                        "\"mem\":128")
                .replace(",\"labels\":{\"team\":\"shop\"}",
                        ",\"labels\":{}");
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on(DRY, 200,
                answers(answer("/shop/web", false, next)));
        Session session = plan("[{\"id\":\"/shop/web\",\"cmd\":\"serve\",\"cpus\":0.5}]");
        assertThat(session.out()).isEqualTo("""
                /shop/web  changed
                  - labels                               {"team":"shop"}
                  ~ mem                                  64 -> 128
                  ~ upgradeStrategy.maximumOverCapacity  1 -> 0
                  ~ killSelection                        "YOUNGEST_FIRST" -> "OLDEST_FIRST"
                  ~ role                                 "*" -> "shop"
                1 changed.
                /shop/web: No room.
                STEP  ACTION   APP
                   1  restart  /shop/web
                """);
        assertThat(session.code()).isEqualTo(11);
    }

    @Test
    void onlyANumberOfInstancesIsAScale() {
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on(DRY, 200, answers(answer(
                "/shop/web", true, SAME.replace("\"instances\":2", "\"instances\":0"))));
        assertThat(plan("{\"id\":\"/shop/web\"}").out()).contains("~ instances  2 -> 0",
                "scale   /shop/web");
    }

    @Test
    void podsAndComposeFilesTheSame(@TempDir Path folder) throws Exception {
        String pod = "{\"id\":\"/p\",\"containers\":[{\"name\":\"a\"}]}";
        master.on("PUT /v2/pods/p?dryRun=true", 200, answer("/p", true, pod));
        assertThat(plan(pod).out()).contains("/p  new: 1 instance", "start   /p");
        Path file = Files.createDirectory(folder.resolve("My Shop")).resolve("compose.yml");
        Files.writeString(file, "services: {a: {image: busybox}}");
        master.on("PUT /v2/groups/my-shop?dryRun=true", 200, "{\"steps\":[]}").on(DRY, 200,
                answers(answer("/my-shop/a", true, "{}")));
        Session session = Session.run(master.url(), "plan", file.toString());
        assertThat(session.out()).startsWith("/my-shop/a  new: 1 instance of busybox\n");
        assertThat(session.err()).startsWith("warning: services.a.deploy.resources: ");
    }

    @Test
    void aMasterThatDoesNotSayWhatWouldBecomeIsTooOld() {
        master.on("GET /v2/apps/shop/web" + WHOLE, 200, WEB).on(DRY, 200,
                "{\"fits\":true,\"apps\":[{\"app\":\"/shop/web\",\"fits\":true}]}");
        Session session = plan("{\"id\":\"/shop/web\"}");
        assertThat(session.code()).isEqualTo(1);
        assertThat(session.err())
                .contains("The master does not say what would become of /shop/web");
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
