package io.springtide.agent.runtime.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Fetches images, each once however many tasks wait for it, away from the threads that launch: a slow
 * registry holds up only those who need it.
 */
final class ImagePulls {

    private final Daemon daemon;
    private final Duration timeout;
    private final Executor threads;
    private final Map<String, CompletableFuture<Optional<String>>> running = new HashMap<>();

    ImagePulls(Daemon daemon, Duration timeout, Executor threads) {
        this.daemon = daemon;
        this.timeout = timeout;
        this.threads = threads;
    }

    /** Fetches an image; the future tells why that was not possible, or is empty. It never fails. */
    CompletableFuture<Optional<String>> fetch(String image) {
        synchronized (running) {
            CompletableFuture<Optional<String>> present = running.get(image);
            if (present != null) {
                return present;
            }
            CompletableFuture<Optional<String>> future = new CompletableFuture<>();
            try {
                threads.execute(() -> {
                    Optional<String> problem = pull(image);
                    synchronized (running) {
                        running.remove(image);
                    }
                    future.complete(problem);
                });
                running.put(image, future);
            } catch (RejectedExecutionException e) {
                future.complete(Optional.of("the image " + image
                        + " could not be fetched: too many other images are waiting to be; try again later."));
            }
            return future;
        }
    }

    private Optional<String> pull(String image) {
        try {
            return daemon.call(timeout.plusSeconds(10), client -> {
                // docker-java looks the registry's credentials up in ~/.docker/config.json.
                try (PullProgress progress = new PullProgress()) {
                    return client.pullImageCmd(withTag(image)).exec(progress).await(timeout);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }).map(words -> "the image " + image + " could not be fetched: " + words
                    + "; check its name and tag, that this machine reaches the registry, and that it may read"
                    + " there (docker login).");
        } catch (DaemonException e) {
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
