package io.springtide.cli.demo;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import io.springtide.cli.cluster.Child;
import io.springtide.cli.cluster.LocalCluster;
import io.springtide.cli.cluster.Processes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What the steps share: the cluster, the app, and what was seen of it last. One thread. */
final class Stage {
    static final String APP = "/hello";
    static final int INSTANCES_FIRST = 4;

    /** Every process of the demo's app carries it, so that none can be overlooked in the end. */
    static final String MARK = "SPRINGTIDE_DEMO";

    private static final long POLL_MS = 100;
    private static final int CALLERS = 8;

    private final LocalCluster cluster;
    private final Narrator narrator;
    private final int burst;
    private Map<String, Greeting> greetings = Map.of();
    private Map<String, Seen> seen = Map.of();

    Stage(LocalCluster cluster, Narrator narrator, int burst) {
        this.cluster = cluster;
        this.narrator = narrator;
        this.burst = burst;
    }

    LocalCluster cluster() {
        return cluster;
    }

    Narrator narrator() {
        return narrator;
    }

    TideClient client() {
        return cluster.client();
    }

    int burst() {
        return burst;
    }

    /** Who answered, by task, when it was last recorded. */
    Map<String, Greeting> greetings() {
        return greetings;
    }

    /** The running tasks when they were last recorded, by id. */
    Map<String, Seen> seen() {
        return seen;
    }

    void record(Map<String, Seen> tasks, Map<String, Greeting> answers) {
        seen = Map.copyOf(tasks);
        greetings = Map.copyOf(answers);
    }

    /** Running tasks now, by id; empty while the master does not answer. */
    Map<String, Seen> running() {
        Map<String, Seen> running = new LinkedHashMap<>();
        try {
            for (Json task : client().get("/v2/apps" + APP + "/tasks").body().get("tasks")
                    .items()) {
                Seen each = Seen.of(task);
                if (each.isRunning()) {
                    running.put(each.id(), each);
                }
            }
        } catch (TideException.Unreachable passing) {
            return Map.of();
        } catch (TideException.Refused refused) {
            if (refused.status() < 500 && refused.status() != 404) {
                throw refused;
            }
        }
        return running;
    }

    /** Asks all of them at once; what is missing in the result did not answer, or answered as another task. */
    static Map<String, Greeting> ask(Iterable<Seen> tasks) {
        Map<String, Greeting> answers = new LinkedHashMap<>();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            Map<String, Future<Optional<Greeting>>> calls = new LinkedHashMap<>();
            for (Seen task : tasks) {
                if (task.port() > 0) {
                    calls.put(task.id(), callers.submit(() -> Greeting.from(task.port())));
                }
            }
            for (Map.Entry<String, Future<Optional<Greeting>>> call : calls.entrySet()) {
                call.getValue().get().filter(greeting -> greeting.taskId().equals(call.getKey()))
                        .ifPresent(greeting -> answers.put(call.getKey(), greeting));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted", interrupted);
        } catch (ExecutionException broken) {
            throw new DemoException("asking the instances failed: " + broken.getCause(), broken);
        }
        return answers;
    }

    /** Waits until the health checks are content too, and the app may be changed again. */
    void awaitDeployed(Duration patience) {
        narrator.now("waiting for the health checks");
        await(patience,
                () -> client().get("/v2/apps" + APP).body().get("app").get("deployments").items()
                        .isEmpty(),
                () -> "the deployment has not ended: not all instances are healthy");
    }

    /** Processes of the demo's app that exist, wherever the master believes them to be. */
    List<Long> processes() {
        return Processes.with(MARK, cluster.settings().data().toString(), script());
    }

    String script() {
        return cluster.settings().home().resolve("examples").resolve("hello.pl").toString();
    }

    /**
     * Polls until it holds.
     *
     * @param otherwise says what was seen instead
     * @return milliseconds that it took
     * @throws DemoException if the time is over, or a process of the cluster died
     */
    long await(Duration patience, BooleanSupplier holds, Supplier<String> otherwise) {
        long startNanos = System.nanoTime();
        while (!holds.getAsBoolean()) {
            failIfDead();
            if (System.nanoTime() - startNanos > patience.toNanos()) {
                throw new DemoException("after " + patience.toSeconds() + " s " + otherwise.get());
            }
            pause(POLL_MS);
        }
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    /** Processes that the demo has killed itself, and not started again yet. */
    private final List<String> killed = new ArrayList<>();

    /** Kill -9, on purpose. */
    void kill(Child child) {
        killed.add(child.name());
        child.destroy();
    }

    /** Starts again what was killed. */
    void revive(Child child) {
        child.start();
        killed.remove(child.name());
    }

    private void failIfDead() {
        for (Child child : cluster.children()) {
            if (!child.isAlive() && !killed.contains(child.name())) {
                if (cluster.isStopping()) {
                    throw new DemoException("interrupted");
                }
                throw new DemoException(String.valueOf(LocalCluster.died(child).getMessage()));
            }
        }
    }

    static void pause(long pauseMs) {
        try {
            Thread.sleep(pauseMs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DemoException("interrupted", interrupted);
        }
    }
}
