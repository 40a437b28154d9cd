package io.springtide.cli.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Keeps the processes of a local cluster running: one that ends by itself is told about and started
 * again, after pauses that grow, and not for ever. One thread.
 */
public final class Supervisor {
    /** A process that has ended this often in a row is broken in a way that starting does not mend. */
    public static final int RESTARTS_MAX = 10;

    private static final long PAUSE_MS_FIRST = 500;
    private static final long PAUSE_MS_MAX = 30_000;

    /** After running this long an ending counts as the first one again. */
    private static final long CALM_MS = 60_000;

    private final Consumer<String> say;
    private final boolean restart;
    private final Map<String, Fate> fates = new HashMap<>();

    public Supervisor(Consumer<String> say, boolean restart) {
        this.say = say;
        this.restart = restart;
    }

    /** Looks at every process once; to be called a few times a second. */
    public void look(LocalCluster cluster, long nowMs) {
        for (Child child : cluster.children()) {
            Fate fate = fates.computeIfAbsent(child.name(), name -> new Fate(nowMs));
            if (cluster.isStopping()) {
                return;
            }
            if (child.isAlive()) {
                fate.dead = false;
                if (nowMs - fate.startedMs > CALM_MS) {
                    fate.restarts = 0;
                }
            } else if (!fate.dead) {
                fate.dead = true;
                tell(child, fate, nowMs);
            } else if (!fate.givenUp && nowMs >= fate.againMs) {
                fate.restarts++;
                fate.startedMs = nowMs;
                fate.dead = false;
                child.start();
                say.accept(child.name() + " is started again, process " + child.pid() + ".");
            }
        }
    }

    private void tell(Child child, Fate fate, long nowMs) {
        say.accept(child.name() + " " + child.ending()
                + ", which nobody asked for. Its last lines, from " + child.log()
                + ":");
        for (String line : child.logTail(6)) {
            say.accept("  " + line);
        }
        if (!restart || fate.restarts >= RESTARTS_MAX) {
            fate.givenUp = true;
            say.accept(restart
                    ? child.name() + " has ended " + (RESTARTS_MAX + 1) + " times and stays down."
                    : child.name() + " stays down, as --no-restart says.");
            return;
        }
        long pauseMs = Math.min(PAUSE_MS_MAX, PAUSE_MS_FIRST << Math.min(fate.restarts, 10));
        fate.againMs = nowMs + pauseMs + ThreadLocalRandom.current().nextLong(pauseMs / 4 + 1);
    }

    private static final class Fate {
        private long startedMs;
        private long againMs;
        private int restarts;
        private boolean dead;
        private boolean givenUp;

        Fate(long startedMs) {
            this.startedMs = startedMs;
        }
    }
}
