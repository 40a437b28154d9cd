package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Listens to the fetching of one image and tells how it ended. */
final class PullProgress implements ResultCallback<PullResponseItem> {

    /** The daemon's words on what went wrong; empty if nothing did. */
    private final CompletableFuture<Optional<String>> outcome = new CompletableFuture<>();
    private volatile Closeable connection = () -> {};

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
     * @return what went wrong, in the daemon's words
     * @throws IllegalStateException if the connection failed; the cause says how
     */
    Optional<String> await(Duration timeout) {
        try {
            return outcome.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
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
