package io.springtide.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What people see of machines. */
class NodesCommandTest {

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void listsMachinesAndTellsOfTrouble() {
        master.on("GET /tide/v1/nodes", 200,
                """
                        {"pools":[{"name":"web","adapter":"command","min":1,"max":5,
                          "decision":"machine web-2 is asked for: 3 of /shop find no room",
                          "decidedAt":"2026-01-02T03:04:05.000Z",
                          "trouble":"machine web-3 was refused: quota","troubledSince":"2026-01-02T03:04:05.000Z",
                          "machines":[{"token":"web-1","id":"i-7","address":"10.0.0.7","agent":"a7",
                            "state":"there","since":"2026-01-02T03:04:05.000Z","why":"it runs 4 instances"},
                           {"token":"web-2","id":"","address":"","agent":"","state":"ordered",
                            "since":"2026-01-02T03:04:05.000Z","why":"it is being asked for"}]}]}""");
        Session listed = Session.run(master.url(), "nodes");
        assertThat(listed.code()).isZero();
        assertThat(listed.out()).contains("web-1", "i-7", "10.0.0.7", "it runs 4 instances",
                "ordered");
        assertThat(listed.err()).contains("2 of at most 5 machines, at least 1",
                "3 of /shop find no room", "quota");
        assertThat(Session.run(master.url(), "nodes", "-o", "name").out())
                .isEqualTo("web-1\nweb-2\n");
        assertThat(Session.run(master.url(), "nodes", "-o", "json").out())
                .contains("\"trouble\"");
    }

    @Test
    void saysThatThereAreNoPools() {
        master.on("GET /tide/v1/nodes", 200, "{\"pools\":[]}");
        Session listed = Session.run(master.url(), "nodes");
        assertThat(listed.code()).isZero();
        assertThat(listed.err()).contains("no pools of machines");
    }
}
