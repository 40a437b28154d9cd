package io.springtide.cli;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TalkingCommandsTest {
    private static final String APP = """
            {"app":{"id":"/a","instances":5,"tasksRunning":2,"tasksStaged":0,"deployments":[{"id":"d-1"}],
              "lastTaskFailure":{"state":"TASK_FAILED","host":"h1","timestamp":"2026-01-01T00:00:00.000Z",
                "message":"exit code 3","taskId":"a.instance-7._app.1"}}}""";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void whyAsksTheMasterItself() {
        master.on("GET /v2/apps/a", 200, APP).on("GET /v2/queue", 200, "{\"queue\":[]}").on(
                "GET /tide/v1/apps/a/why", 200,
                """
                        {"app":"/a","agents":4,"sentence":"3 instances wait: no agent has 2 cpus left.",
                         "delaySeconds":0,
                         "rejections":[{"reason":"InsufficientCpus","count":4,"text":"cpus: 2 wanted"}],
                         "closest":{"agent":"agent-3","text":"short of 0.3 cpu"}}""");
        Session session = Session.run(master.url(), "why", "a");
        assertThat(session.code()).isZero();
        assertThat(session.out()).contains("/a wants 5 instances; 2 run.",
                "Deployment d-1 is under way.",
                "no agent has 2 cpus left", "4 of 4 agents: cpus: 2 wanted",
                "Closest is agent agent-3, short of 0.3 cpu.",
                "Last failure: TASK_FAILED on h1", "exit code 3",
                "tide logs a.instance-7._app.1 --stderr");
    }

    @Test
    void whyReadsTheQueueOfAnyMarathon() {
        master.on("GET /v2/apps/a", 200, APP).on("GET /v2/queue", 200,
                """
                        {"queue":[{"app":{"id":"/a"},"count":3,"delay":{"timeLeftSeconds":90,"overdue":false},
                          "processedOffersSummary":{"rejectSummaryLastOffers":[
                            {"reason":"UnfulfilledConstraint","declined":2,"processed":4}]}}]}""");
        assertThat(Session.run(master.url(), "why", "a").out()).contains(
                "3 instances wait to be started",
                "put off for 1m30s", "2 agents: constraint");
    }

    @Test
    void whyOfAnUnknownAppIsNotFound() {
        master.on("GET /v2/apps/a", 404, "{\"message\":\"App '/a' does not exist\"}");
        Session session = Session.run(master.url(), "why", "a");
        assertThat(session.code()).isEqualTo(3);
        assertThat(session.err()).contains("App '/a' does not exist.");
    }

    @Test
    void logsPrintTheLastLines() {
        master.on(
                "GET /tide/v1/tasks/a.instance-1._app.1/files/stdout?offset=-262144&length=262144",
                200, "1\n2\n3\n",
                Map.of("X-Tide-Offset", "100", "X-Tide-Size", "106", "Content-Type",
                        "application/octet-stream"));
        assertThat(Session.run(master.url(), "logs", "a.instance-1._app.1", "--tail", "2"))
                .isEqualTo(new Session(0, "2\n3\n", ""));
        assertThat(Session.run(master.url(), "logs", "a.instance-1._app.1").out())
                .isEqualTo("1\n2\n3\n");
        assertThat(Session.run(master.url(), "logs", "a.instance-1._app.1", "--tail", "0").out())
                .isEmpty();
        assertThat(Session.run(master.url(), "logs", "a.instance-1._app.1", "--tail", "x").code())
                .isEqualTo(2);
    }

    @Test
    void logsOfAnAppNameEachTask() {
        master.on("GET /v2/apps/a/tasks", 200,
                "{\"tasks\":[{\"id\":\"a.instance-1._app.1\"},{\"id\":\"a.instance-2._app.1\"}]}")
                .on("GET /tide/v1/tasks/a.instance-1._app.1/files/stderr?offset=-262144&length=262144",
                        200, "x\nunfinished")
                .on("GET /tide/v1/tasks/a.instance-2._app.1/files/stderr?offset=-262144&length=262144",
                        503,
                        "{\"message\":\"its agent is not connected\"}");
        Session session = Session.run(master.url(), "logs", "a", "--stderr");
        assertThat(session.out()).isEqualTo("a.1 | x\na.1 | unfinished\n");
        assertThat(session.err()).contains("a.instance-2._app.1: its agent is not connected");
        assertThat(session.code()).isZero();
    }

    @Test
    void eventsAreStreamedAsTheyCome() {
        master.on("GET /v2/events?event_type=status_update_event", 200,
                "event: status_update_event\r\ndata: {\"eventType\":\"status_update_event\",\"timestamp\":\"t1\","
                        + "\"taskId\":\"a\",\"taskStatus\":\"TASK_RUNNING\"}\r\n\r\n\r\n"
                        + "event: status_update_event\ndata: {\"timestamp\":\"t2\",\"taskId\":\"b\"}\n\n",
                Map.of("Content-Type", "text/event-stream"));
        assertThat(Session
                .run(master.url(), "events", "--type", "status_update_event", "--limit", "2").out())
                .isEqualTo("""
                        t1  status_update_event  taskId=a  taskStatus=TASK_RUNNING
                        t2  status_update_event  taskId=b
                        """);
    }

    @Test
    void aBrokenEventStreamIsOpenedAgainAndTheGapIsTold() {
        master.on("GET /v2/events", 200, "event: x\ndata: {\"n\":1}\n\n")
                .on("GET /v2/events", 503, "")
                .on("GET /v2/events", 200, "event: x\ndata: {\"n\":2}\n\n");
        Session session = Session.run(master.url(), "events", "--limit", "2", "-o", "jsonl");
        assertThat(session.out()).isEqualTo("{\"n\":1}\n{\"n\":2}\n");
        assertThat(session.err()).contains("connected again");
    }

    @Test
    void aNumberedEventStreamGoesOnWhereItBroke() {
        master.on("GET /v2/events?event_type=x", 200,
                "id: 7.0\nevent: x\ndata: {\"n\":1}\n\nid: 9.2\ndata: {\"half\":")
                .on("GET /v2/events?event_type=x", 200,
                        "id: 8.1\r\nevent: x\r\ndata: {\"n\":2}\r\n\r\n");
        Session session = Session.run(master.url(), "events", "--type", "x", "--limit", "2",
                "--since", "5.0", "--ids", "-o", "jsonl");
        assertThat(session.out()).isEqualTo("7.0\t{\"n\":1}\n8.1\t{\"n\":2}\n");
        assertThat(session.err()).contains("connected again; going on after 7.0");
        assertThat(master.headers("Last-Event-ID")).containsExactly("5.0", "7.0");
        assertThat(Session.run(master.url(), "events", "--since", "yesterday").code())
                .isEqualTo(2);
    }

    @Test
    void whatTheMasterNoLongerKeepsIsTold() {
        master.on("GET /v2/events", 200,
                """
                        : events before 3.0 are no longer kept; read the state anew

                        event: x
                        data: {"n":1}

                        id: 9.0
                        event: x
                        data: {"n":2}

                        """);
        Session session = Session.run(master.url(), "events", "--limit", "2", "--since", "3",
                "--ids", "-o", "jsonl");
        assertThat(session.out()).isEqualTo("\t{\"n\":1}\n9.0\t{\"n\":2}\n");
        assertThat(session.err()).isEqualTo(
                "(events before 3.0 are no longer kept; read the state anew)\n");
        assertThat(master.headers("Last-Event-ID")).containsExactly("3.0");
    }
}
