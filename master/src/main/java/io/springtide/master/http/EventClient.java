package io.springtide.master.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One reader of events and what waits for it. Frames are offered from any thread and written on the
 * connection's own event loop, many at once.
 */
final class EventClient {

    /**
     * Marathon allows 1 024. A burst here is two events for each of some thousand instances within a
     * second or two, which a client in another process gets its turn to read only afterwards.
     */
    static final int FRAMES_MAX = 16_384;

    /** The other bound: whichever is reached first. */
    static final long BYTES_MAX = 8 * 1024 * 1024;

    private static final int WRITE_BYTES = 64 * 1024;

    private final Set<String> types;
    private final Context context;
    private final HttpServerResponse response;
    private final String address;
    private final ConcurrentLinkedQueue<byte[]> frames = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile boolean overflowed;

    EventClient(Set<String> types, Context context, HttpServerResponse response, String address) {
        this.types = Set.copyOf(types);
        this.context = context;
        this.response = response;
        this.address = address;
    }

    boolean wants(String type) {
        return types.isEmpty() || types.contains(type);
    }

    String address() {
        return address;
    }

    /**
     * Queues frames.
     *
     * @return false if the client is too far behind; it is cut off then
     */
    boolean offer(List<byte[]> more) {
        if (overflowed) {
            return false;
        }
        long size = 0;
        for (byte[] frame : more) {
            size += frame.length;
        }
        if (count.addAndGet(more.size()) > FRAMES_MAX || bytes.addAndGet(size) > BYTES_MAX) {
            overflowed = true;
            frames.clear();
            close();
            return false;
        }
        frames.addAll(more);
        if (scheduled.compareAndSet(false, true)) {
            context.runOnContext(unused -> write());
        }
        return true;
    }

    void close() {
        context.runOnContext(unused -> {
            if (!response.closed()) {
                response.reset();
            }
        });
    }

    private void write() {
        while (!response.closed() && !overflowed) {
            if (response.writeQueueFull()) {
                response.drainHandler(unused -> write());
                return;
            }
            Buffer buffer = Buffer.buffer();
            int taken = 0;
            byte[] frame;
            while (buffer.length() < WRITE_BYTES && (frame = frames.poll()) != null) {
                buffer.appendBytes(frame);
                taken++;
            }
            if (taken == 0) {
                scheduled.set(false);
                // Whoever offered just before saw it set, and relies on us.
                if (frames.isEmpty() || !scheduled.compareAndSet(false, true)) {
                    return;
                }
                continue;
            }
            count.addAndGet(-taken);
            bytes.addAndGet(-buffer.length());
            response.write(buffer);
        }
    }
}
