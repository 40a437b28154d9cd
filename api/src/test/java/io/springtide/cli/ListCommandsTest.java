package io.springtide.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ListCommandsTest {
    private static final String TASK = "shop_a.instance-5f0c9e1a-d2b3-4c77-0000-000000000001._app.1";
    private static final String TASKS = """
            {"tasks":[
              {"id":"%s","appId":"/shop/a","host":"127.0.0.1","slaveId":"agent-1","zone":"site-a",
               "state":"TASK_RUNNING","ports":[31000,31001],"startedAt":"not a time","version":"v1",
               "healthCheckResults":[{"alive":true},{"alive":false}]},
              {"id":"b.1","appId":"/b","host":"h2","slaveId":"agent-2","state":"TASK_STAGING","ports":[]}]}
            """
            .formatted(TASK);

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void psPrintsAnAlignedTable() {
        master.on("GET /v2/tasks", 200, TASKS);
        Session session = Session.run(master.url(), "ps");
        assertThat(session.code()).isZero();
        assertThat(session.err()).isEmpty();
        assertThat(session.out()).isEqualTo(
                """
                        TASK                                                         A\
                        PP      STATE    HEALTH     HOST       \
                        PORTS               AGE
                        shop_a.instance-5f0c9e1a-d2b3-4c77-0000-000000000001._app.1  /shop\
                        /a  running  unhealthy  127.0.0.1  \
                        31000,31001  not a time
                        b.1                                                          \
                        /b       staging  -          h2         \
                        -                     -
                        """);
    }

    @Test
    void psKnowsEveryFormat() {
        master.on("GET /v2/tasks", 200, TASKS);
        assertThat(Session.run(master.url(), "ps", "-q").out()).isEqualTo(TASK + "\nb.1\n");
        assertThat(Session.run(master.url(), "ps", "-o", "name").out()).isEqualTo(TASK + "\nb.1\n");
        assertThat(Session.run(master.url(), "ps", "-o", "jsonl").out().lines()).hasSize(2).last()
                .asString()
                .isEqualTo(
                        "{\"id\":\"b.1\",\"appId\":\"/b\",\"host\":\"h2\",\"slaveId\":\"agent-2\","
                                + "\"state\":\"TASK_STAGING\",\"ports\":[]}");
        assertThat(Session.run(master.url(), "ps", "-o", "json").out()).startsWith("[\n")
                .contains("\"zone\" : \"site-a\"");
        assertThat(Session.run(master.url(), "ps", "-o", "wide").out()).contains("AGENT", "site-a");
        assertThat(Session.run(master.url(), "ps", "--no-headers").out()).startsWith("shop_a.");
    }

    @Test
    void anEmptyListIsAMessageForPeopleAndAnEmptyArrayForPrograms() {
        master.on("GET /v2/apps", 200, "{\"apps\":[]}");
        Session people = Session.run(master.url(), "app", "list");
        assertThat(people.code()).isZero();
        assertThat(people.out()).isEmpty();
        assertThat(people.err()).contains("No apps");
        assertThat(Session.run(master.url(), "app", "list", "-o", "json").out().strip())
                .isEqualTo("[ ]");
    }

    @Test
    void appListTellsTheWorstStatus() {
        master.on("GET /v2/apps?label=team%3D%3Dshop", 200,
                """
                        {"apps":[{"id":"/a","instances":4,"tasksRunning":3,"cpus":0.25,"mem":128},
                                 {"id":"/b","instances":0,"tasksRunning":0,"cpus":1,"mem":32.5},
                                 {"id":"/c","instances":1,"tasksRunning":1,"deployments":[{"id":"d"}]}]}""");
        assertThat(Session.run(master.url(), "app", "list", "-l", "team==shop").out()).isEqualTo("""
                APP  RUNNING  HEALTHY  STATUS     CPUS   MEM
                /a       3/4        -  waiting    0.25   128
                /b       0/0        -  suspended     1  32.5
                /c       1/1        -  deploying     0     0
                """);
    }

    @Test
    void agentsShowWhatIsUsed() {
        master.on("GET /tide/v1/agents", 200,
                """
                        {"agents":[{"id":"agent-1","hostname":"h","site":"site-a","rack":"r1",
                         "state":"live","tasks":7,
                          "resources":{"cpus":64,"mem":16384,"disk":10,"gpus":0},"used":{"cpus":0.7,"mem":112},
                          "runtimes":["process"],"lastHeardMsAgo":1400,"attributes":{"k":"v"}}]}""");
        assertThat(Session.run(master.url(), "agents").out()).isEqualTo("""
                AGENT    STATE  SITE    RACK  HOST  TASKS    CPUS        MEM  HEARD
                agent-1  live   site-a  r1    h         7  0.7/64  112/16384     1s
                """);
        assertThat(Session.run(master.url(), "agents", "-o", "wide").out()).contains("process",
                "k=v");
    }

    @Test
    void queueSaysWhatIsMissing() {
        master.on("GET /v2/queue", 200,
                """
                        {"queue":[
                         {"app":{"id":"/a"},"count":3,"delay":{"timeLeftSeconds":0,"overdue":true},
                          "processedOffersSummary":
                          {"rejectSummaryLastOffers":[{"reason":"InsufficientCpus","declined":12,"processed":13},
                           {"reason":"InsufficientPorts","declined":1,"processed":1},
                            {"reason":"UnfulfilledRole","declined":0}]}},
                         {"app":{"id":"/b"},"count":1,"delay":{"timeLeftSeconds":75,"overdue":false}}]}""");
        String out = Session.run(master.url(), "queue").out();
        assertThat(out).contains("12 agents: cpus; 1 agent: ports")
                .contains("back-off, 1m15s left");
    }

    @Test
    void deploymentsAndStatusAreShown() {
        master.on("GET /v2/deployments", 200,
                """
                        [{"id":"d-1","version":"","affectedApps":["/a","/b"],"currentStep":1,"totalSteps":2,
                          "currentActions":[{"action":"ScaleApplication","app":"/a"},
                           {"action":"ScaleApplication","app":"/b"}]}]""");
        assertThat(Session.run(master.url(), "deployments").out())
                .contains("d-1         /a,/b  1/2   ScaleApplication");
        master.on("GET /tide/v1/status", 200,
                """
                        {"ready":true,"leader":"127.0.0.1:8080","epoch":3,"position":99,"clusterId":"c",
                         "agents":{"live":4,"suspect":1,"unreachable":0},"apps":2,
                          "instances":{"wanted":10,"running":9}}""");
        assertThat(Session.run(master.url(), "status").out()).contains("4 live, 1 suspect",
                "9 running of 10 wanted",
                "epoch 3");
    }

    @Test
    void controlCharactersFromTheServerNeverReachTheTerminal() {
        master.on("GET /v2/tasks", 200,
                "{\"tasks\":[{\"id\":\"a\\u001b[31mb\",\"appId\":\"/x\\ny\"}]}");
        assertThat(Session.run(master.url(), "ps").out()).doesNotContain("\u001b")
                .contains("a [31mb  /x y");
    }
}
