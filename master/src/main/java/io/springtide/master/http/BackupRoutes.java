package io.springtide.master.http;

import io.springtide.api.backup.BackupFile;
import io.springtide.api.backup.BackupHeader;
import io.springtide.api.marathon.MarathonError;
import io.springtide.core.state.ClusterState;
import io.springtide.master.view.CommittedState;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code GET /tide/v1/backup}: the whole state as a file, of any master. It is taken of the committed
 * copy, on a thread of its own, as a snapshot is; the engine does not stop for it.
 */
final class BackupRoutes implements Routes {

    /** One at a time: each is held in memory as a whole. */
    private final AtomicBoolean busy = new AtomicBoolean();

    @Override
    public Optional<Resource> resource(List<String> path) {
        return path.equals(List.of("tide", "v1", "backup"))
                ? Resource.at("/tide/v1/backup").anyType().get(this::backup).found()
                : Optional.empty();
    }

    private void backup(Exchange x) {
        long epoch = x.backend().status().epochHighest();
        if (epoch == 0) {
            throw Errors.refused(503, "This master has not heard of any leader yet, so it cannot"
                    + " say how new its state is; ask again in a few seconds, or another master");
        }
        if (x.request().method().equals(HttpMethod.HEAD)) {
            x.end(200, "application/octet-stream", new byte[0]);
            return;
        }
        if (!busy.compareAndSet(false, true)) {
            x.response().putHeader("Retry-After", "5");
            x.fail(MarathonError.of(503, "This master is making a backup already; try again in a"
                    + " few seconds, or ask another master"));
            return;
        }
        CompletableFuture<Buffer> made = new CompletableFuture<>();
        Thread.ofPlatform().name("backup").daemon(true).start(() -> {
            try {
                made.complete(make(x.backend(), epoch));
            } catch (RuntimeException | Error failed) {
                made.completeExceptionally(failed);
            }
        });
        x.whenDone(made, file -> send(x, file), failure -> {
            busy.set(false);
            x.broken(failure);
        });
    }

    private void send(Exchange x, Buffer file) {
        if (x.response().ended() || x.response().closed()) {
            busy.set(false);
            return;
        }
        // Gives way when the last byte is on its way, or the client has gone. Packing all of it for a
        // client that likes that would hold up the others on this event loop.
        x.response().setStatusCode(200).putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Disposition", "attachment")
                .putHeader("Content-Encoding", "identity").end(file)
                .onComplete(unused -> busy.set(false));
    }

    private static Buffer make(Backend backend, long epoch) {
        CommittedState.Frozen frozen = backend.view().freeze();
        String clusterId = backend.view().read(ClusterState::clusterId);
        byte[] payload = frozen.encoded();
        byte[] header = new BackupHeader(HexFormat.fromHexDigitsToLong(clusterId), epoch,
                frozen.position(), backend.clock().millis(), frozen.hash(), payload.length,
                backend.settings().version()).encode();
        byte[] digest = BackupFile.digest(header, payload);
        return Buffer.buffer(header.length + payload.length + digest.length).appendBytes(header)
                .appendBytes(payload).appendBytes(digest);
    }
}
