package io.springtide.master.http;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PartStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What an agent says of pods with the containers {@code web} and {@code side}. */
final class PodReports {

    /** Above the numbers that other reports of a test have. */
    private static final AtomicLong SEQ = new AtomicLong(1_000);

    private PodReports() {}

    static void running(TestCluster cluster, String agent) {
        all(cluster, agent, Condition.RUNNING, "web", Condition.RUNNING, "side",
                Condition.RUNNING);
    }

    static void all(TestCluster cluster, String agent, Condition condition, String first,
            Condition firstStands, String second, Condition secondStands) {
        report(cluster, agent, condition, Health.UNKNOWN, List.of(
                part(first, firstStands, Health.UNKNOWN),
                part(second, secondStands, Health.UNKNOWN)));
    }

    /** The container {@code web} has been asked. */
    static void healthy(TestCluster cluster, String agent, boolean healthy) {
        Health health = healthy ? Health.ALIVE : Health.DEAD;
        report(cluster, agent, Condition.RUNNING, health, List.of(
                part("web", Condition.RUNNING, health),
                part("side", Condition.RUNNING, Health.UNKNOWN)));
    }

    private static PartStatus part(String name, Condition condition, Health health) {
        boolean failed = condition == Condition.FAILED;
        return new PartStatus(name, condition, failed ? 3 : 0, failed ? "exited with 3" : "",
                health);
    }

    private static void report(TestCluster cluster, String agent, Condition condition,
            Health health, List<PartStatus> parts) {
        List<InstanceStatus> statuses = cluster.read(state -> {
            List<InstanceStatus> all = new ArrayList<>();
            int row = state.agents().rowOf(new AgentId(agent)).orElseThrow();
            for (int i = 0; i < state.agents().instances(row).size(); i++) {
                all.add(new InstanceStatus(state.agents().instances(row).get(i).number(),
                        condition, condition.terminal() ? 3 : -1,
                        condition.terminal() ? "container web exited with 3" : "", "", health,
                        health == Health.DEAD ? 1 : 0, false).with(parts, Optional.empty()));
            }
            return all;
        });
        cluster.command(new Command.ReportStatuses(new AgentId(agent), 1, SEQ.incrementAndGet(),
                statuses));
    }
}
