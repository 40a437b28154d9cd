package io.springtide.bench.chaos;

import io.springtide.bench.chaos.TaskProcesses.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Each master is stopped and started again as for an upgrade, the leader last; nobody may notice. */
final class Rolling implements Scenario {

    @Override
    public String name() {
        return "rolling";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> gapsMs = new ArrayList<>();
        List<Double> leadersMs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            int leader = trial.awaitLeader();
            Set<Live> before = trial.steady();
            List<Integer> order = new ArrayList<>(Trial.others(leader));
            order.add(leader);
            try (SteadyClient client = new SteadyClient(trial, round)) {
                for (int master : order) {
                    client.gapBegins();
                    trial.cluster().master(master).terminate();
                    trial.cluster().master(master).awaitEnd();
                    trial.cluster().master(master).start();
                    trial.cluster().awaitReady();
                    double ms = client.gapMs();
                    (master == leader ? leadersMs : gapsMs).add(ms);
                    trial.say(String.format("  round %d: master-%d%s renewed, longest time between"
                            + " accepted changes %.0f ms; %d requests so far, %d failed", round,
                            master + 1, master == leader ? ", which led," : "", ms,
                            client.answered(), client.failed()));
                }
                trial.check(client.failed() == 0, "while masters were renewed " + client.failed()
                        + " of " + client.answered() + " requests failed, the first: "
                        + client.failure());
            }
            trial.checkSteady(before, "after all masters were renewed");
            trial.settle();
        }
        return List.of(new Distribution("longest gap between accepted changes, a standby renewed",
                gapsMs),
                new Distribution("longest gap between accepted changes, the leader renewed",
                        leadersMs));
    }
}
