package io.springtide.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What people say of policies, and what they are told. */
class AutoscaleCommandsTest {

    private static final String SHOWN = """
            {"app":"/web","policy":{"min":2,"max":50,"targets":[{"metric":"requests","value":100},
              {"metric":"promql","value":5,"query":"sum(lag)","perInstance":false}],"dryRun":false},
             "state":{"owns":true,"wanted":10,"ready":8,"launching":2,"standbys":{"wanted":1,"frozen":0},
              "frozen":true,"trouble":"/targets(1): the query gives nothing",
              "metrics":[{"metric":"requests","target":100,"value":912.5,"ageSeconds":0.4,"asks":10,
                "sentence":"requests/s 912.5, of 100 for each"},
               {"metric":"promql","query":"sum(lag)","target":5,"value":null,"asks":null,
                "sentence":"the query gives nothing"}],
              "schedules":[{"name":"open","instances":40,"from":"2026-11-23T01:00:00.000Z",
                "to":"2026-11-23T02:00:00.000Z","asks":0}],"at":"2026-11-22T10:00:00.000Z"},
             "decision":{"at":"2026-11-22T09:59:00.000Z","from":2,"to":10,"sentence":"10 instead of 2"},
             "sentence":"The policy decides on the count of /web."}""";

    private final FakeMaster master = new FakeMaster();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void setsWhatIsNamedAndKeepsTheRest() {
        master.on("GET /v2/apps/web/autoscaling", 200, SHOWN)
                .on("PUT /v2/apps/web/autoscaling", 200, SHOWN)
                .on("PUT /v2/apps/new/autoscaling", 200, "{}");
        Session set = Session.run(master.url(), "autoscale", "set", "web", "--max", "80",
                "--requests", "120", "--cpu", "60", "--standby", "20%", "--trial");
        assertThat(set.code()).as(set.err()).isZero();
        assertThat(set.err()).contains("The policy decides on the count of /web.");
        assertThat(Session.run(master.url(), "autoscale", "set", "/new", "--min", "1", "--max",
                "9", "--latency", "250").code()).isZero();
        assertThat(Session.run(master.url(), "autoscale", "set", "web", "--requests", "0",
                "--no-trial").code()).isZero();
        assertThat(master.requests()).contains(
                "PUT /v2/apps/web/autoscaling {\"min\":2,\"max\":80,\"targets\":[{\"metric\":"
                        + "\"promql\",\"value\":5,\"query\":\"sum(lag)\",\"perInstance\":false},"
                        + "{\"metric\":\"cpu\",\"value\":60},{\"metric\":\"requests\",\"value\":120}],"
                        + "\"dryRun\":true,\"standby\":{\"percent\":20}}",
                "PUT /v2/apps/new/autoscaling {\"min\":1,\"max\":9,\"targets\":[{\"metric\":"
                        + "\"latency\",\"value\":250}]}",
                "PUT /v2/apps/web/autoscaling {\"min\":2,\"max\":50,\"targets\":[{\"metric\":"
                        + "\"promql\",\"value\":5,\"query\":\"sum(lag)\",\"perInstance\":false}],"
                        + "\"dryRun\":false}");
        assertThat(Session.run(master.url(), "autoscale", "set", "new").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "autoscale", "set", "web", "--cpu", "x").code())
                .isEqualTo(2);
        assertThat(Session.run(master.url(), "autoscale").code()).isEqualTo(2);
    }

    @Test
    void setsAWholeFile() throws Exception {
        Path file = folder.resolve("policy.json");
        Files.writeString(file, "{\"min\":1,\"max\":4,\"schedules\":[]}");
        master.on("PUT /v2/apps/web/autoscaling", 422,
                "{\"message\":\"Object is not valid\",\"details\":[{\"path\":\"/min\","
                        + "\"errors\":[\"must not be above max, which is 4\"]}]}");
        Session session = Session.run(master.url(), "autoscale", "set", "web", file.toString(),
                "--min", "9");
        assertThat(session.code()).isEqualTo(Exit.INVALID.code());
        assertThat(session.err()).contains("/min: must not be above max");
        assertThat(master.requests()).containsExactly(
                "PUT /v2/apps/web/autoscaling {\"min\":9,\"max\":4,\"schedules\":[]}");
    }

    @Test
    void showsInWords() {
        master.on("GET /v2/apps/web/autoscaling", 200, SHOWN);
        assertThat(Session.run(master.url(), "autoscale", "show", "web").out()).isEqualTo(
                """
                        The policy decides on the count of /web.
                        Between 2 and 50 instances; wanted 10, ready 8, starting 2, standbys 0 of 1.
                        METRIC           VALUE  TARGET  AGE  ASKS FOR
                        requests         912.5     100   0s        10  requests/s 912.5, of 100 for each
                        promql sum(lag)      -       5    -         -  the query gives nothing
                        Schedule open asks for 40 from 2026-11-23T01:00:00.000Z to 2026-11-23T02:00:00.000Z; now for 0.
                        Last decision, 2026-11-22T09:59:00.000Z: 10 instead of 2
                        """);
        assertThat(Session.run(master.url(), "autoscale", "show", "web", "-o", "jsonl").out())
                .startsWith("{\"app\":\"/web\"");
        assertThat(Session.run(master.url(), "autoscale", "show", "none").code()).isEqualTo(3);
    }

    @Test
    void saysHowFarWhatAScheduleNeedsHasBeenFetched() {
        String fetching = SHOWN.replace("\"wanted\":10,", """
                "prefetch":{"schedule":"open","what":"image r/web:1","agents":12,"done":9,
                  "sentence":"/web's image r/web:1 is on 9 of 12 likely agents."},
                "wanted":10,""");
        master.on("GET /v2/apps/web/autoscaling", 200, fetching)
                .on("GET /v2/apps/web/autoscaling", 200, fetching)
                .on("GET /v2/apps/web/autoscaling", 200, fetching.replace("\"done\":9",
                        "\"done\":12"))
                .on("GET /v2/apps/web/autoscaling", 404, "{\"message\":\"no policy\"}");
        assertThat(Session.run(master.url(), "autoscale", "show", "web", "--watch").out())
                .contains("\n/web's image r/web:1 is on 9 of 12 likely agents.\n")
                .containsOnlyOnce("; image r/web:1 on 12 of 12 agents");
    }

    @Test
    void watchesUntilThePolicyIsGone() {
        master.on("GET /v2/apps/web/autoscaling", 200, SHOWN)
                .on("GET /v2/apps/web/autoscaling", 200, SHOWN)
                .on("GET /v2/apps/web/autoscaling", 200,
                        SHOWN.replace("\"wanted\":10,\"ready\":8", "\"wanted\":12,\"ready\":10"))
                .on("GET /v2/apps/web/autoscaling", 404, "{\"message\":\"no policy\"}");
        Session session = Session.run(master.url(), "autoscale", "show", "web", "--watch");
        assertThat(session.code()).isEqualTo(3);
        assertThat(session.out().lines().toList()).last().isEqualTo("2026-11-22T10:00:00.000Z"
                + "  12 wanted, 10 ready; requests 912.5 of 100; promql ? of 5; frozen: /targets(1):"
                + " the query gives nothing");
    }

    /** A master that is just being replaced: the watch outlives it. */
    @Test
    void watchesThroughAChangeOfLeader() {
        master.on("GET /v2/apps/web/autoscaling", 200, SHOWN)
                .on("GET /v2/apps/web/autoscaling", 503, "{\"message\":\"no master leads\"}")
                .on("GET /v2/apps/web/autoscaling", 502, "{\"message\":\"no master leads\"}")
                .on("GET /v2/apps/web/autoscaling", 200,
                        SHOWN.replace("\"wanted\":10,\"ready\":8", "\"wanted\":12,\"ready\":10"))
                .on("GET /v2/apps/web/autoscaling", 404, "{\"message\":\"no policy\"}");
        Session session = Session.run(master.url(), "autoscale", "show", "web", "--watch");
        assertThat(session.code()).isEqualTo(3);
        assertThat(session.out()).contains("12 wanted, 10 ready");
        assertThat(session.err()).containsOnlyOnce("Still trying");
    }

    @Test
    void explainsDecisionsWithTheirNumbers() {
        master.on("GET /v2/apps/web/autoscaling/history", 200, """
                {"app":"/web","decisions":[{"at":"2026-11-22T09:59:00.000Z","from":2,"to":10,
                  "dryRun":true,"kind":"target","sentence":"10 instead of 2",
                  "numbers":{"/targets(0)":"10: requests/s 912.5"}}]}""")
                .on("GET /v2/apps/quiet/autoscaling/history", 200, "{\"decisions\":[]}");
        assertThat(Session.run(master.url(), "autoscale", "explain", "web").out()).isEqualTo("""
                2026-11-22T09:59:00.000Z  2 -> 10 (on trial)  target: 10 instead of 2
                    /targets(0)  10: requests/s 912.5
                """);
        assertThat(Session.run(master.url(), "autoscale", "explain", "quiet").out())
                .isEqualTo("The policy of /quiet has decided nothing yet.\n");
    }

    @Test
    void simulatesAndDraws() throws Exception {
        String answer = """
                {"decisions":[{"at":60,"from":2,"to":40,"kind":"target","sentence":"a flood"}],
                 "points":[{"at":0,"wanted":2,"ready":2,"load":100,"capacity":200},
                  {"at":60,"wanted":40,"ready":2,"load":4000,"capacity":200},
                  {"at":65,"wanted":40,"ready":40,"load":4000,"capacity":4000}],
                 "most":40,"overloadSeconds":5}""";
        master.on("POST /v2/apps/web/autoscaling/simulate", 200, answer)
                .on("POST /tide/v1/autoscaling/simulate", 200, answer);
        Path series = folder.resolve("load.csv");
        Path svg = folder.resolve("load.svg");
        Files.writeString(series, "at,requests,waiting\n0,100,\n60,4e3,7\n");
        Session session = Session.run(master.url(), "autoscale", "simulate", "web", "--series",
                series.toString(), "--svg", svg.toString(), "--start", "5");
        assertThat(session.code()).as(session.err()).isZero();
        assertThat(session.out()).isEqualTo("""
                   AT  FROM  TO  KIND    WHY
                1m00s     2  40  target  a flood
                1 changes, 40 instances at most, more load than capacity for 5s.
                """);
        assertThat(Files.readString(svg)).startsWith("<svg ").contains("M70.0 ", "capacity")
                .endsWith("</svg>\n");
        assertThat(javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(svg.toFile()).getDocumentElement().getTagName()).isEqualTo("svg");

        assertThat(Session.run(master.url(), "autoscale", "simulate", "web", "--series",
                series.toString(), "--svg", folder.resolve("no/where.svg").toString(), "--start",
                "5").err()).contains("there is no such folder");

        Path policy = folder.resolve("policy.json");
        Files.writeString(policy, "{\"min\":1,\"max\":4}");
        Files.writeString(series,
                "at,cpu\n2026-11-22T10:00:00Z,50\n2026-11-22T10:00:01.5Z,60\n");
        assertThat(Session.run(master.url(), "autoscale", "simulate", policy.toString(),
                "--series", series.toString(), "--instances", "3").code()).isZero();
        assertThat(master.requests()).hasSize(3).endsWith(
                "POST /tide/v1/autoscaling/simulate {\"policy\":{\"min\":1,\"max\":4},\"series\":"
                        + "[{\"at\":0,\"cpu\":50},{\"at\":1.5,\"cpu\":60}],"
                        + "\"from\":\"2026-11-22T10:00:00Z\",\"instances\":3}")
                .startsWith(
                        "POST /v2/apps/web/autoscaling/simulate {\"series\":[{\"at\":0,\"requests\":100},"
                                + "{\"at\":60,\"requests\":4000,\"waiting\":7}],\"startSeconds\":5}");
    }

    @Test
    void saysWhichLineOfASeriesIsWrong() throws Exception {
        Path series = folder.resolve("load.csv");
        for (String wrong : new String[]{"", "time,cpu\n1,2\n", "at,cpu\n", "at,cpu\n1\n",
                "at,cpu\n1,x\n", "at,rps\n1,2\n", "at,cpu,cpu\n1,2,3\n", "at,cpu\n,5\n",
                "at,cpu\n2026-11-22T10:00:00Z,1\n5,1\n"}) {
            Files.writeString(series, wrong);
            Session session = Session.run(master.url(), "autoscale", "simulate", "web",
                    "--series", series.toString());
            assertThat(session.code()).as(wrong).isEqualTo(Exit.INVALID.code());
            assertThat(session.err()).contains("Line ");
        }
        Files.writeString(series, "\nat,cpu\n\n1,2\n\n2,x\n");
        assertThat(Session.run(master.url(), "autoscale", "simulate", "web", "--series",
                series.toString()).err()).as("as an editor counts").contains("Line 6 ");
        assertThat(Session.run(master.url(), "autoscale", "simulate", "web").code()).isEqualTo(2);
    }

    /** Each with one sentence, and nothing is sent. */
    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        Path file = folder.resolve("policy.json");
        Path series = folder.resolve("load.csv");
        Files.writeString(series, "at,cpu\n1,2\n");
        for (String none : new String[]{"", "[]", "{}", "{\"min\":", "7",
                "{\"min\":1,\"max\":2,\"targets\":\"cpu\"}"}) {
            Files.writeString(file, none);
            Session session = Session.run(master.url(), "autoscale", "set", "web",
                    file.toString(), "--cpu", "60");
            assertThat(session.code()).as(none).isEqualTo(Exit.INVALID.code());
            assertThat(session.err()).startsWith("tide: ").contains("policy")
                    .doesNotContain("bug in tide");
        }
        String missing = folder.resolve("none.json").toString();
        for (Session session : new Session[]{
                Session.run(master.url(), "autoscale", "set", "web", missing),
                Session.run(master.url(), "autoscale", "simulate", missing, "--series",
                        series.toString()),
                Session.run(master.url(), "autoscale", "simulate", "web", "--series", missing)}) {
            assertThat(session.code()).isEqualTo(Exit.NOT_FOUND.code());
            assertThat(session.err()).contains("There is no file " + missing);
        }
        assertThat(Session.run(master.url(), "autoscale", "simulate", "-", "--series", "-").code())
                .isEqualTo(Exit.USAGE.code());
        assertThat(master.requests()).isEmpty();
    }

    /** What a file says of targets is for the master to judge. */
    @Test
    void keepsTargetsAsTheyAre() throws Exception {
        Path file = folder.resolve("policy.json");
        Files.writeString(file, "{\"min\":1,\"max\":4,\"targets\":\"cpu\"}");
        master.on("PUT /v2/apps/web/autoscaling", 422, "{\"message\":\"Object is not valid\"}");
        assertThat(Session.run(master.url(), "autoscale", "set", "web", file.toString()).code())
                .isEqualTo(Exit.INVALID.code());
        assertThat(master.requests()).containsExactly("PUT /v2/apps/web/autoscaling"
                + " {\"min\":1,\"max\":4,\"targets\":\"cpu\"}");
    }

    @Test
    void anAppThatIsNotThereIsSaid() {
        for (String[] one : new String[][]{{"set", "none", "--min", "1", "--max", "2"},
                {"show", "none"}, {"show", "none", "--watch"}, {"explain", "none"},
                {"remove", "none"}}) {
            String[] args = java.util.stream.Stream.concat(java.util.stream.Stream.of("autoscale"),
                    java.util.Arrays.stream(one)).toArray(String[]::new);
            assertThat(Session.run(master.url(), args).code()).isEqualTo(Exit.NOT_FOUND.code());
        }
    }

    @Test
    void removesAPolicy() {
        master.on("DELETE /v2/apps/web/autoscaling", 204, "");
        assertThat(Session.run(master.url(), "autoscale", "remove", "web").err())
                .contains("its count stays");
        assertThat(Session.run(master.url(), "autoscale", "remove", "x").code()).isEqualTo(3);
    }

    @Test
    void helpAndCompletionKnowIt() {
        String script = Session.run(master.url(), "completion", "bash").out();
        assertThat(script).contains("autoscale", "simulate", "--series");
        for (String one : new String[]{"set", "show", "explain", "simulate", "remove"}) {
            Session help = Session.run(master.url(), "autoscale", one, "--help");
            assertThat(help.out()).startsWith("Usage: tide autoscale " + one);
            assertThat(help.out().lines()).allMatch(line -> line.length() <= 100);
        }
    }
}
