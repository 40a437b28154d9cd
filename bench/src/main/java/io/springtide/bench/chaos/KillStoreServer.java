package io.springtide.bench.chaos;

import io.springtide.bench.chaos.TaskProcesses.Live;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One server of the store after the other is killed: a majority is left, so changes go on. */
final class KillStoreServer implements Scenario {

    private static final Duration DOWN = Duration.ofSeconds(2);
    private static final Duration JOINED = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "kill-zookeeper";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> acceptedMs = new ArrayList<>();
        int reigns = 0;
        for (int round = 1; round <= rounds; round++) {
            // Each in turn: one of them leads the store, whichever it is.
            for (ServerProcess server : trial.cluster().stores()) {
                trial.awaitLeader();
                int reignsBefore = trial.watcher().reigns().size();
                Set<Live> before = trial.steady();
                long killedNs = System.nanoTime();
                server.kill();
                acceptedMs.add(trial.change(List.of(0, 1, 2), killedNs));
                Pause.of(DOWN);
                trial.change(List.of(0, 1, 2), System.nanoTime());
                trial.checkSteady(before, "while " + server.name() + " was down");
                server.start();
                // A server that has just been started is no part of the majority yet.
                Pause.of(JOINED);
                trial.settle();
                trial.checkSteady(before, "after " + server.name() + " was back");
                int more = trial.watcher().reigns().size() - reignsBefore;
                reigns += more;
                trial.say(String.format("  round %d: %s killed, a change accepted after %.0f ms,"
                        + " %d new reigns", round, server.name(), acceptedMs.getLast(), more));
            }
        }
        trial.say("  " + reigns + " new reigns in " + acceptedMs.size() + " kills");
        return List.of(new Distribution("kill of a server of the store to the next accepted"
                + " change", acceptedMs));
    }
}
