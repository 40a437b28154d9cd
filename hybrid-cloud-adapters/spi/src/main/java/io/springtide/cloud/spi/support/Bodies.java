package io.springtide.cloud.spi.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Reads answers of HTTP: the client's own patience ends with their heads. */
public final class Bodies {

    private Bodies() {}

    /**
     * The whole of it; closes the stream.
     *
     * @param patience until its last byte
     * @throws IOException if it is longer, takes longer, or breaks off
     */
    public static byte[] read(InputStream body, int bytesMax, Duration patience)
            throws IOException {
        CompletableFuture<Boolean> inTime = new CompletableFuture<Boolean>()
                .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS);
        // Nothing but closing it ends a read that waits.
        CompletableFuture<Void> unused = inTime.thenAccept(ended -> {
            if (!ended) {
                close(body);
            }
        });
        byte[] bytes;
        Optional<IOException> broken = Optional.empty();
        try (body) {
            bytes = body.readNBytes(bytesMax + 1);
        } catch (IOException e) {
            bytes = new byte[0];
            broken = Optional.of(e);
        }
        // A stream that was closed may end like one that is whole.
        if (!inTime.complete(true)) {
            throw new IOException("the rest of the answer did not come within "
                    + patience.toMillis() + " ms", broken.orElse(null));
        }
        if (broken.isPresent()) {
            throw broken.get();
        }
        if (bytes.length > bytesMax) {
            throw new IOException("the answer is longer than " + bytesMax + " bytes");
        }
        return bytes;
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
