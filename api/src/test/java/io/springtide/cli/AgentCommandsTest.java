package io.springtide.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What people say of agents, and what they are told. */
class AgentCommandsTest {

    private static final String DRAINING = """
            {"id":"a1","state":"live","mode":"draining","modeSince":"2026-01-02T03:04:05.000Z",
             "hostname":"h","site":"s","rack":"r","tasks":3,
             "drain":{"done":false,"left":3,"apps":[
               {"id":"/web","instances":3,"ending":0,
                "why":"no other agent can take it: 4 agents short of memory"}]}}""";

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    private void agents(int count) {
        StringBuilder list = new StringBuilder();
        for (int i = 1; i <= count; i++) {
            list.append(i == 1 ? "" : ",").append("{\"id\":\"a").append(i)
                    .append("\",\"mode\":\"open\"}");
        }
        master.on("GET /tide/v1/agents", 200, "{\"agents\":[" + list + "]}");
    }

    @Test
    void drainsAndShowsWhatIsLeftAndWhy() {
        agents(4);
        master.on("POST /tide/v1/agents/a1/drain", 200, DRAINING)
                .on("GET /tide/v1/agents/a1", 200, DRAINING);
        Session drain = Session.run(master.url(), "agent", "drain", "a1", "--deadline", "600");
        assertThat(drain.code()).isZero();
        assertThat(drain.err()).contains("3 instances are left", "tide agent show a1",
                "/web: 3 left, no other agent can take it: 4 agents short of memory");
        assertThat(master.requests())
                .contains("POST /tide/v1/agents/a1/drain {\"deadlineSeconds\":600}");
        assertThat(Session.run(master.url(), "agent", "show", "a1").out()).contains("draining",
                "/web: 3 left");
    }

    @Test
    void manyAtOnceMustBeMeant() {
        agents(12);
        for (int i = 1; i <= 2; i++) {
            master.on("POST /tide/v1/agents/a" + i + "/drain", 200, DRAINING);
        }
        Session refused = Session.run(master.url(), "agent", "drain", "a1", "a2");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("2 of 12 agents", "--yes-i-mean 2");
        assertThat(Session.run(master.url(), "agent", "drain", "a1").code()).isZero();
        assertThat(Session.run(master.url(), "agent", "drain", "a1", "a2", "--yes-i-mean", "2")
                .code()).isZero();
    }

    @Test
    void cordonsAndOpens() {
        master.on("POST /tide/v1/agents/a1/cordon", 200, "{}")
                .on("POST /tide/v1/agents/a1/uncordon", 200, "{}")
                .on("DELETE /tide/v1/agents/a1", 204, "");
        assertThat(Session.run(master.url(), "agent", "cordon", "a1").code()).isZero();
        assertThat(Session.run(master.url(), "agent", "uncordon", "a1").code()).isZero();
        assertThat(Session.run(master.url(), "agent", "forget", "a1", "-y").code()).isZero();
    }

    @Test
    void wrongNamesAreNotFound() {
        assertThat(Session.run(master.url(), "agent", "cordon", "zz").code()).isEqualTo(3);
        assertThat(Session.run(master.url(), "agent", "show", "zz").code()).isEqualTo(3);
        assertThat(Session.run(master.url(), "agent", "drain").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "agent").code()).isEqualTo(2);
    }

    @Test
    void showsAndReleasesAStorm() {
        master.on("GET /tide/v1/storm", 200,
                "{\"on\":true,\"since\":\"2026-01-02T03:04:05.000Z\",\"silent\":40,\"agents\":100}")
                .on("POST /tide/v1/storm/release", 200, "{\"on\":false}");
        assertThat(Session.run(master.url(), "storm").out()).isEqualTo("""
                STORM  SINCE                     SILENT  AGENTS
                yes    2026-01-02T03:04:05.000Z      40     100
                """);
        assertThat(Session.run(master.url(), "storm", "--release", "-y").code()).isZero();
        assertThat(master.requests().toString()).contains("POST /tide/v1/storm/release");
    }
}
