package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import io.springtide.agent.fetch.FetchProgress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Fetches images, each once however many tasks wait for it, away from the threads that launch: a slow
 * registry holds up only those who need it. What is fetched ahead of time counts, too.
 */
final class ImagePulls {

    private static final long ASK_MS = 200;
    private static final FetchProgress UNHEARD = (done, total) -> {};

    /** One image on its way. */
    private static final class Pull {
        private final CompletableFuture<Optional<String>> outcome = new CompletableFuture<>();
        /** A task waits for it, so that it goes on whoever gives up. */
        private volatile boolean wanted;
    }

    private final Daemon daemon;
    private final Duration timeout;
    private final Executor threads;
    private final Map<String, Pull> running = new HashMap<>();

    ImagePulls(Daemon daemon, Duration timeout, Executor threads) {
        this.daemon = daemon;
        this.timeout = timeout;
        this.threads = threads;
    }

    /** Fetches an image; the future tells why that was not possible, or is empty. It never fails. */
    CompletableFuture<Optional<String>> fetch(String image) {
        synchronized (running) {
            Pull present = running.get(image);
            if (present != null) {
                present.wanted = true;
                return present.outcome;
            }
            Pull pull = new Pull();
            pull.wanted = true;
            try {
                threads.execute(() -> carryOut(image, pull, UNHEARD, () -> false));
                running.put(image, pull);
            } catch (RejectedExecutionException e) {
                pull.outcome.complete(Optional.of("the image " + image
                        + " could not be fetched: too many other images are waiting to be; try again later."));
            }
            return pull.outcome;
        }
    }

    /**
     * Fetches an image on the caller's thread, unless it is there; blocks.
     *
     * @param cancelled asked now and then; true gives up, unless a task has come to wait for the image
     * @return why it was not possible; empty if it is there
     */
    Optional<String> fetchAhead(String image, FetchProgress progress, BooleanSupplier cancelled)
            throws InterruptedException {
        Pull pull;
        boolean mine;
        synchronized (running) {
            Pull present = running.get(image);
            mine = present == null;
            pull = present == null ? new Pull() : present;
            if (mine) {
                running.put(image, pull);
            }
        }
        if (mine) {
            carryOut(image, pull, progress,
                    () -> cancelled.getAsBoolean() && !pull.wanted);
        }
        return outcome(pull, cancelled);
    }

    /** Waits for what somebody else may be fetching, which goes on if this caller gives up. */
    private static Optional<String> outcome(Pull pull, BooleanSupplier cancelled)
            throws InterruptedException {
        while (true) {
            try {
                return pull.outcome.get(ASK_MS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (cancelled.getAsBoolean()) {
                    return Optional.of("it is not wanted any more");
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("an outcome never fails", e);
            }
        }
    }

    private void carryOut(String image, Pull pull, FetchProgress progress,
            BooleanSupplier cancelled) {
        Optional<String> problem = Optional.of("an unexpected error of the agent");
        try {
            problem = !pull.wanted && present(image)
                    ? Optional.empty()
                    : pull(image, progress, cancelled);
        } finally {
            synchronized (running) {
                running.remove(image);
            }
            pull.outcome.complete(problem);
        }
    }

    /** Whether the daemon has it; a pull of what it has would still ask the registry. */
    private boolean present(String image) {
        try {
            daemon.call(timeout, client -> client.inspectImageCmd(withTag(image)).exec());
            return true;
        } catch (NotFoundException e) {
            return false;
        } catch (DaemonException | DockerException e) {
            // The pull says what is wrong.
            return false;
        }
    }

    private Optional<String> pull(String image, FetchProgress progress,
            BooleanSupplier cancelled) {
        try {
            return daemon.call(timeout.plusSeconds(10), client -> {
                // docker-java looks the registry's credentials up in ~/.docker/config.json.
                try (PullProgress pull = new PullProgress(progress)) {
                    return client.pullImageCmd(withTag(image)).exec(pull)
                            .await(timeout, cancelled);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).map(words -> "the image " + image + " could not be fetched: " + words
                    + "; check its name and tag, that this machine reaches the registry, and that it may read"
                    + " there (docker login).");
        } catch (DaemonException | DockerException e) {
            return Optional.of("the image " + image + " could not be fetched: " + e.getMessage());
        }
    }

    /** Without a tag the daemon would fetch all tags of a repository. */
    static String withTag(String image) {
        int afterSlash = image.lastIndexOf('/') + 1;
        boolean tagged = image.indexOf('@') >= 0 || image.indexOf(':', afterSlash) >= 0;
        return tagged ? image : image + ":latest";
    }
}
