package io.springtide.core.decide;

import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Condition;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an app needs of standbys: instances that are started, ready and frozen, and take up what is asked
 * for beyond those that serve, far sooner than new ones could. No instance is in two of the lists.
 *
 * @param launch how many may be launched now, once everything else has its room
 * @param promoted to serve from now on, instead of as many that would be launched
 * @param surplus to be ended since there are too many, or the app goes
 * @param replaced to be ended since the app has another configuration now
 * @param ill to be ended for their health
 * @param moved to be ended since their agents are being emptied
 */
public record Standbys(int launch, List<Instance> promoted, List<Instance> surplus,
        List<Instance> replaced, List<Instance> ill, List<Instance> moved) {

    private static final Standbys NONE = new Standbys(0, List.of(), List.of(), List.of(),
            List.of(), List.of());

    /** How many an app is to have: what its policy says, unless that is on trial. */
    public static int wanted(AppState app) {
        if (app.leaving() || app.awaiting() || !app.ownedByPolicy()) {
            return 0;
        }
        int most = AppSpec.INSTANCES_MAX - app.wanted();
        return Math.min(most, app.scaling().map(ScalingPolicy::standby).orElseThrow()
                .of(app.wanted()));
    }

    static Standbys of(Counted count, Rollout rollout) {
        AppState app = count.app;
        int wanted = wanted(app);
        if (wanted == 0 && app.standbys() == 0) {
            return NONE;
        }
        List<Instance> sound = new ArrayList<>();
        List<Instance> replaced = new ArrayList<>();
        List<Instance> ill = new ArrayList<>();
        List<Instance> moved = new ArrayList<>();
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            if (!one.standby() || one.inactive()) {
                continue;
            }
            if (app.leaving()) {
                sound.add(one);
            } else if (!Course.fresh(app, one.version())) {
                replaced.add(one);
            } else if (!count.storm() && count.ill(one)) {
                ill.add(one);
            } else if (count.moving(one)) {
                moved.add(one);
            } else {
                sound.add(one);
            }
        }
        List<Instance> promoted = promoted(count.state, sound, rollout.launch());
        if (!promoted.isEmpty()) {
            TreeSet<Long> serving = new TreeSet<>();
            promoted.forEach(one -> serving.add(one.number()));
            sound.removeIf(one -> serving.contains(one.number()));
        }
        List<Instance> surplus = new KillOrder(count.state, app).first(sound,
                sound.size() - wanted);
        // Where a change was stopped halfway, old and new ones stay side by side.
        boolean quiet = rollout.launch() == promoted.size()
                && (count.old.isEmpty() || count.course.halfway())
                && count.fresh.stream().noneMatch(InstanceDecisions::launching);
        return new Standbys(quiet && promoted.isEmpty() ? Math.max(0, wanted - sound.size()) : 0,
                promoted, surplus, replaced, ill, moved);
    }

    /** As many of those that are frozen on agents that are heard of, on the least loaded agent first. */
    private static List<Instance> promoted(ClusterState state, List<Instance> sound, int many) {
        if (many == 0) {
            return List.of();
        }
        AgentTable agents = state.agents();
        TreeMap<Integer, Host> hosts = new TreeMap<>();
        for (Instance one : sound) {
            if (one.seen() == Condition.PAUSED
                    && agents.condition(one.agentRow()) == AgentCondition.LIVE) {
                hosts.computeIfAbsent(one.agentRow(), row -> new Host(agents, row)).frozen
                        .add(one);
            }
        }
        PriorityQueue<Host> first = new PriorityQueue<>(
                Comparator.<Host>comparingLong(host -> host.loadPpm)
                        .thenComparingInt(host -> host.row));
        first.addAll(hosts.values());
        List<Instance> promoted = new ArrayList<>();
        while (promoted.size() < many && !first.isEmpty()) {
            Host host = first.remove();
            promoted.add(host.next());
            if (!host.frozen.isEmpty()) {
                first.add(host);
            }
        }
        return promoted;
    }

    /** An agent with frozen instances, and what its processors have to do already. */
    private static final class Host {

        private static final long PPM = 1_000_000;

        final int row;
        final long totalMilli;
        /** Oldest first. */
        final ArrayDeque<Instance> frozen = new ArrayDeque<>();
        long loadPpm;

        Host(AgentTable agents, int row) {
            this.row = row;
            this.totalMilli = Math.max(1, agents.spec(row).resources().cpusMilli());
            long used = agents.cpusUsedMilli()[row];
            // Where nobody measures, what is promised has to do.
            long busy = used >= 0 ? used : totalMilli - agents.cpusFreeMilli()[row];
            this.loadPpm = busy * PPM / totalMilli;
        }

        Instance next() {
            Instance one = frozen.removeFirst();
            loadPpm += one.version().spec().shape().resources().cpusMilli() * PPM / totalMilli;
            return one;
        }
    }
}
