package io.springtide.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Waits until exactly so many instances run, and every one of them has answered a request. */
final class Growth {
    private final Stage stage;
    private final Map<String, Greeting> answered = new HashMap<>();
    private Map<String, Seen> running = Map.of();
    private long allRunningMs;

    Growth(Stage stage) {
        this.stage = stage;
    }

    /** When the last one was seen running, in milliseconds from the call of {@link #await}. */
    long allRunningMs() {
        return allRunningMs;
    }

    /** Returns the milliseconds until the last one answered; the stage has recorded who. */
    long await(int wanted, Duration patience) {
        long startNanos = System.nanoTime();
        long tookMs = stage.await(patience, () -> look(wanted, startNanos),
                () -> +patience.toSeconds() + " s " + running.size() + " of " + wanted
                        + " instances run and " + answered.size()
                        + " answer");
        stage.record(running, answered);
        return tookMs;
    }

    private boolean look(int wanted, long startNanos) {
        running = stage.running();
        if (running.size() == wanted && allRunningMs == 0) {
            allRunningMs = (System.nanoTime() - startNanos) / 1_000_000;
        }
        answered.keySet().retainAll(running.keySet());
        List<Seen> silent = new ArrayList<>();
        running.forEach((id, task) -> {
            if (!answered.containsKey(id)) {
                silent.add(task);
            }
        });
        answered.putAll(Stage.ask(silent));
        stage.narrator()
                .now(running.size() + "/" + wanted + " running, " + answered.size() + " answering");
        return running.size() == wanted && answered.size() == wanted;
    }
}
