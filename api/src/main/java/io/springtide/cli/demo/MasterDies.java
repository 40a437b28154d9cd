package io.springtide.cli.demo;

import io.springtide.cli.cluster.Child;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The master is killed; what runs goes on; it comes back and knows everything. */
final class MasterDies implements Step {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A master that wanted to restart something would have begun by then. */
    private static final long SETTLE_MS = 3_000;

    @Override
    public String title() {
        return "kill -9 the master, start it again";
    }

    @Override
    public String run(Stage stage) {
        Map<String, Seen> before = stage.seen();
        Map<String, Greeting> greetingsBefore = stage.greetings();
        Child master = stage.cluster().master();
        long pid = master.pid();
        stage.kill(master);
        int serving = Stage.ask(before.values()).size();
        stage.narrator().tells("master " + pid + " is dead; " + serving + " of " + before.size()
                + " instances answer without it");
        if (serving != before.size()) {
            throw new DemoException("without a master only " + serving + " of " + before.size()
                    + " instances answer");
        }
        long startNanos = System.nanoTime();
        stage.revive(master);
        stage.cluster().awaitReady(PATIENCE, stage.narrator()::now);
        long readyMs = (System.nanoTime() - startNanos) / 1_000_000;
        stage.narrator().tells(
                "master " + master.pid() + " leads with all agents after " + readyMs + " ms");
        stage.await(PATIENCE, () -> stage.running().keySet().equals(before.keySet()),
                () -> difference(before, stage.running()));
        Stage.pause(SETTLE_MS);
        Map<String, Seen> after = stage.running();
        if (!after.keySet().equals(before.keySet())) {
            throw new DemoException(difference(before, after));
        }
        after.forEach((id, task) -> {
            Seen old = before.get(id);
            if (old != null && !old.startedAt().equals(task.startedAt())) {
                throw new DemoException("task " + id + " is said to have started at "
                        + task.startedAt() + ", before at "
                        + old.startedAt());
            }
        });
        Map<String, Greeting> greetings = Stage.ask(after.values());
        if (!greetings.equals(greetingsBefore)) {
            throw new DemoException("not every instance is the process that it was: "
                    + greetings.size() + " of "
                    + greetingsBefore.size() + " answer, "
                    + greetings.values().stream().filter(greetingsBefore.values()::contains).count()
                    + " unchanged");
        }
        stage.record(after, greetings);
        return "ready after " + readyMs + " ms; all " + after.size()
                + " with the same task id, start and process id";
    }

    private static String difference(Map<String, Seen> before, Map<String, Seen> after) {
        Set<String> gone = new HashSet<>(before.keySet());
        gone.removeAll(after.keySet());
        Set<String> fresh = new HashSet<>(after.keySet());
        fresh.removeAll(before.keySet());
        return "after the master's return " + after.size() + " tasks run instead of "
                + before.size() + ": "
                + gone.size() + " are missing, " + fresh.size() + " are new";
    }
}
