package io.springtide.cloud.ingress.feed;

import io.springtide.cloud.ingress.wire.IngressReport;
import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.support.Bodies;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Speaks with the masters: any of them, the next one when one fails. Any thread. */
final class Masters implements AutoCloseable {

    /** A table of the largest cluster is a tenth of this. */
    static final int TABLE_BYTES_MAX = 128 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** For all of a table, once it has begun to come. */
    private static final Duration TABLE = Duration.ofSeconds(30);
    private static final Duration REPORT = Duration.ofSeconds(2);
    private static final String TRAFFIC = "/tide/v1/traffic/";

    private final List<URI> urls;
    private final String id;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT).build();
    private volatile int current;

    /** @param urls at least one, {@code http://host:port} */
    Masters(List<URI> urls, String id) {
        this.urls = List.copyOf(urls);
        this.id = id;
    }

    /**
     * The table, once its revision is another one.
     *
     * @param known the revision that is in force; 0 = none
     * @param wait how long the master may let us wait
     * @return empty if nothing has changed
     * @throws IOException with a sentence, if the master fails; the next call asks the next one
     */
    Optional<TrafficTable> table(long known, Duration wait)
            throws IOException, InterruptedException {
        URI url = urls.get(current % urls.size());
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + TRAFFIC + "table?revision="
                + known + "&waitMs=" + wait.toMillis() + "&ingress="
                + URLEncoder.encode(id, StandardCharsets.UTF_8)))
                .timeout(wait.plus(CONNECT).plusSeconds(3)).GET().build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return switch (response.statusCode()) {
                    case 304 -> Optional.empty();
                    case 200 -> Optional.of(TrafficJson
                            .readTable(Bodies.read(body, TABLE_BYTES_MAX, TABLE)));
                    default -> throw new IOException("it answered " + response.statusCode());
                };
            }
        } catch (IOException | IllegalArgumentException failed) {
            current = (current + 1) % urls.size();
            throw new IOException("master " + url + ": " + sentence(failed), failed);
        }
    }

    private static String sentence(Throwable failed) {
        return failed.getMessage() == null
                ? failed.getClass().getSimpleName()
                : failed.getMessage();
    }

    /**
     * Tells a master. A report that is lost is not sent again: a newer one follows within a second.
     *
     * @return whether the master has it; never fails
     */
    CompletableFuture<Boolean> report(IngressReport report) {
        int asked = current;
        HttpRequest request = HttpRequest
                .newBuilder(URI.create(urls.get(asked % urls.size()) + TRAFFIC + "reports"))
                .timeout(REPORT).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(TrafficJson.write(report))).build();
        // The patience of the request ends with the head of the answer.
        return http.sendAsync(request, BodyHandlers.discarding())
                .orTimeout(2 * REPORT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, failure) -> {
                    boolean failed = failure != null || response.statusCode() >= 500;
                    // The fetch of tables chooses the master; it may have moved on already.
                    if (failed && urls.size() > 1 && current == asked) {
                        current = (asked + 1) % urls.size();
                    }
                    return !failed;
                });
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
