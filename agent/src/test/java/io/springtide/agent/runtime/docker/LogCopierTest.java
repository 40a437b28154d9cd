package io.springtide.agent.runtime.docker;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of a container's last lines. */
class LogCopierTest {

    private static final long INSTANCE = 7;

    private final ListAppender<ILoggingEvent> told = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(LogCopier.class);
    private Path sandbox;
    private FakeLogs daemon;
    private LogCopier copier;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        sandbox = Files.createDirectory(folder.resolve("sandbox"));
        daemon = new FakeLogs(folder.resolve("docker.sock"));
        copier = new LogCopier(folder, DockerSettings.at(daemon.host()));
        told.start();
        logger.addAppender(told);
    }

    @AfterEach
    void end() throws IOException {
        logger.detachAppender(told);
        copier.close();
        daemon.close();
    }

    private void follow() {
        copier.follow(INSTANCE, "c", sandbox);
    }

    private void followToTheEnd() {
        copier.followToTheEnd(INSTANCE, "c", sandbox);
    }

    private void awaitEnd() {
        Heard.until(() -> "the copier is done", () -> !copier.follows(INSTANCE));
    }

    private void awaitLength(int bytes) {
        Heard.until(() -> bytes + " bytes are there",
                () -> sandbox.resolve("stdout").toFile().length() == bytes);
    }

    private List<String> warnings() {
        return List.copyOf(told.list).stream().filter(event -> event.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage).toList();
    }

    /**
     * Goal: the lines of a container that ends at once are not lost. Method: the daemon opens the live
     * stream, lets the container end, and closes the stream without a line, as it does if the lines and
     * the end come while it is opening it.
     */
    @Test
    void looksAgainBehindAStreamThatWasOpenAtTheEnd() throws Exception {
        follow();
        FakeLogs.Stream live = daemon.next().answer("200 OK");
        followToTheEnd();
        assertThat(copier.follows(INSTANCE)).isTrue();
        live.end();
        FakeLogs.Stream rest = daemon.next();
        assertThat(copier.follows(INSTANCE)).isTrue();
        rest.answer("200 OK").line(1).line(2).end();
        awaitEnd();
        assertThat(sandbox.resolve("stdout")).hasContent("line 1\nline 2\n");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void theSecondReadingRepeatsNothing() throws Exception {
        follow();
        FakeLogs.Stream live = daemon.next().answer("200 OK").line(1);
        awaitLength("line 1\n".length());
        live.part(2);
        awaitLength("line 1\nline 2".length());
        followToTheEnd();
        followToTheEnd();
        live.end();
        FakeLogs.Stream rest = daemon.next();
        assertThat(rest.request()).contains("&since=1767323045.000000001 ");
        followToTheEnd();
        rest.answer("200 OK").line(1).line(2).line(3).end();
        awaitEnd();
        assertThat(sandbox.resolve("stdout")).hasContent("line 1\nline 2\nline 3\n");
        assertThat(warnings()).isEmpty();
    }

    @Test
    void readsOnceWhereNoStreamWasOpenAtTheEnd() throws Exception {
        followToTheEnd();
        daemon.next().answer("200 OK").line(1).end();
        awaitEnd();
        assertThat(sandbox.resolve("stdout")).hasContent("line 1\n");
    }

    @Test
    void tellsWhatIsMissingWhenTheLastReadingBreaks() throws Exception {
        followToTheEnd();
        daemon.next().answer("200 OK").line(1).part(2).end();
        awaitEnd();
        assertThat(warnings()).singleElement().asString()
                .contains("output.incomplete instance=7", "in the midst of its answer",
                        "after 2026-01-02T03:04:05.000000001Z is missing from " + sandbox);
    }

    @Test
    void tellsWhenTheDaemonHasGoneBeforeTheLastReading() throws Exception {
        follow();
        FakeLogs.Stream live = daemon.next().answer("200 OK").line(1);
        followToTheEnd();
        daemon.close();
        live.end();
        awaitEnd();
        assertThat(warnings()).singleElement().asString()
                .contains("output.incomplete instance=7", "missing from " + sandbox);
    }

    @Test
    void aRemovedContainerIsNoNews() throws Exception {
        followToTheEnd();
        daemon.next().answer("404 Not Found").end();
        awaitEnd();
        followToTheEnd();
        daemon.next().answer("409 Conflict").end();
        awaitEnd();
        assertThat(warnings()).isEmpty();
    }

    @Test
    void aLiveStreamThatBreaksIsTakenUpLater() throws Exception {
        follow();
        daemon.next().answer("200 OK").line(1).part(2).end();
        awaitEnd();
        assertThat(warnings()).isEmpty();
        follow();
        daemon.next().answer("200 OK").line(1).line(2).end();
        awaitEnd();
        assertThat(sandbox.resolve("stdout")).hasContent("line 1\nline 2\n");
    }
}
