package io.springtide.master.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends pieces one after the other, no faster than the client reads, and lets others have the event loop in
 * between. Pieces that are deflated already become one gzip stream: nothing is squeezed twice.
 */
final class PieceStream {

    private static final Logger LOG = LoggerFactory.getLogger(PieceStream.class);
    private static final int CHUNK_BYTES = 128 * 1024;

    /** No name, no time, deflated; by whom is nobody's business. */
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** An empty block that says that it is the last one. */
    private static final byte[] DEFLATE_END = {3, 0};

    private final HttpServerResponse response;
    private final Context context;
    private final boolean packed;
    private final Iterator<Piece> pieces;
    private Buffer chunk = Buffer.buffer();
    private int crc;
    private int length;

    private PieceStream(Exchange x, boolean packed, Iterator<Piece> pieces) {
        this.response = x.response();
        this.context = x.context();
        this.packed = packed;
        this.pieces = pieces;
    }

    /** Whether the client takes gzip. */
    static boolean packs(Exchange x) {
        String accepts = x.request().getHeader("Accept-Encoding");
        if (accepts == null) {
            return false;
        }
        boolean any = false;
        for (String one : accepts.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = one.split(";", 2);
            String name = parts[0].strip();
            boolean refused = parts.length > 1 && parts[1].strip().matches("q=0(\\.0*)?");
            if (name.equals("gzip")) {
                return !refused;
            }
            any |= name.equals("*") && !refused;
        }
        return any;
    }

    /**
     * Sends a JSON document.
     *
     * @param packed whether the pieces are deflated
     */
    static void send(Exchange x, boolean packed, Iterator<Piece> pieces) {
        HttpServerResponse response = x.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(200).putHeader("Content-Type", "application/json")
                .putHeader("Vary", "Accept-Encoding");
        if (packed) {
            response.putHeader("Content-Encoding", "gzip");
        }
        if (x.request().method().equals(HttpMethod.HEAD)) {
            response.end();
            return;
        }
        new PieceStream(x, packed, pieces).begin();
    }

    private void begin() {
        if (packed) {
            chunk.appendBytes(GZIP_HEAD);
        }
        pump();
    }

    private void pump() {
        try {
            while (pieces.hasNext()) {
                Piece piece = pieces.next();
                chunk.appendBytes(piece.bytes());
                if (packed) {
                    crc = Crc.joined(crc, piece.crc(), piece.shift());
                    length += piece.length();
                }
                if (chunk.length() >= CHUNK_BYTES) {
                    pause();
                    return;
                }
            }
        } catch (RuntimeException broken) {
            if (!response.headWritten()) {
                throw broken;
            }
            // The status is out already; a cut connection is the only way left to say so.
            LOG.error("answer-failed", broken);
            response.reset();
            return;
        }
        if (packed) {
            chunk.appendBytes(DEFLATE_END).appendIntLE(crc).appendIntLE(length);
        }
        if (!response.closed()) {
            response.end(chunk);
        }
    }

    private void pause() {
        if (response.closed()) {
            return;
        }
        if (!response.headWritten()) {
            response.setChunked(true);
        }
        response.write(chunk);
        chunk = Buffer.buffer(CHUNK_BYTES);
        if (response.writeQueueFull()) {
            response.drainHandler(unused -> pump());
        } else {
            context.runOnContext(unused -> pump());
        }
    }
}
