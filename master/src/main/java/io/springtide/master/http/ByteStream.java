package io.springtide.master.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.List;

/** Sends bytes no faster than the client reads, and lets others have the event loop in between. */
final class ByteStream {

    private static final int CHUNK_BYTES = 64 * 1024;

    private final Exchange x;
    private final HttpServerResponse response;
    private final List<byte[]> parts;
    private final Runnable over;
    private int part;
    private int at;

    private ByteStream(Exchange x, List<byte[]> parts, Runnable over) {
        this.x = x;
        this.response = x.response();
        this.parts = parts;
        this.over = over;
    }

    /**
     * Sends all parts one after the other as one answer.
     *
     * @param bytes of all parts together
     * @param over told once the last byte is on its way, or the client has gone
     */
    static void send(Exchange x, List<byte[]> parts, long bytes, Runnable over) {
        if (x.response().ended() || x.response().closed()) {
            over.run();
            return;
        }
        x.response().setStatusCode(200).putHeader("Content-Type", "application/octet-stream")
                .putHeader("Content-Disposition", "attachment")
                .putHeader("Content-Length", Long.toString(bytes));
        // Whoever goes away in the middle leaves a queue that never drains.
        x.response().closeHandler(unused -> over.run());
        new ByteStream(x, parts, over).pump();
    }

    private void pump() {
        if (response.closed()) {
            over.run();
            return;
        }
        while (part < parts.size() && at >= parts.get(part).length) {
            part++;
            at = 0;
        }
        if (part == parts.size()) {
            response.closeHandler(unused -> {
            });
            response.end();
            over.run();
            return;
        }
        byte[] bytes = parts.get(part);
        int end = Math.min(bytes.length, at + CHUNK_BYTES);
        response.write(Buffer.buffer(Arrays.copyOfRange(bytes, at, end)));
        at = end;
        if (response.writeQueueFull()) {
            response.drainHandler(unused -> pump());
        } else {
            x.context().runOnContext(unused -> pump());
        }
    }
}
