package io.springtide.agent.runtime.docker;

import io.springtide.agent.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Without a daemon: nothing is pulled here, so that a pull lasts for ever. */
class ImagePullsTest {

    @Test
    void whatIsGivenUpAheadOfTimeDoesNotWaitForATaskThatPullsTheSame(@TempDir Path folder)
            throws IOException {
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                Daemon daemon = new Daemon(DockerSettings
                        .at(URI.create("unix://" + folder.resolve("none.sock"))), clock)) {
            ImagePulls pulls = new ImagePulls(daemon, Duration.ofHours(1), unused -> {});
            CompletableFuture<Optional<String>> forTask = pulls.fetch("image");
            AtomicBoolean asked = new AtomicBoolean();
            CompletableFuture<Optional<String>> ahead = new CompletableFuture<>();
            Thread thread = Thread.ofPlatform().daemon().start(() -> {
                try {
                    ahead.complete(pulls.fetchAhead("image", (done, total) -> {},
                            () -> asked.getAndSet(true)));
                } catch (InterruptedException e) {
                    ahead.completeExceptionally(e);
                }
            });
            Await.until("it is given up", ahead::isDone);
            assertThat(asked).isTrue();
            assertThat(ahead.join())
                    .hasValueSatisfying(why -> assertThat(why).contains("not wanted"));
            assertThat(forTask).as("the task waits on").isNotDone();
            assertThat(thread.isInterrupted()).isFalse();
        }
    }
}
