package io.springtide.master.scaling;

import io.springtide.master.config.PrometheusSetting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a Prometheus, each query at most every {@link #PERIOD}, a few at once, those first that have
 * waited longest. A query that several policies have is asked once.
 */
public final class Prometheus implements Queries {

    /** Between two answers to the same query. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    /** An answer that takes longer is none. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration CUT_OFF = PATIENCE.plusMillis(500);

    private static final int AT_ONCE_MAX = 16;

    /** One number needs a hundred bytes; a thousand series that should have been one, this. */
    private static final int BODY_BYTES_MAX = 256 * 1024;

    private static final int TOKEN_BYTES_MAX = 64 * 1024;

    private final URI address;
    private final Optional<Path> tokenFile;
    private final InstantSource clock;
    private final ScalingCounters counters;
    private @Nullable HttpClient client;
    private boolean closed;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();

    /** One query. */
    private static final class Asked {
        volatile long askedMs = Long.MIN_VALUE;
        volatile boolean underWay;
        volatile Optional<Answered> newest = Optional.empty();
    }

    /** Asks nothing yet. */
    public Prometheus(PrometheusSetting setting, InstantSource clock, ScalingCounters counters) {
        this.address = URI.create(setting.address() + "/api/v1/query");
        this.tokenFile = setting.tokenFile();
        this.clock = clock;
        this.counters = counters;
    }

    /** Made when it is needed first: a new leader has better things to do. */
    private synchronized HttpClient http() throws IOException {
        HttpClient made = client;
        if (closed) {
            throw new IOException("the master is closing");
        }
        if (made == null) {
            made = HttpClient.newBuilder().connectTimeout(PATIENCE)
                    .followRedirects(HttpClient.Redirect.NEVER).executor(threads)
                    .version(HttpClient.Version.HTTP_1_1).build();
            client = made;
        }
        return made;
    }

    @Override
    public void ask(Set<String> wanted, long nowMs) {
        asked.keySet().retainAll(wanted);
        wanted.forEach(query -> asked.computeIfAbsent(query, unused -> new Asked()));
        asked.entrySet().stream()
                .filter(entry -> !entry.getValue().underWay
                        && due(entry.getValue().askedMs, nowMs))
                .sorted(Comparator.comparingLong(entry -> entry.getValue().askedMs))
                .limit(places.availablePermits())
                .forEach(entry -> begin(entry.getKey(), entry.getValue(), nowMs));
    }

    /** Also after the clock was put back. */
    private static boolean due(long askedMs, long nowMs) {
        return askedMs == Long.MIN_VALUE || nowMs < askedMs
                || nowMs - askedMs >= PERIOD.toMillis();
    }

    private void begin(String query, Asked one, long nowMs) {
        if (!places.tryAcquire()) {
            return;
        }
        one.askedMs = nowMs;
        one.underWay = true;
        try {
            Future<?> asking = threads.submit(() -> {
                try {
                    Answered answer = ask(query);
                    counters.queried(answer.known());
                    one.newest = Optional.of(answer);
                } finally {
                    one.underWay = false;
                    places.release();
                }
            });
            // The client's own patience ends with the head of the answer.
            CompletableFuture.delayedExecutor(CUT_OFF.toMillis(), TimeUnit.MILLISECONDS, threads)
                    .execute(() -> asking.cancel(true));
        } catch (RejectedExecutionException closed) {
            places.release();
        }
    }

    @Override
    public Optional<Answered> answer(String query) {
        return Optional.ofNullable(asked.get(query)).flatMap(one -> one.newest);
    }

    private Answered ask(String query) {
        String authority = address.getAuthority();
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Accept", "application/json")
                    .POST(BodyPublishers.ofString("timeout=" + PATIENCE.toSeconds() + "s&query="
                            + URLEncoder.encode(query, StandardCharsets.UTF_8)));
            if (tokenFile.isPresent()) {
                request.header("Authorization", "Bearer " + token(tokenFile.get()));
            }
            HttpResponse<InputStream> response = http().send(request.build(),
                    BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                byte[] bytes = body.readNBytes(BODY_BYTES_MAX + 1);
                return bytes.length > BODY_BYTES_MAX
                        ? Answered.none("the answer of Prometheus is longer than "
                                + BODY_BYTES_MAX / 1024
                                + " KiB; make one number of it, for example with sum()",
                                clock.millis())
                        : PromAnswer.read(response.statusCode(), bytes, clock.millis());
            }
        } catch (HttpTimeoutException | InterruptedException slow) {
            return Answered.none("Prometheus at " + authority + " gave no answer within "
                    + PATIENCE.toSeconds() + " s", clock.millis());
        } catch (TokenMissing missing) {
            return Answered.none(String.valueOf(missing.getMessage()), clock.millis());
        } catch (IOException broken) {
            return Answered.none("Prometheus at " + authority + " cannot be reached: "
                    + (broken.getMessage() == null
                            ? broken.getClass().getSimpleName()
                            : broken.getMessage()),
                    clock.millis());
        }
    }

    /** The file with the token cannot be used. */
    private static final class TokenMissing extends IOException {

        private static final long serialVersionUID = 1;

        TokenMissing(String message, Throwable cause) {
            super(message, cause);
        }

        TokenMissing(String message) {
            super(message);
        }
    }

    private static String token(Path file) throws TokenMissing {
        try (InputStream in = Files.newInputStream(file)) {
            String token = new String(in.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8)
                    .strip();
            if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
                throw new TokenMissing("the file of --prometheus-token-file holds no token");
            }
            return token;
        } catch (TokenMissing known) {
            throw known;
        } catch (IOException broken) {
            throw new TokenMissing("the file of --prometheus-token-file cannot be read: "
                    + broken.getMessage(), broken);
        }
    }

    /** What is under way is cut off. */
    @Override
    public synchronized void close() {
        closed = true;
        HttpClient made = client;
        if (made != null) {
            made.shutdownNow();
        }
        threads.shutdownNow();
    }
}
