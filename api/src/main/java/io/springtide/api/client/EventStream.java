package io.springtide.api.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The master's event stream ({@code GET /v2/events}). Connects again by itself, with growing and
 * jittered pauses, and says so with an event of type {@link StreamedEvent#GAP}; gives up after
 * {@link #ATTEMPTS_MAX} attempts in a row. One thread reads; any thread may close.
 */
public final class EventStream implements AutoCloseable {
    /** With pauses that grow to five seconds: about a minute without a master. */
    public static final int ATTEMPTS_MAX = 15;

    private static final int PAUSE_MS_MAX = 5_000;

    /** Three keep-alives missed: the peer is gone without having said so. */
    private static final int SILENCE_MS_MAX = 35_000;

    /** Longest event that is read; the longest of a master carries one app. */
    private static final int EVENT_CHARS_MAX = 4 << 20;

    private final TideClient client;
    private final String path;
    private final Queue<StreamedEvent> pending = new ArrayDeque<>();
    private @Nullable HttpURLConnection http;
    private @Nullable BufferedReader lines;
    private boolean connectedBefore;
    private volatile boolean closed;

    EventStream(TideClient client, String path) {
        this.client = client;
        this.path = path;
    }

    /** Connects now, so that no event after this call is missed. @throws TideException if it cannot */
    public EventStream open() {
        if (lines == null) {
            connect();
        }
        return this;
    }

    /**
     * Waits for the next event.
     *
     * @throws TideException if no master is found for about a minute, or if one refuses
     * @throws IllegalStateException if the stream is closed
     */
    public StreamedEvent next() {
        int attempts = 0;
        while (true) {
            if (closed) {
                throw new IllegalStateException("the event stream is closed");
            }
            StreamedEvent ready = pending.poll();
            if (ready != null) {
                return ready;
            }
            try {
                if (lines == null) {
                    connect();
                }
                return read();
            } catch (TideException.Refused refused) {
                if (refused.status() < 500) {
                    throw refused;
                }
                attempts = pauseOrGiveUp(attempts, refused);
            } catch (TideException.Unreachable gone) {
                attempts = pauseOrGiveUp(attempts, gone);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        drop();
    }

    private int pauseOrGiveUp(int attempts, TideException cause) {
        drop();
        if (attempts >= ATTEMPTS_MAX || closed) {
            throw cause;
        }
        long pauseMs = Math.min(PAUSE_MS_MAX, 100L << Math.min(attempts, 10));
        try {
            Thread.sleep(pauseMs / 2 + ThreadLocalRandom.current().nextLong(pauseMs / 2 + 1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cause;
        }
        return attempts + 1;
    }

    private void connect() {
        HttpURLConnection fresh = client.send("GET", path, Json.nothing(), "text/event-stream");
        try {
            fresh.setReadTimeout(SILENCE_MS_MAX);
            TideClient.failUnlessOk(fresh);
            http = fresh;
            lines = new BufferedReader(
                    new InputStreamReader(fresh.getInputStream(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw TideClient.lost(fresh, broken);
        }
        if (connectedBefore) {
            pending.add(new StreamedEvent(StreamedEvent.GAP, Json.nothing()));
        }
        connectedBefore = true;
    }

    private StreamedEvent read() {
        StreamedEvent gap = pending.poll();
        if (gap != null) {
            return gap;
        }
        BufferedReader reader = lines;
        HttpURLConnection connection = http;
        if (reader == null || connection == null) {
            throw new IllegalStateException("the event stream is closed");
        }
        String type = "message";
        StringBuilder data = new StringBuilder();
        try {
            while (true) {
                String line = reader.readLine();
                if (line == null) {
                    throw new IOException("the master closed the event stream");
                }
                if (line.isEmpty()) {
                    if (data.length() > 0) {
                        return new StreamedEvent(type, JsonText.parse(data.toString()));
                    }
                    type = "message";
                } else if (line.startsWith("event:")) {
                    type = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:")) {
                    data.append(data.length() == 0 ? "" : "\n").append(line, "data:".length(),
                            line.length());
                    if (data.length() > EVENT_CHARS_MAX) {
                        throw new TideException.Garbled(
                                "An event is longer than " + EVENT_CHARS_MAX + " characters");
                    }
                }
            }
        } catch (JsonText.MalformedJson broken) {
            throw new TideException.Garbled(
                    "An event of type " + type + " is not JSON: " + broken.getMessage());
        } catch (IOException broken) {
            throw TideClient.lost(connection, broken);
        }
    }

    private void drop() {
        HttpURLConnection old = http;
        if (old != null) {
            old.disconnect();
        }
        http = null;
        lines = null;
    }
}
