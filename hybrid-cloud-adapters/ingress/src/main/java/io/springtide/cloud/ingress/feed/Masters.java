package io.springtide.cloud.ingress.feed;

import io.springtide.cloud.ingress.wire.IngressReport;
import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Speaks with the masters: any of them, the next one when one fails. Any thread. */
final class Masters implements AutoCloseable {

    /** A table of the largest cluster is a tenth of this. */
    static final int TABLE_BYTES_MAX = 128 << 20;

    private static final Duration CONNECT = Duration.ofSeconds(2);

    /** Less than two seconds, so that of reports that leave every second two are under way at most. */
    private static final Duration REPORT = Duration.ofMillis(1_800);
    /** More than the time that a master may let us wait; then it is given up. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** So many reports in a row may fail until the fetch is given up as well, if there is no other master. */
    private static final int FAILURES_MAX = 2;

    private static final String TRAFFIC = "/tide/v1/traffic/";

    private final List<URI> urls;
    private final String id;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT).build();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile CompletableFuture<?> fetching = CompletableFuture.completedFuture("");
    private volatile int fetchingFrom;
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
        int asked = current;
        URI url = urls.get(asked);
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + TRAFFIC + "table?revision="
                + known + "&waitMs=" + wait.toMillis() + "&ingress="
                + URLEncoder.encode(id, StandardCharsets.UTF_8)))
                .timeout(wait.plus(ANSWER)).GET().build();
        var fetch = http.sendAsync(request, head -> new BoundedBody(TABLE_BYTES_MAX));
        fetchingFrom = asked;
        fetching = fetch;
        try {
            // The request's own time ends with the head of the answer; the body may stop, too.
            HttpResponse<byte[]> response = fetch.get(wait.plus(ANSWER).toMillis(),
                    TimeUnit.MILLISECONDS);
            failures.set(0);
            return switch (response.statusCode()) {
                case 304 -> Optional.empty();
                case 200 -> Optional.of(TrafficJson.readTable(response.body()));
                default -> throw new IOException("it answered " + response.statusCode());
            };
        } catch (ExecutionException failed) {
            throw left(asked, failed.getCause() == null ? failed : failed.getCause());
        } catch (TimeoutException late) {
            throw left(asked, new IOException("its answer has not come to an end in time", late));
        } catch (CancellationException given) {
            throw left(asked, new IOException("it takes no reports any more", given));
        } catch (IOException | IllegalArgumentException failed) {
            throw left(asked, failed);
        } finally {
            fetch.cancel(true);
        }
    }

    private IOException left(int asked, Throwable failed) {
        leave(asked);
        return new IOException("master " + urls.get(asked) + ": " + sentence(failed), failed);
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
                .newBuilder(URI.create(urls.get(asked) + TRAFFIC + "reports"))
                .timeout(REPORT).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(TrafficJson.write(report))).build();
        return http.sendAsync(request, BodyHandlers.discarding()).handle((response, failure) -> {
            boolean failed = failure != null || response.statusCode() >= 500;
            if (!failed) {
                failures.set(0);
            } else {
                leave(asked);
                // A fetch from one that has died would wait for half a minute.
                int inARow = failures.incrementAndGet();
                if (fetchingFrom == asked && (urls.size() > 1 || inARow == FAILURES_MAX)) {
                    fetching.cancel(true);
                }
            }
            return !failed;
        });
    }

    /** To the next master; not twice, if fetch and report have failed at the same one. */
    private synchronized void leave(int failed) {
        if (current == failed) {
            current = (failed + 1) % urls.size();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
