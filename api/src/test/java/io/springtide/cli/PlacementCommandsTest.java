package io.springtide.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Roles, dry runs, what-if, and what agents and apps are told about placement. */
class PlacementCommandsTest {

    private static final String AGENTS = """
            {"agents":[{"id":"agent-1","site":"site-a","rack":"a1"},
                       {"id":"agent-2","site":"site-b","rack":"b1"},
                       {"id":"b1","site":"site-b","rack":"b2"}]}""";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void listsRolesWithQuotaAndShare() {
        master.on("GET /tide/v1/roles", 200,
                """
                        {"roles":[{"name":"*","configured":false,"weight":1,
                          "guarantee":{"cpus":0.0,"mem":0,"disk":0,"gpus":0},
                          "used":{"cpus":0.0,"mem":0,"disk":0,"gpus":0.0},"instances":0,"dominantShare":0.0},
                         {"name":"shop","configured":true,"weight":3,
                          "guarantee":{"cpus":1.5,"mem":100,"disk":0,"gpus":0},"limit":{"cpus":2.0},
                          "used":{"cpus":2.0,"mem":20,"disk":0,"gpus":0.0},"instances":2,
                          "dominantShare":0.25,"dominantResource":"cpus"}]}""");
        assertThat(Session.run(master.url(), "role", "list").out()).isEqualTo("""
                ROLE  WEIGHT  INSTANCES     SHARE  USED           GUARANTEE         LIMIT
                *          1          0        0%  none           none              -
                shop       3          2  25% cpus  cpus=2,mem=20  cpus=1.5,mem=100  cpus=2
                """);
        assertThat(Session.run(master.url(), "role", "list", "-q").out()).isEqualTo("*\nshop\n");
    }

