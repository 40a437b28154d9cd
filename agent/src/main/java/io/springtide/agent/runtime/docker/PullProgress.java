package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import io.springtide.agent.fetch.FetchProgress;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Listens to the fetching of one image and tells how it ended. */
final class PullProgress implements ResultCallback<PullResponseItem> {

    private static final long ASK_MS = 200;
    /** Docker allows 127. */
    private static final int LAYERS_MAX = 1_000;

    /** The daemon's words on what went wrong; empty if nothing did. */
    private final CompletableFuture<Optional<String>> outcome = new CompletableFuture<>();
    private final FetchProgress progress;
    /** Bytes of each layer that are here, and of which it consists; touched by one thread. */
    private final Map<String, long[]> layers = new HashMap<>();
    private volatile Closeable connection = () -> {};

    PullProgress(FetchProgress progress) {
        this.progress = progress;
    }

    @Override
    public void onStart(Closeable closeable) {
        connection = closeable;
    }

    @Override
    public void onNext(PullResponseItem item) {
        // The answer is 200 from its first line on; a failure after that is just another line.
        ResponseItem.ErrorDetail detail = item.getErrorDetail();
        if (detail != null) {
            outcome.complete(Optional.of(Explanation.text(detail.getMessage())));
        }
        count(item);
    }

    /** Unpacking counts bytes of its own, which are none that come. */
    private void count(PullResponseItem item) {
        ResponseItem.ProgressDetail of = item.getProgressDetail();
        String layer = item.getId();
        if (of == null || of.getTotal() == null || of.getCurrent() == null || layer == null
                || !"Downloading".equals(item.getStatus()) || layers.size() >= LAYERS_MAX) {
            if (layer != null && "Download complete".equals(item.getStatus())) {
                Optional.ofNullable(layers.get(layer)).ifPresent(bytes -> bytes[0] = bytes[1]);
            }
            return;
        }
        layers.put(layer, new long[]{of.getCurrent(), of.getTotal()});
        progress.bytes(layers.values().stream().mapToLong(bytes -> bytes[0]).sum(),
                layers.values().stream().mapToLong(bytes -> bytes[1]).sum());
    }

    @Override
    public void onError(Throwable throwable) {
        if (throwable instanceof DockerException refused) {
            outcome.complete(Optional.of(Daemon.words(refused)));
        } else {
            outcome.completeExceptionally(throwable);
        }
    }

    @Override
    public void onComplete() {
        outcome.complete(Optional.empty());
    }

    /**
     * Waits for the end.
     *
     * @param cancelled asked now and then; true gives up
     * @return what went wrong, in the daemon's words
     * @throws IllegalStateException if the connection failed; the cause says how
     */
    Optional<String> await(Duration timeout, BooleanSupplier cancelled) {
        long endNs = System.nanoTime() + timeout.toNanos();
        try {
            while (endNs - System.nanoTime() > 0) {
                try {
                    return outcome.get(ASK_MS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    if (cancelled.getAsBoolean()) {
                        return Optional.of("it is not wanted any more");
                    }
                }
            }
            return Optional.of("it took longer than " + timeout.toSeconds() + " s");
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
