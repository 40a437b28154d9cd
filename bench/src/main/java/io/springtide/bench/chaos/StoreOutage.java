package io.springtide.bench.chaos;

import io.springtide.bench.chaos.Masters.Reply;
import io.springtide.bench.chaos.TaskProcesses.Live;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Two of three servers of the store are frozen: nothing can be changed, everything else goes on. */
final class StoreOutage implements Scenario {

    private static final Duration OUTAGE = Duration.ofSeconds(5);
    private static final Duration BETWEEN = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMillis(500);

    @Override
    public String name() {
        return "store-outage";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> acceptedMs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            int leader = trial.awaitLeader();
            Set<Live> before = trial.steady();
            List<ServerProcess> frozen = List.of(trial.cluster().stores().get(round % 3),
                    trial.cluster().stores().get((round + 1) % 3));
            int refused = 0;
            int waited = 0;
            int read = 0;
            int unread = 0;
            frozen.forEach(ServerProcess::pause);
            long beganNs = System.nanoTime();
            try {
                for (int tries = 0; Pause.msSince(beganNs) < OUTAGE.toMillis(); tries++) {
                    Reply change = trial.tryChange(tries % 3, trial.nextSize(), PATIENCE);
                    trial.check(!change.accepted(), "a change was accepted by master-"
                            + (tries % 3 + 1) + " without a majority of the store");
                    refused += change.status() == 503 ? 1 : 0;
                    waited += change.status() == 0 ? 1 : 0;
                    for (int master = 0; master < ChaosCluster.MASTERS; master++) {
                        Reply app = trial.api().get(master, "/v2/apps" + Trial.STEADY);
                        boolean same = app.body().path("app").path("tasksRunning")
                                .asInt() == Trial.STEADY_SIZE;
                        read += same ? 1 : 0;
                        unread += same ? 0 : 1;
                    }
                    trial.checkSteady(before, "during the outage of the store");
                    Pause.of(BETWEEN);
                }
            } finally {
                frozen.forEach(ServerProcess::resume);
            }
            acceptedMs.add(trial.change(List.of(0, 1, 2), System.nanoTime()));
            trial.settle();
            trial.checkSteady(before, "after the outage of the store");
            trial.say(String.format(
                    "  round %d: %d changes refused with 503, %d not answered within"
                            + " %d ms; %d of %d reads answered in full; accepted again after %.0f ms"
                            + " (led by master-%d before)",
                    round, refused, waited, PATIENCE.toMillis(),
                    read, read + unread, acceptedMs.getLast(), leader + 1));
            trial.check(read > 0, "no master answered a read during the outage of the store");
        }
        return List.of(new Distribution("end of the outage to the next accepted change",
                acceptedMs));
    }
}
