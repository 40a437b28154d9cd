package io.springtide.api.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The master's event stream ({@code GET /v2/events}). Connects again by itself, with growing and
 * jittered pauses, and goes on after the last event it has seen, if the master numbers them. It says so
 * with an event of type {@link StreamedEvent#RESUMED}, or {@link StreamedEvent#GAP} if it cannot. Gives
 * up after {@link #ATTEMPTS_MAX} attempts in a row. One thread reads; any thread may close.
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
    private String lastId;

    /** Whether this connection asked for the past, and nothing has come yet. */
    private boolean asked;
    private volatile boolean closed;

    EventStream(TideClient client, String path, String lastId) {
        this.client = client;
        this.path = path;
        this.lastId = lastId;
    }

    /** Id of the last event read, to begin after it another time; empty if there is none. */
    public String lastId() {
        return lastId;
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
        HttpURLConnection fresh = client.send("GET", path, Json.nothing(), lastId.isEmpty()
                ? Map.of("Accept", "text/event-stream")
                : Map.of("Accept", "text/event-stream", "Last-Event-ID", lastId));
        try {
            fresh.setReadTimeout(SILENCE_MS_MAX);
            TideClient.failUnlessOk(fresh);
            asked = !lastId.isEmpty();
            http = fresh;
            lines = new BufferedReader(
                    new InputStreamReader(fresh.getInputStream(), StandardCharsets.UTF_8));
        } catch (IOException broken) {
            throw TideClient.lost(fresh, broken);
        }
        if (connectedBefore) {
            pending.add(new StreamedEvent(lastId.isEmpty()
                    ? StreamedEvent.GAP
                    : StreamedEvent.RESUMED, Json.nothing(), lastId));
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
        String id = "";
        StringBuilder data = new StringBuilder();
        try {
            while (true) {
                String line = reader.readLine();
                if (line == null) {
                    throw new IOException("the master closed the event stream");
                }
                if (line.isEmpty()) {
                    if (data.length() > 0) {
                        StreamedEvent event = new StreamedEvent(type,
                                JsonText.parse(data.toString()), id);
                        lastId = id.isEmpty() ? lastId : id;
                        asked = false;
                        return event;
                    }
                    type = "message";
                    id = "";
                } else if (line.startsWith(":") && asked) {
                    // The one thing a master says outside of events: it cannot go back so far.
                    asked = false;
                    return new StreamedEvent(StreamedEvent.GAP,
                            Json.of(line.substring(1).strip()), "");
                } else if (line.startsWith("id:")) {
                    id = line.substring("id:".length()).strip();
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
