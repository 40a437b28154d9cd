package io.springtide.cli;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ExitCodesTest {
    private final FakeMaster master = new FakeMaster();

    @AfterEach
    void stop() {
        master.close();
    }

    @ParameterizedTest
    @CsvSource({"400,7", "401,5", "403,6", "404,3", "409,4", "413,7", "415,7", "422,7", "429,75",
            "500,1", "502,10",
            "503,75", "504,10"})
    void aRefusalHasTheCodeOfItsKind(int status, int code) {
        master.on("GET /v2/tasks", status, "{\"message\":\"No, because.\"}");
        Session session = Session.run(master.url(), "ps");
        assertThat(session.code()).isEqualTo(code);
        assertThat(session.out()).isEmpty();
        assertThat(session.err()).contains("No, because.").doesNotContain("\tat ");
    }

    @Test
    void validationErrorsAreListedByPath() {
        master.on("POST /v2/apps", 422, """
                {"message":"Object is not valid","details":[{"path":"/mem","errors":["error.min"]},
                 {"path":"/","errors":["a","b"]}]}""");
        Session session = Session.run(master.url(), "app", "run", "a", "--cmd", "x");
        assertThat(session.code()).isEqualTo(7);
        assertThat(session.err())
                .contains("Object is not valid.\n  /mem: error.min\n  /: a\n  /: b\n");
    }

    @Test
    void aLockNamesItsDeployment() {
        master.on("POST /v2/apps/a/restart", 409,
                "{\"message\":\"App is locked\",\"deployments\":[{\"id\":\"d-9\"}]}");
        Session session = Session.run(master.url(), "app", "restart", "a");
        assertThat(session.code()).isEqualTo(4);
        assertThat(session.err()).contains("d-9", "--force");
    }

    @Test
    void aBusyMasterSaysWhenToTryAgain() {
        master.on("GET /v2/tasks", 503, "", Map.of("Retry-After", "7"));
        Session session = Session.run(master.url(), "ps");
        assertThat(session.code()).isEqualTo(75);
        assertThat(session.err()).contains("Try again in 7 s.");
    }

    @Test
    void nobodyThere() {
        String url = master.url();
        master.close();
        Session session = Session.run(url, "ps");
        assertThat(session.code()).isEqualTo(10);
        assertThat(session.err()).contains("No master answers at " + url, "tide up");
    }

    @Test
    void anotherKindOfServerIsToldApart() {
        master.on("GET /v2/tasks", 200, "<html>");
        Session session = Session.run(master.url(), "ps");
        assertThat(session.code()).isEqualTo(1);
        assertThat(session.err()).contains("not with JSON");
    }

    @Test
    void misuseIsTwoWithASuggestion() {
        assertThat(Session.run(master.url(), "agnets")).satisfies(session -> {
            assertThat(session.code()).isEqualTo(2);
            assertThat(session.err()).contains("agents");
        });
        assertThat(Session.run(master.url(), "app", "scale", "a").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "app", "scale", "a", "many").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "app", "scale", "a", "--", "-3").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "app", "scale", "a", "3", "--timeout", "soon").code())
                .isEqualTo(2);
        assertThat(Session.run(master.url(), "ps", "-o", "xml").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "app").code()).isEqualTo(2);
        assertThat(Session.run(master.url(), "app", "run", "x").code()).isEqualTo(2);
        assertThat(
                Session.run(master.url(), "app", "run", "x", "--cmd", "y", "--cpus", "lots").code())
                .isEqualTo(2);
        assertThat(master.requests()).isEmpty();
    }

    @Test
    void badSettingsAre78() {
        assertThat(Session.run("ftp://x", "ps").code()).isEqualTo(78);
        assertThat(Session.run("http://", "ps").code()).isEqualTo(78);
        Session demo = Session.run(master.url(), "up");
        assertThat(demo.code()).isEqualTo(78);
    }

    @Test
    void badFiles() {
        assertThat(Session.run(master.url(), "app", "run", "missing.json").code()).isEqualTo(3);
        assertThat(Session.with(Map.of(), "{", "app", "run", "-").code()).isEqualTo(7);
        assertThat(Session.with(Map.of(), "[1]", "app", "run", "-").code()).isEqualTo(7);
        assertThat(Session.with(Map.of(), " ".repeat(1 << 20) + " ", "app", "run", "-").code())
                .isEqualTo(7);
        assertThat(Session.with(Map.of(), "[".repeat(100_000), "app", "run", "-").code())
                .isEqualTo(7);
    }

    @Test
    void helpListsEveryCode() {
        String out = Session.run("x", "help", "exit-codes").out();
        for (Exit exit : Exit.values()) {
            assertThat(out).contains(exit.code() + "  " + exit.meaning());
        }
    }

    @Test
    void debugShowsTheStack() {
        String url = master.url();
        master.close();
        assertThat(Session.with(Map.of(), "", "--debug", "--url", url, "ps").err())
                .contains("\tat ");
    }
}