    @Test
    void setsWhatIsNamedAndKeepsTheRest() {
        master.on("GET /tide/v1/roles/shop", 200,
                "{\"name\":\"shop\",\"weight\":3,\"guarantee\":{\"cpus\":1},\"limit\":{\"cpus\":2},"
                        + "\"used\":{\"cpus\":1},\"instances\":1}")
                .on("PUT /tide/v1/roles/shop", 200, "{}").on("PUT /tide/v1/roles/new", 200, "{}");
        assertThat(Session.run(master.url(), "role", "set", "shop", "--limit", "none",
                "--guarantee", "cpus=2.5,gpus=1").code()).isZero();
        assertThat(Session.run(master.url(), "role", "set", "new", "--weight", "2", "--scorer",
                "binpack").code()).isZero();
        assertThat(master.requests()).contains(
                "PUT /tide/v1/roles/shop {\"weight\":3,\"guarantee\":{\"cpus\":2.5,\"gpus\":1},"
                        + "\"limit\":{}}",
                "PUT /tide/v1/roles/new {\"weight\":2,\"scorer\":\"binpack\"}");
        for (String wrong : new String[]{"cpus", "ports=1", "cpus=x", "cpus=1,cpus=2", ""}) {
            Session session = Session.run(master.url(), "role", "set", "new", "--limit=" + wrong);
            assertThat(session.code()).as(wrong).isEqualTo(wrong.isEmpty() ? 0 : 2);
        }
        assertThat(Session.run(master.url(), "role").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "role", "lst").err()).contains("list");
    }

    @Test
    void removesARole() {
        master.on("DELETE /tide/v1/roles/a%2Fb", 204, "");
        assertThat(Session.run(master.url(), "role", "remove", "a/b").code()).isZero();
        assertThat(Session.run(master.url(), "role", "remove", "x").code()).isEqualTo(3);
    }

    @Test
    void aDryRunTellsWhere() {
        master.on("POST /v2/apps?dryRun=true", 200, """
                {"app":"/a","fits":true,"instances":3,"placeable":3,
                 "agents":[{"agent":"agent-1","host":"h","instances":2},
                           {"agent":"agent-2","host":"h","instances":1}],
                 "rejections":[],"sentence":"all 3 instances would fit, on 2 agents."}""");
        Session fits = Session.run(master.url(), "app", "run", "a", "--cmd", "x", "-n", "3",
                "--dry-run");
        assertThat(fits.code()).isZero();
        assertThat(fits.out()).isEqualTo("""
                all 3 instances would fit, on 2 agents.
                AGENT    HOST  INSTANCES
                agent-1  h             2
                agent-2  h             1
                """);
        master.on("PUT /v2/apps/a?partialUpdate=false&dryRun=true", 200,
                "{\"fits\":false,\"agents\":[],\"sentence\":\"0 of 1 instance would fit\"}");
        Session no = Session.run(master.url(), "app", "run", "a", "--cmd", "x", "--replace",
                "--dry-run");
        assertThat(no.code()).isEqualTo(11);
        assertThat(no.out()).isEqualTo("0 of 1 instance would fit\n");
    }

    @Test
    void optionsSayPriorityAndClass() {
        Session session = Session.run(master.url(), "app", "run", "a", "--cmd", "x", "--priority",
                "high", "--class", "best-effort", "--print");
        assertThat(session.out().replaceAll("\\s", "")).contains(
                "\"placement\":{\"priority\":\"high\",\"class\":\"best-effort\"}");
        Session file = Session.with(java.util.Map.of(),
                "{\"id\":\"/b\",\"placement\":{\"scorer\":\"binpack\",\"priority\":1}}", "app",
                "run",
                "-", "--priority", "-5", "--print");
        assertThat(file.out().replaceAll("\\s", ""))
                .contains("\"placement\":{\"scorer\":\"binpack\",\"priority\":-5}");
    }

    @Test
    void whatIfFindsOutWhatIsMeant() {
        master.on("GET /tide/v1/agents", 200, AGENTS).on("POST /tide/v1/what-if", 200, """
                {"agents":1,"displaced":3,"placed":1,"missing":2,
                 "unfit":[{"app":"/web","missing":2,"sentence":"1 agent, 1 without cpu, 0 left."}],
                 "sentence":"Without 1 agent, 3 instances would have to move."}""");
        Session session = Session.run(master.url(), "what-if", "--without", "site-a", "--without",
                "a1", "--without", "agent:b1");
        assertThat(session.code()).isEqualTo(11);
        assertThat(session.out()).isEqualTo("""
                Without 1 agent, 3 instances would have to move.
                APP   MISSING  WHY
                /web        2  1 agent, 1 without cpu, 0 left.
                """);
        assertThat(master.requests()).last().isEqualTo("POST /tide/v1/what-if {\"without\":"
                + "{\"sites\":[\"site-a\"],\"racks\":[\"a1\"],\"agents\":[\"b1\"]}}");
        assertThat(Session.run(master.url(), "what-if", "--without", "x").code()).isEqualTo(3);
        Session unclear = Session.run(master.url(), "what-if", "--without", "b1");
        assertThat(unclear.code()).isEqualTo(2);
        assertThat(unclear.err()).contains("rack:b1 or agent:b1");
        assertThat(Session.run(master.url(), "what-if").code()).isEqualTo(2);
    }

    @Test
    void agentsShowByHowMuchTheyAreOvercommitted() {
        master.on("GET /tide/v1/agents", 200, """
                {"agents":[{"id":"a","state":"live","resources":{"cpus":1,"mem":1},
                  "used":{"cpus":3,"mem":1},"overcommitted":{"cpus":2.0,"mem":0,"disk":0,"gpus":0},
                  "reservations":{"shop":{"cpus":0.5,"mem":100,"disk":0,"gpus":0}}}]}""");
        assertThat(Session.run(master.url(), "agents").out()).contains("live, over by cpus=2");
        assertThat(Session.run(master.url(), "agents", "-o", "wide").out())
                .contains("shop:cpus=0.5,mem=100");
    }

    @Test
    void completionKnowsTheNewCommands() {
        String script = Session.run(master.url(), "completion", "bash").out();
        assertThat(script).contains("what-if", "role", "--without", "--guarantee");
        assertThat(Session.run(master.url(), "help", "role", "set").out()).contains("--limit");
    }
}
