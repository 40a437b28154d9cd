package io.springtide.bench.chaos;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * Changes and reads all the time, as behind a load balancer: only masters that said lately that they are
 * ready are asked, and where the connection is refused the next one is. Anything else is a failure.
 */
final class SteadyClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofMillis(20);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration END = Duration.ofSeconds(30);

    private final Trial trial;
    private final int round;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1)).build();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicReference<String> failure = new AtomicReference<>("none");
    private final AtomicLong acceptedNs = new AtomicLong(System.nanoTime());
    private final AtomicLong gapNs = new AtomicLong();
    private final List<Thread> threads;
    private volatile List<Integer> ready = List.of(0, 1, 2);
    private volatile boolean over;

    SteadyClient(Trial trial, int round) {
        this.trial = trial;
        this.round = round;
        threads = List.of(thread("balancer", this::balance), thread("changes", this::change),
                thread("reads", this::read));
    }

    private static Thread thread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name("steady-" + name).start(work);
    }

    /** Requests that had an answer or failed. */
    int answered() {
        return answered.get();
    }

    int failed() {
        return failed.get();
    }

    /** The first that failed. */
    String failure() {
        return failure.get();
    }

    /** From now on the longest gap is looked for anew. */
    void gapBegins() {
        gapNs.set(0);
    }

    /** The longest time between two accepted changes since then. */
    double gapMs() {
        return gapNs.get() / 1e6;
    }

    private void balance() {
        while (!over) {
            ready = IntStream.range(0, ChaosCluster.MASTERS).filter(trial.api()::ready).boxed()
                    .toList();
            Pause.of(LOOK);
        }
    }

    private void change() {
        for (int number = 0; !over; number++) {
            String note = NoteWriter.GROUP + "/r" + round + "-" + number;
            int status = ask(number, "POST", "/v2/apps", "{\"id\":\"" + note
                    + "\",\"cmd\":\"exec sleep 1\",\"cpus\":0.01,\"mem\":4,\"instances\":0}");
            if (status == 201) {
                long now = System.nanoTime();
                long gap = now - acceptedNs.getAndSet(now);
                gapNs.accumulateAndGet(gap, Math::max);
                trial.noted(note);
            }
            Pause.of(BETWEEN);
        }
    }

    private void read() {
        for (int number = 0; !over; number++) {
            ask(number, "GET", "/v2/apps" + Trial.STEADY, "");
            Pause.of(BETWEEN);
        }
    }

    /** The status; 0 if it failed otherwise. */
    private int ask(int number, String method, String path, String body) {
        List<Integer> masters = ready;
        String last = "no master was ready";
        for (int tries = 0; tries < masters.size(); tries++) {
            int master = masters.get((number + tries) % masters.size());
            try {
                HttpResponse<String> response = http.send(HttpRequest
                        .newBuilder(URI.create("http://" + trial.api().address(master) + path))
                        .timeout(PATIENCE).header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                        HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() / 100 != 2) {
                    fail(method + " by master-" + (master + 1) + ": " + response.statusCode()
                            + " " + response.body());
                }
                answered.incrementAndGet();
                return response.statusCode();
            } catch (ConnectException refused) {
                last = method + " by master-" + (master + 1) + ": " + refused;
            } catch (IOException broken) {
                last = method + " by master-" + (master + 1) + ": " + broken;
                break;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
        answered.incrementAndGet();
        fail(last);
        return 0;
    }

    private void fail(String what) {
        if (failed.getAndIncrement() == 0) {
            failure.set(what);
        }
    }

    @Override
    public void close() {
        over = true;
        for (Thread thread : threads) {
            try {
                thread.join(END);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        http.shutdownNow();
    }
}
