package io.springtide.bench.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.springtide.master.journal.Folders;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * From nothing to N running {@code sleep} processes: the time from the POST to the last TASK_RUNNING on
 * the event stream. Prints a table; medians of several runs, each with a cluster of its own.
 *
 * <p>Arguments: how often, then the sizes; {@code 5 200 1000} if there are none.
 */
public final class ScaleOut {

    private static final int AGENTS = 4;

    private ScaleOut() {}

    public static void main(String[] arguments) throws Exception {
        int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        List<Integer> sizes = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            sizes.add(Integer.parseInt(arguments[i]));
        }
        if (sizes.isEmpty()) {
            sizes.addAll(List.of(200, 1_000));
        }
        System.out.println(
                "| sleep processes | first s | half s | last s (median) | min | max | started/s |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (int size : sizes) {
            List<Run> results = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                results.add(run(size));
            }
            results.sort((a, b) -> Double.compare(a.lastS, b.lastS));
            Run median = results.get(results.size() / 2);
            System.out.printf("| %d | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f |%n", size,
                    median.firstS, median.halfS,
                    median.lastS, results.getFirst().lastS, results.getLast().lastS,
                    size / median.lastS);
        }
    }

    private record Run(double firstS, double halfS, double lastS) {}

    private static Run run(int size) throws Exception {
        Path folder = Files.createTempDirectory("tide-bench");
        try (LocalCluster cluster = new LocalCluster(folder, AGENTS)) {
            CompletableFuture<Void> attached = new CompletableFuture<>();
            CompletableFuture<List<Long>> running = new CompletableFuture<>();
            Thread.ofPlatform().daemon(true).start(() -> listen(cluster, size, attached, running));
            attached.get(10, TimeUnit.SECONDS);
            long start = System.nanoTime();
            LocalCluster.Reply reply = cluster.send("POST", "/v2/apps", app(size));
            if (reply.status() != 201) {
                throw new IllegalStateException("POST /v2/apps: " + reply);
            }
            List<Long> times = await(running);
            return new Run(seconds(times.getFirst() - start), seconds(times.get(size / 2) - start),
                    seconds(times.getLast() - start));
        } finally {
            Folders.delete(folder);
        }
    }

    private static String app(int instances) {
        return "{\"id\":\"/bench\",\"cmd\":\"exec sleep 3600\",\"cpus\":0.01,\"mem\":4,\"instances\":"
                + instances
                + ",\"portDefinitions\":[]}";
    }

    private static List<Long> await(CompletableFuture<List<Long>> running) throws Exception {
        try {
            return running.get(300, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IllegalStateException("not all processes came to run within 300 s", e);
        }
    }

    private static void listen(LocalCluster cluster, int size, CompletableFuture<Void> attached,
            CompletableFuture<List<Long>> running) {
        try {
            HttpURLConnection connection = (HttpURLConnection) cluster
                    .uri("/v2/events?event_type=status_update_event&event_type=event_stream_attached")
                    .toURL()
                    .openConnection();
            connection.setRequestProperty("Accept", "text/event-stream");
            connection.setReadTimeout((int) Duration.ofMinutes(5).toMillis());
            ObjectMapper json = new ObjectMapper();
            Set<String> seen = new HashSet<>();
            List<Long> times = new ArrayList<>();
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                attached.complete(null);
                for (String line = lines.readLine(); line != null
                        && times.size() < size; line = lines.readLine()) {
                    if (line.startsWith("data:")) {
                        JsonNode event = json.readTree(line.substring(5));
                        if (event.path("taskStatus").asText().equals("TASK_RUNNING")
                                && seen.add(event.path("taskId").asText())) {
                            times.add(System.nanoTime());
                        }
                    }
                }
            }
            running.complete(Collections.unmodifiableList(times));
        } catch (IOException e) {
            attached.completeExceptionally(e);
            running.completeExceptionally(e);
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
