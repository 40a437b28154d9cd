package io.springtide.master.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Sends pieces one after the other, no faster than the client reads. A worker puts them together, a chunk
 * at a time and in turn with those of other clients, and the event loop only writes them. Pieces that are
 * deflated already become one gzip stream: nothing is squeezed twice.
 */
final class PieceStream {

    private static final int CHUNK_BYTES = 128 * 1024;

    /** Room for what the last piece goes beyond it, lest the buffer is copied for that. */
    private static final int CHUNK_CAPACITY_BYTES = CHUNK_BYTES + 16 * 1024;

    /** No name, no time, deflated; by whom is nobody's business. */
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

    /** An empty block that says that it is the last one. */
    private static final byte[] DEFLATE_END = {3, 0};

    private final Exchange exchange;
    private final HttpServerResponse response;
    private final boolean packed;
    private final Supplier<Iterator<Piece>> source;
    // The worker's: it makes one chunk at a time.
    private Optional<Iterator<Piece>> pieces = Optional.empty();
    private int crc;
    private int length;
    // The event loop's.
    private boolean blocked;
    private Optional<Chunk> ahead = Optional.empty();

    /** What is written at once; the last one ends the answer. */
    private record Chunk(Buffer bytes, boolean last) {}

    private PieceStream(Exchange x, boolean packed, Supplier<Iterator<Piece>> source) {
        this.exchange = x;
        this.response = x.response();
        this.packed = packed;
        this.source = source;
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
     * Sends a JSON document of any length.
     *
     * @param packed whether the pieces are deflated
     * @param source asked for the pieces on the worker
     */
    static void send(Exchange x, boolean packed, Supplier<Iterator<Piece>> source) {
        if (headed(x, packed)) {
            new PieceStream(x, packed, source).produce();
        }
    }

    /** Sends a JSON document whose pieces are all there. */
    static void sendNow(Exchange x, boolean packed, List<Piece> pieces) {
        if (headed(x, packed)) {
            PieceStream stream = new PieceStream(x, packed, pieces::iterator);
            stream.write(stream.fill(Integer.MAX_VALUE));
        }
    }

    private static boolean headed(Exchange x, boolean packed) {
        HttpServerResponse response = x.response();
        if (response.ended() || response.closed()) {
            return false;
        }
        response.setStatusCode(200).putHeader("Content-Type", "application/json")
                .putHeader("Vary", "Accept-Encoding");
        if (packed) {
            response.putHeader("Content-Encoding", "gzip");
        }
        if (x.request().method().equals(HttpMethod.HEAD)) {
            response.end();
            return false;
        }
        return true;
    }

    /** Event loop: has the worker make the next chunk. */
    private void produce() {
        exchange.whenDone(CompletableFuture.supplyAsync(() -> fill(CHUNK_BYTES),
                exchange.backend().pieces().worker()), this::made, this::broken);
    }

    private Chunk fill(int bytesMin) {
        Buffer chunk = Buffer.buffer(bytesMin == Integer.MAX_VALUE ? 0 : CHUNK_CAPACITY_BYTES);
        Iterator<Piece> from = pieces.orElseGet(source);
        if (pieces.isEmpty()) {
            pieces = Optional.of(from);
            if (packed) {
                chunk.appendBytes(GZIP_HEAD);
            }
        }
        while (chunk.length() < bytesMin) {
            if (!from.hasNext()) {
                if (packed) {
                    chunk.appendBytes(DEFLATE_END).appendIntLE(crc).appendIntLE(length);
                }
                return new Chunk(chunk, true);
            }
            Piece piece = from.next();
            chunk.appendBytes(piece.bytes());
            if (packed) {
                crc = Crc.joined(crc, piece.crc(), piece.shift());
                length += piece.length();
            }
        }
        return new Chunk(chunk, false);
    }

    private void made(Chunk chunk) {
        if (blocked) {
            ahead = Optional.of(chunk);
        } else {
            write(chunk);
        }
    }

    private void write(Chunk chunk) {
        if (response.closed()) {
            return;
        }
        if (chunk.last()) {
            response.end(chunk.bytes());
            return;
        }
        if (!response.headWritten()) {
            response.setChunked(true);
        }
        // The next one is made while this one is written: one ahead, however slowly the client reads.
        produce();
        response.write(chunk.bytes());
        if (response.writeQueueFull()) {
            blocked = true;
            response.drainHandler(unused -> drained());
        }
    }

    private void drained() {
        blocked = false;
        Optional<Chunk> next = ahead;
        ahead = Optional.empty();
        next.ifPresent(this::write);
    }

    /** Once the status is out, a cut connection is the only way left to say so. */
    private void broken(Throwable failure) {
        if (!response.closed()) {
            if (!response.headWritten()) {
                response.headers().remove("Content-Encoding").remove("ETag");
            }
            exchange.broken(failure);
        }
    }
}
