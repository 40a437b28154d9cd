package io.springtide.bench.chaos;

import io.springtide.bench.chaos.TaskProcesses.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The leading master is gone from one moment to the next; how long nothing can be changed. */
final class KillLeader implements Scenario {

    @Override
    public String name() {
        return "kill-leader";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> acceptedMs = new ArrayList<>();
        List<Double> backMs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            int leader = trial.awaitLeader();
            Set<Live> before = trial.steady();
            long killedNs = System.nanoTime();
            trial.cluster().master(leader).kill();
            double ms = trial.change(Trial.others(leader), killedNs);
            acceptedMs.add(ms);
            trial.say(String.format("  round %d: master-%d killed, a change accepted after %.0f ms"
                    + " (%s)", round, leader + 1, ms, trial.lastChange()));
            trial.checkSteady(before, "after the leader was killed");
            long startedNs = System.nanoTime();
            trial.cluster().master(leader).start();
            trial.settle();
            backMs.add(Pause.msSince(startedNs));
            trial.check(!trial.api().leads(leader), "master-" + (leader + 1)
                    + " leads again although another one does");
            trial.checkSteady(before, "after the killed master was back");
        }
        return List.of(new Distribution("kill of the leader to the next accepted change",
                acceptedMs),
                new Distribution("start of the killed master to a settled cluster", backMs));
    }
}
