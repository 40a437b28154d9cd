package io.springtide.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.springtide.bench.chaos.Masters.Reply;
import io.springtide.bench.chaos.TaskProcesses.Live;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks several times a second, all through a run, whether what must always hold does: through the public
 * interface of every master that is awake, and at the processes themselves. A thread of its own.
 */
final class Watcher implements AutoCloseable {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final Duration END = Duration.ofSeconds(30);
    private static final int VIOLATIONS_MAX = 100;

    private final ChaosCluster cluster;
    private final Promises promises;
    private final Thread thread;
    private final List<String> violations = new ArrayList<>();

    /** Who claimed a reign, ever. */
    private final Map<Long, Integer> reigns = new TreeMap<>();

    /** With which process a task was seen, ever. */
    private final Map<String, Live> seen = new HashMap<>();

    private volatile boolean over;
    private volatile boolean doublesExpected;
    private int looks;

    Watcher(ChaosCluster cluster, Promises promises) {
        this.cluster = cluster;
        this.promises = promises;
        this.thread = Thread.ofPlatform().daemon().name("watcher").start(this::run);
    }

    /** While an agent is out of reach its instances and their replacements run at the same time. */
    void expectDoubles(boolean expected) {
        doublesExpected = expected;
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    synchronized int looks() {
        return looks;
    }

    /** Epochs that were claimed so far. */
    synchronized Set<Long> reigns() {
        return Set.copyOf(reigns.keySet());
    }

    synchronized void violated(String what) {
        if (violations.size() < VIOLATIONS_MAX) {
            violations.add(Instant.now() + " " + what);
        }
    }

    private void run() {
        while (!over) {
            try {
                boolean relaxed = doublesExpected;
                lookAtProcesses(relaxed);
                for (int master = 0; master < ChaosCluster.MASTERS; master++) {
                    if (cluster.master(master).isAwake()) {
                        lookAt(master);
                    }
                }
                synchronized (this) {
                    looks++;
                }
                Pause.of(BETWEEN_LOOKS);
            } catch (ChaosException broken) {
                if (!over) {
                    violated("the watcher could not look: " + broken.getMessage());
                }
                return;
            }
        }
    }

    /** No task lives twice, none comes again as another process, and there are never too many. */
    private synchronized void lookAtProcesses(boolean relaxed) {
        List<Live> live = cluster.tasks().live();
        Set<String> ids = new HashSet<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Live task : live) {
            if (!ids.add(task.taskId())) {
                violated("task " + task.taskId() + " runs twice: " + live.stream()
                        .filter(one -> one.taskId().equals(task.taskId())).toList());
            }
            Live before = seen.putIfAbsent(task.taskId(), task);
            if (before != null && !before.equals(task)) {
                violated("task " + task.taskId() + " was started again: " + before + ", " + task);
            }
            counts.merge(task.app(), 1, Integer::sum);
        }
        if (!relaxed && !doublesExpected) {
            counts.forEach((app, count) -> {
                // Apps of the run have no surge: a change of size replaces nothing.
                if (count > promises.most(app)) {
                    violated(count + " tasks of " + app + " run, it was never to have more than "
                            + promises.most(app));
                }
            });
        }
    }

    private void lookAt(int master) {
        for (String question : List.of("/health/live", "/health/ready", "/health/leader")) {
            int status = cluster.api().get(master, question).status();
            if (status != 0 && status != 200 && status != 503) {
                violated("master-" + (master + 1) + " answers " + question + " with " + status);
            }
        }
        cluster.api().status(master)
                .ifPresent(status -> claimed(master, status));
        Reply tasks = cluster.api().get(master, "/v2/tasks");
        Set<String> ids = new HashSet<>();
        for (JsonNode task : tasks.body().path("tasks")) {
            if (!ids.add(task.path("id").asText())) {
                violated("master-" + (master + 1) + " shows task " + task.path("id").asText()
                        + " twice");
            }
        }
        if (!promises.everSettled()) {
            return;
        }
        Reply apps = cluster.api().get(master, "/v2/apps");
        boolean empty = apps.status() == 200 && apps.body().path("apps").isEmpty();
        if (empty && cluster.api().ready(master)) {
            violated("master-" + (master + 1) + " is ready and shows no app at all");
        }
    }

    private synchronized void claimed(int master, JsonNode status) {
        if (!status.path("leads").asBoolean()) {
            return;
        }
        long epoch = status.path("epoch").asLong();
        Integer before = reigns.putIfAbsent(epoch, master);
        if (before != null && before != master) {
            violated("master-" + (before + 1) + " and master-" + (master + 1)
                    + " both claim to lead with epoch " + epoch);
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
