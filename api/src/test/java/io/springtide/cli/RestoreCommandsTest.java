package io.springtide.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Backups, and what a person is told of a cluster that was restored. */
class RestoreCommandsTest {

    private static final String WAITING = """
            {"waiting":true,"since":"2026-01-02T03:04:05.000Z","backup":"2026-01-02T03:00:00.000Z",
             "unknown":3,"missing":2,"agents":[
               {"id":"a1","state":"live","compared":true,"unknown":3,"missing":2},
               {"id":"a2","state":"suspect","compared":false}]}""";

    @TempDir
    Path folder;

    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @Test
    void showsWhatAgentsBringAndLetsItGoOn() {
        master.on("GET /tide/v1/restore", 200, WAITING)
                .on("POST /tide/v1/restore/confirm", 200, "{\"waiting\":false}");
        Session shown = Session.run(master.url(), "restore");
        assertThat(shown.code()).isZero();
        assertThat(shown.out()).contains("a1", "yes", "a2", "no");
        assertThat(shown.err()).contains("backup of 2026-01-02T03:00:00.000Z",
                "tide restore --confirm");
        assertThat(master.requests()).noneMatch(request -> request.startsWith("POST"));
        assertThat(Session.run(master.url(), "restore", "--confirm", "--yes").code()).isZero();
        assertThat(master.requests().toString()).contains("POST /tide/v1/restore/confirm");
    }

    @Test
    void saysThatNothingWaits() {
        master.on("GET /tide/v1/restore", 200, "{\"waiting\":false}").on(
                "POST /tide/v1/restore/confirm", 409, "{\"message\":\"nothing waits\"}");
        assertThat(Session.run(master.url(), "restore", "--status").err())
                .contains("Nothing waits");
        assertThat(Session.run(master.url(), "restore", "--confirm").code())
                .isEqualTo(Exit.CONFLICT.code());
        assertThat(Session.run(master.url(), "restore", "--from", "x").code())
                .isEqualTo(Exit.USAGE.code());
    }

    @Test
    void statusAndAgentsTellOfIt() {
        master.on("GET /tide/v1/status", 200, """
                {"clusterId":"c","ready":true,"agents":{},"instances":{},"alarms":[
                  {"name":"restored","message":"This cluster was restored"}]}""")
                .on("GET /tide/v1/agents", 200, """
                        {"agents":[{"id":"a1","state":"live","mode":"open",
                          "restore":{"unknown":3,"missing":0}}]}""");
        assertThat(Session.run(master.url(), "status").out())
                .contains("ALARM      restored: This cluster was restored");
        assertThat(Session.run(master.url(), "agents").out())
                .contains("live, waits (3 unknown, 0 missing)");
    }

    @Test
    void storesNothingThatIsNotWholeAndReplacesNothing() throws Exception {
        master.on("GET /tide/v1/backup", 200, "TIDEBACK and no more");
        Path file = folder.resolve("b");
        Session cut = Session.run(master.url(), "backup", "--to", file.toString());
        assertThat(cut.code()).isEqualTo(Exit.FAILED.code());
        assertThat(cut.err()).contains("Nothing was stored");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
        Files.writeString(file, "precious");
        Session there = Session.run(master.url(), "backup", "--to", file.toString());
        assertThat(there.code()).isEqualTo(Exit.CONFLICT.code());
        assertThat(there.err()).contains("--force");
        assertThat(file).hasContent("precious");
        assertThat(Session.run(master.url(), "backup", "--to",
                folder.resolve("none/b").toString()).err()).contains("cannot write");
    }
}
