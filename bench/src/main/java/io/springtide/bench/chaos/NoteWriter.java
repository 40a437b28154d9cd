package io.springtide.bench.chaos;

import java.time.Duration;

/**
 * Makes small apps without instances, a few a second, at one master after the other, and writes down which
 * ones were acknowledged: every one of these must be there in the end. A thread of its own.
 */
final class NoteWriter implements AutoCloseable {

    static final String GROUP = "/notes";

    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration END = Duration.ofSeconds(30);

    /** A state that grows without an end would be a load test, and not this one. */
    private static final int NOTES_MAX = 5_000;

    private final ChaosCluster cluster;
    private final Promises promises;
    private final Watcher watcher;
    private final Thread thread;
    private volatile boolean over;

    NoteWriter(ChaosCluster cluster, Promises promises, Watcher watcher) {
        this.cluster = cluster;
        this.promises = promises;
        this.watcher = watcher;
        this.thread = Thread.ofPlatform().daemon().name("note-writer").start(this::run);
    }

    private void run() {
        for (int number = 0; number < NOTES_MAX && !over; number++) {
            try {
                write(number);
                Pause.of(BETWEEN);
            } catch (ChaosException broken) {
                if (!over) {
                    watcher.violated("the writer of notes ended: " + broken.getMessage());
                }
                return;
            }
        }
    }

    private void write(int number) {
        String note = GROUP + "/n" + number;
        int master = number % ChaosCluster.MASTERS;
        if (!cluster.master(master).isAwake()) {
            return;
        }
        int status = cluster.api().send(master, "POST", "/v2/apps", "{\"id\":\"" + note
                + "\",\"cmd\":\"exec sleep 1\",\"cpus\":0.01,\"mem\":4,\"instances\":0}",
                PATIENCE).status();
        if (status == 201) {
            promises.noted(note);
        } else if (status != 0 && status != 503 && status != 502) {
            watcher.violated("a new app " + note + " was answered with " + status + " by master-"
                    + (master + 1));
        }
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join(END);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
