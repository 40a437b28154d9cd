package io.springtide.master.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a long document piece by piece, no faster than the client reads, and lets others have the event
 * loop in between: a hundred thousand tasks neither fill the memory nor stop the server.
 */
final class JsonStream {

    private static final Logger LOG = LoggerFactory.getLogger(JsonStream.class);
    private static final int CHUNK_BYTES = 64 * 1024;

    private final HttpServerResponse response;
    private final Context context;
    private final Iterator<JsonPiece> pieces;
    private final ByteArrayOutputStream chunk = new ByteArrayOutputStream(4 * 1024);
    private final JsonGenerator json;

    private JsonStream(HttpServerResponse response, Context context, Iterator<JsonPiece> pieces)
            throws IOException {
        this.response = response;
        this.context = context;
        this.pieces = pieces;
        this.json = Json.generator(chunk);
    }

    /** Sends on the context's own thread; headers and status have been set. */
    static void send(HttpServerResponse response, Context context, Iterator<JsonPiece> pieces) {
        try {
            new JsonStream(response, context, pieces).pump();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void pump() {
        try {
            while (pieces.hasNext()) {
                pieces.next().write(json);
                if (chunk.size() >= CHUNK_BYTES) {
                    pause();
                    return;
                }
            }
            json.close();
            if (!response.closed()) {
                response.end(Buffer.buffer(chunk.toByteArray()));
            }
        } catch (IOException | RuntimeException broken) {
            if (!response.headWritten()) {
                throw new IllegalStateException("cannot write an answer", broken);
            }
            // The status is out already; a cut connection is the only way left to say so.
            LOG.error("answer-failed", broken);
            response.reset();
        }
    }

    private void pause() {
        if (response.closed()) {
            return;
        }
        if (!response.headWritten()) {
            response.setChunked(true);
        }
        response.write(Buffer.buffer(chunk.toByteArray()));
        chunk.reset();
        if (response.writeQueueFull()) {
            response.drainHandler(unused -> pump());
        } else {
            context.runOnContext(unused -> pump());
        }
    }
}
