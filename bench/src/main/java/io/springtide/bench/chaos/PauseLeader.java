package io.springtide.bench.chaos;

import io.springtide.bench.chaos.TaskProcesses.Live;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The leader is frozen for longer than its session, another one leads, and then it wakes up. */
final class PauseLeader implements Scenario {

    private static final Duration FROZEN = Duration.ofSeconds(6);

    /** In which the awakened must do nothing. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration FOLLOWS = Duration.ofSeconds(30);

    @Override
    public String name() {
        return "pause-leader";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> acceptedMs = new ArrayList<>();
        List<Double> followsMs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            int leader = trial.awaitLeader();
            Set<Live> before = trial.steady();
            long pausedNs = System.nanoTime();
            trial.cluster().master(leader).pause();
            try {
                acceptedMs.add(trial.change(Trial.others(leader), pausedNs));
                trial.awaitLeaderBut(leader);
                double leftMs = FROZEN.toMillis() - Pause.msSince(pausedNs);
                Pause.of(Duration.ofMillis(Math.max(0, (long) leftMs)));
                trial.checkSteady(before, "while the former leader was frozen");
            } finally {
                trial.cluster().master(leader).resume();
            }
            followsMs.add(Pause.until("the awakened master-" + (leader + 1) + " to follow",
                    FOLLOWS, () -> !trial.api().leads(leader) && trial.api().ready(leader)));
            Pause.of(LOOK);
            trial.checkSteady(before, "after the former leader woke up");
            trial.settle();
            trial.say(String.format("  round %d: master-%d frozen, a change accepted after %.0f ms,"
                    + " awake it follows after %.0f ms", round, leader + 1, acceptedMs.getLast(),
                    followsMs.getLast()));
        }
        return List.of(new Distribution("freeze of the leader to the next accepted change",
                acceptedMs), new Distribution("waking up to following", followsMs));
    }
}
