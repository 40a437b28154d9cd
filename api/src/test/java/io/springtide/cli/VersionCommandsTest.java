package io.springtide.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class VersionCommandsTest {
    private static final String WHOLE = "?embed=placement&embed=rollout";

    private final FakeMaster master = new FakeMaster()
            .on("GET /v2/apps/a/versions", 200, "{\"versions\":[\"v1\",\"v3\",\"v2\"]}")
            .on("GET /v2/apps/a", 200, "{\"app\":{\"id\":\"/a\",\"version\":\"v3\"}}")
            .on("GET /v2/apps/a/versions/v1" + WHOLE, 200,
                    "{\"id\":\"/a\",\"version\":\"v1\",\"cmd\":\"x\",\"mem\":16.0,"
                            + "\"env\":{\"B\":\"2\",\"A\":\"1\"}}")
            .on("GET /v2/apps/a/versions/v2" + WHOLE, 200,
                    "{\"mem\":16,\"cmd\":\"x\",\"id\":\"/a\",\"version\":\"v2\","
                            + "\"env\":{\"A\":\"1\",\"B\":\"2\"}}")
            .on("GET /v2/apps/a/versions/v3" + WHOLE, 200,
                    "{\"id\":\"/a\",\"version\":\"v3\",\"cmd\":\"y\",\"mem\":16,"
                            + "\"env\":{\"A\":\"1\",\"B\":\"2\"}}");

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void listsThemNewestFirst() {
        assertThat(Session.run(master.url(), "app", "versions", "a", "-q").out())
                .isEqualTo("v3\nv2\nv1\n");
        assertThat(Session.run(master.url(), "app", "versions", "a").out()).contains("current");
    }

    @Test
    void theLastChangeIsShownLineByLine() {
        assertThat(Session.run(master.url(), "app", "versions", "a", "--diff").out())
                .isEqualTo("""
                        --- /a v2
                        +++ /a v3
                        @@ -1,5 +1,5 @@
                         {
                        -  "cmd" : "x",
                        +  "cmd" : "y",
                           "env" : {
                             "A" : "1",
                             "B" : "2"
                        """);
    }

    @Test
    void orderOfFieldsAndWritingOfNumbersAreNoDifference() {
        Session same = Session.run(master.url(), "app", "versions", "a", "--diff", "v1", "v2");
        assertThat(same).isEqualTo(new Session(0, "", "They say the same.\n"));
        assertThat(Session.run(master.url(), "app", "versions", "a", "--diff", "v1").out())
                .startsWith("--- /a v1\n+++ /a v3\n");
        assertThat(Session.run(master.url(), "app", "versions", "a", "v1").code()).isEqualTo(2);
    }

    @Test
    void coloursAreForTerminals() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true,
                StandardCharsets.UTF_8);
        new Tide(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), nowhere,
                new ByteArrayInputStream(new byte[0]), true, true, false,
                Map.of("TIDE_URL", master.url()), "")).run("app", "versions", "a", "--diff");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\u001b[31m-  \"cmd\" : \"x\",\u001b[0m",
                        "\u001b[32m+  \"cmd\" : \"y\",\u001b[0m");
    }

    @Test
    void diffsApplyWherePatchWouldPutThem() {
        List<String> from = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        List<String> to = List.of("a", "B", "c", "d", "e", "f", "g", "h", "i", "j", "l", "m");
        assertThat(LineDiff.unified("x", "y", from, to)).containsExactly("--- x", "+++ y",
                "@@ -1,5 +1,5 @@", " a", "-b", "+B", " c", " d", " e",
                "@@ -8,5 +8,5 @@", " h", " i", " j", "-k", " l", "+m");
        assertThat(LineDiff.unified("x", "y", from, from)).isEmpty();
        assertThat(LineDiff.unified("x", "y", List.of(), List.of("a"))).containsExactly("--- x",
                "+++ y", "@@ -0,0 +1,1 @@", "+a");
    }

    @Test
    void weightsAreShownAndSet() {
        master.on("GET /tide/v1/apps/a/weights", 200, "{\"weights\":[]}").on(
                "PUT /tide/v1/apps/a/weights", 200,
                "{\"weights\":[{\"version\":\"v2\",\"weight\":90},{\"version\":\"v3\",\"weight\":10}]}");
        assertThat(Session.run(master.url(), "app", "weights", "a").err())
                .contains("No weights are set");
        assertThat(Session.run(master.url(), "app", "weights", "a", "previous=90", "v3=10").out())
                .isEqualTo("VERSION  WEIGHT\nv2           90\nv3           10\n");
        assertThat(master.requests()).contains("PUT /tide/v1/apps/a/weights {\"weights\":"
                + "[{\"version\":\"v2\",\"weight\":90},{\"version\":\"v3\",\"weight\":10}]}");
        Session.run(master.url(), "app", "weights", "a", "--clear");
        assertThat(master.requests()).contains("PUT /tide/v1/apps/a/weights {\"weights\":[]}");
        for (String bad : List.of("v1", "v1=x", "=1", "v1=-1")) {
            assertThat(Session.run(master.url(), "app", "weights", "a", bad).code()).isEqualTo(2);
        }
        assertThat(Session.run(master.url(), "app", "weights", "a", "v1=1", "v1=2").code())
                .isEqualTo(2);
    }
}
