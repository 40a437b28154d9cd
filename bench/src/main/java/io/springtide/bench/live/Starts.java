package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * When instances came to run, as a client of {@code /v2/events} hears of it: to listen costs the master
 * less than to ask it again and again, and what it costs would be measured, too.
 */
public final class Starts implements AutoCloseable {

    private final HttpClient http = HttpClient.newHttpClient();
    private final Lock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Set<String> seen = new HashSet<>();
    private final List<Long> atNanos = new ArrayList<>();
    private @Nullable IOException broken;

    /** Listens from now on. */
    public Starts(LocalCluster cluster) throws IOException {
        InputStream stream;
        try {
            stream = http.send(HttpRequest.newBuilder(cluster.uri("/v2/events"
                    + "?event_type=status_update_event&event_type=event_stream_attached"))
                    .header("Accept", "text/event-stream").build(),
                    HttpResponse.BodyHandlers.ofInputStream()).body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        BufferedReader lines = new BufferedReader(
                new InputStreamReader(stream, StandardCharsets.UTF_8));
        Thread.ofPlatform().daemon(true).name("starts").start(() -> listen(lines));
    }

    /**
     * Waits until so many instances have come to run.
     *
     * @return the {@link System#nanoTime()} of each, in order
     * @throws IllegalStateException if they have not in that time
     */
    public List<Long> await(int count, Duration atMost) throws InterruptedException {
        long leftNanos = atMost.toNanos();
        lock.lock();
        try {
            while (atNanos.size() < count) {
                if (broken != null || leftNanos <= 0) {
                    throw new IllegalStateException(atNanos.size() + " of " + count
                            + " instances came to run within " + atMost.toSeconds() + " s", broken);
                }
                leftNanos = news.awaitNanos(leftNanos);
            }
            return List.copyOf(atNanos.subList(0, count));
        } finally {
            lock.unlock();
        }
    }

    private void listen(BufferedReader lines) {
        ObjectMapper json = new ObjectMapper();
        try (lines) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data:") && line.contains("TASK_RUNNING")) {
                    heard(json.readTree(line.substring(5)));
                }
            }
            end(new IOException("the master has ended the stream of events"));
        } catch (IOException e) {
            end(e);
        }
    }

    private void heard(JsonNode event) {
        long now = System.nanoTime();
        lock.lock();
        try {
            if (event.path("taskStatus").asText().equals("TASK_RUNNING")
                    && seen.add(event.path("taskId").asText())) {
                atNanos.add(now);
                news.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(IOException why) {
        lock.lock();
        try {
            broken = why;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        // Not by its reader, which would wait for the next line.
        http.shutdownNow();
    }

    /** A time in seconds. */
    static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
