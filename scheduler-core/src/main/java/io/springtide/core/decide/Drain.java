package io.springtide.core.decide;

import io.springtide.core.model.Goal;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves instances off agents that are being emptied: a new one first, and once that is healthy an end to
 * the old one. Where an app tolerates no extra instance, but fewer healthy ones, an old one ends first.
 */
final class Drain {

    /** Of one app at a time: its share of a large agent should not all start in one moment. */
    static final int MOVES_AT_ONCE = 50;

    private Drain() {}

    /** Most instances an app may have while some of it moves: one that may vary by nothing gets one more. */
    static int activeMax(AppState app) {
        Upgrade upgrade = app.current().spec().upgrade();
        int most = upgrade.activeMax(app.wanted());
        return upgrade.healthyMin(app.wanted()) == most ? most + 1 : most;
    }

    /**
     * Which of those that are to move may end now.
     *
     * @param moving of the app, on draining agents
     * @param staying others of it that are to stay and are not ill
     * @param healthyStaying how many of these are healthy
     */
    static List<Instance> ended(Counted count, List<Instance> moving, int staying,
            int healthyStaying, KillOrder order) {
        AppState app = count.app;
        int wanted = app.wanted();
        List<Instance> healthy = moving.stream().filter(count.state::healthy).toList();
        List<Instance> others = moving.stream().filter(one -> !count.state.healthy(one)).toList();
        int served = healthyStaying + healthy.size();
        int spare = Math.max(0, staying + moving.size() - wanted);
        int needed = wanted;
        if (activeMax(app) <= wanted) {
            // There can be no new one before an old one is gone.
            needed = app.current().spec().upgrade().healthyMin(wanted);
            spare = Math.max(0, staying + moving.size() - needed);
        }
        List<Instance> ended = new ArrayList<>(order.first(others, spare));
        ended.addAll(order.first(healthy, Math.min(spare - ended.size(), served - needed)));
        return List.copyOf(ended);
    }

    /** Why the rest of the cluster clearly has no room for what would have to move; empty if it may have. */
    static Optional<String> noRoom(ClusterState state, int row) {
        AgentTable agents = state.agents();
        long cpus = 0;
        long mem = 0;
        InstanceList held = agents.instances(row);
        for (int i = 0; i < held.size(); i++) {
            Instance one = held.get(i);
            if (one.goal() == Goal.RUNNING && one.version().spec().shape().rules()
                    .serviceClass() != ServiceClass.BEST_EFFORT) {
                cpus += one.version().spec().shape().resources().cpusMilli();
                mem += one.version().spec().shape().resources().memMib();
            }
        }
        long cpusFree = 0;
        long memFree = 0;
        for (int other = 0; other < agents.rows(); other++) {
            if (other != row && Amounts.live(agents, other) && agents.marks().open(other)) {
                cpusFree += Math.max(0, agents.cpusFreeMilli()[other]);
                memFree += Math.max(0, agents.memFreeMib()[other]);
                InstanceList there = agents.instances(other);
                for (int i = 0; i < there.size(); i++) {
                    if (there.get(i).standby()) {
                        // Standbys give way to whoever is to serve.
                        long[] taken = Amounts.taken(there.get(i).version().spec().shape());
                        cpusFree += taken[0];
                        memFree += taken[1];
                    }
                }
            }
        }
        if (cpus <= cpusFree && mem <= memFree) {
            return Optional.empty();
        }
        return Optional.of("what runs on agent " + agents.spec(row).id() + " needs " + cpus
                + " thousandths of a cpu and " + mem + " MiB, and all other open agents together"
                + " have " + cpusFree + " and " + memFree + " left");
    }
}
