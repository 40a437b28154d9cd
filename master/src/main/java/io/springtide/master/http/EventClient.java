package io.springtide.master.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One reader of events and what waits for it. Frames are offered from any thread and written on the
 * connection's own event loop, many at once.
 *
 * <p>While it is told what it has missed, what happens meanwhile is held back, and comes behind it.
 */
final class EventClient {

    /**
     * Marathon allows 1 024. A burst here is two events for each of ten thousand instances, placed by one
     * decision; a client in another process gets its turn to read only afterwards. Frames are shared by
     * all clients, so that many of them cost little more than one.
     */
    static final int FRAMES_MAX = 65_536;

    /** The other bound: whichever is reached first. */
    static final long BYTES_MAX = 32 * 1024 * 1024;

    /** As many as are handed over before the reader has to have taken some, when the past is told. */
    private static final int PAST_PARTS = 8;

    private static final int WRITE_BYTES = 64 * 1024;

    private final Set<String> types;
    private final Context context;
    private final HttpServerResponse response;
    private final String address;
    private final CompletableFuture<Long> joined = new CompletableFuture<>();

    // Guarded by this.
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private final List<byte[]> held = new ArrayList<>();
    private boolean holding;
    private boolean scheduled;
    private boolean over;
    private int count;
    private long bytes;
    private long heldBytes;

    EventClient(Set<String> types, Context context, HttpServerResponse response, String address) {
        this.types = Set.copyOf(types);
        this.context = context;
        this.response = response;
        this.address = address;
    }

    boolean wants(String type) {
        return types.isEmpty() ? !EventTypes.isOurs(type) : types.contains(type);
    }

    String address() {
        return address;
    }

    /** Completes with the position of the first fact that reaches it live. */
    CompletableFuture<Long> joined() {
        return joined;
    }

    /**
     * Queues frames of the present.
     *
     * @return false if the client is too far behind; it is cut off then
     */
    synchronized boolean offer(List<byte[]> more) {
        if (over) {
            return false;
        }
        if (!counted(more)) {
            return false;
        }
        if (holding) {
            held.addAll(more);
            heldBytes += size(more);
        } else {
            queue(more);
        }
        return true;
    }

    /** From now on the present waits for {@link #release}. */
    synchronized void hold() {
        holding = true;
    }

    /** Queues frames of the past, ahead of those held back; ask {@link #hasRoom} first. */
    synchronized void offerPast(List<byte[]> more) {
        if (!over && counted(more)) {
            queue(more);
        }
    }

    /** The past is told; what was held back may go. */
    synchronized void release() {
        holding = false;
        if (!over) {
            queue(held);
        }
        held.clear();
        heldBytes = 0;
    }

    /** Whether it has read enough to be told more of the past. */
    synchronized boolean hasRoom() {
        return frames.size() < FRAMES_MAX / PAST_PARTS
                && bytes - heldBytes < BYTES_MAX / PAST_PARTS;
    }

    /** Whether nothing reaches it any more. */
    synchronized boolean isOver() {
        return over;
    }

    /** The connection is closed already, or is to be. */
    synchronized void end() {
        over = true;
        frames.clear();
        held.clear();
    }

    void close() {
        end();
        context.runOnContext(unused -> {
            if (!response.closed()) {
                response.reset();
            }
        });
    }

    private boolean counted(List<byte[]> more) {
        bytes += size(more);
        count += more.size();
        if (count > FRAMES_MAX || bytes > BYTES_MAX) {
            close();
            return false;
        }
        return true;
    }

    private static long size(List<byte[]> frames) {
        long size = 0;
        for (byte[] frame : frames) {
            size += frame.length;
        }
        return size;
    }

    private void queue(List<byte[]> more) {
        frames.addAll(more);
        if (!scheduled && !frames.isEmpty()) {
            scheduled = true;
            context.runOnContext(unused -> write());
        }
    }

    private void write() {
        while (!response.closed()) {
            if (response.writeQueueFull()) {
                response.drainHandler(unused -> write());
                return;
            }
            Buffer buffer = next();
            if (buffer.length() == 0) {
                return;
            }
            response.write(buffer);
        }
    }

    private synchronized Buffer next() {
        Buffer buffer = Buffer.buffer();
        while (buffer.length() < WRITE_BYTES && !frames.isEmpty()) {
            byte[] frame = frames.removeFirst();
            buffer.appendBytes(frame);
            count--;
            bytes -= frame.length;
        }
        if (buffer.length() == 0) {
            scheduled = false;
        }
        return buffer;
    }
}
