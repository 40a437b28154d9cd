package io.springtide.core.decide;

import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Goal;
import io.springtide.core.placement.Placement;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who has to give way for apps that wait, decided once nothing more can be placed. What is ending
 * already counts as free, so that nobody is evicted twice for the same instance. An instance is only
 * evicted if, with the others evicted from its agent, it makes an instance fit that waits.
 */
final class Preemption {

    /** Evictions of one round; a larger need takes several. */
    private static final int EVICTIONS_MAX = 1_000;

    /** Agents and instances looked at in one round. */
    private static final int VISITS_MAX = 200_000;

    /** A prime, so that searches that begin one after the other begin far apart. */
    private static final long TURN_STEP = 7_919;

    private static final Comparator<Plan> LEAST_HARM = Comparator.<Plan>comparingInt(Plan::level)
            .thenComparingInt(Plan::ofLevel).thenComparingInt(plan -> plan.victims.size())
            .thenComparing(Comparator.comparingLong(Plan::oldest).reversed())
            .thenComparingInt(Plan::row);

    private final ClusterState state;
    private final PlacementRound round;
    private final Quota quota;
    private final boolean binding;
    private final Disruption disruption;
    private final TreeSet<Long> evicted = new TreeSet<>();
    private final long turn;
    private int visits;

    /** The least harmful way to make room for one instance on one agent. */
    private record Plan(int row, List<Instance> victims, int level, int ofLevel) {

        static Plan of(int row, List<Instance> victims) {
            int level = victims.stream().mapToInt(Harm::level).max().orElse(Integer.MIN_VALUE);
            return new Plan(row, List.copyOf(victims), level, (int) victims.stream()
                    .filter(victim -> Harm.level(victim) == level).count());
        }

        long oldest() {
            return victims.stream().mapToLong(Instance::number).min().orElse(Long.MAX_VALUE);
        }
    }

    Preemption(ClusterState state, Placement placement, ComingFree comingFree, long nowMs) {
        this.state = state;
        this.turn = (state.instanceNext() + nowMs / 1_000) * TURN_STEP;
        this.round = placement.round();
        this.quota = new Quota(state);
        this.binding = quota.binding();
        this.disruption = new Disruption(state);
        for (Instance instance : comingFree.instances()) {
            round.giveBack(instance);
            quota.take(instance.version().spec().shape(), -1);
        }
    }

    /** Those who are to end so that others, of all who could be launched now, get room. */
    static Optional<Event> decide(ClusterState state, Placement placement, ComingFree comingFree,
            List<Waiting> launchable, long nowMs) {
        List<List<Waiting>> classes = LaunchQueue.classes(launchable);
        int last = classes.size() - 1;
        Lowest lowest = new Lowest(state);
        while (last >= 0 && !lowest.givesWayTo(classes.get(last).getFirst())) {
            last--;
        }
        if (last < 0) {
            return Optional.empty();
        }
        Preemption preemption = new Preemption(state, placement, comingFree,
                nowMs);
        for (List<Waiting> ofOneClass : classes.subList(0, last + 1)) {
            for (Waiting waiting : LaunchQueue.standing(ofOneClass, preemption.quota)) {
                preemption.makeRoom(waiting);
            }
        }
        return preemption.evicted.isEmpty()
                ? Optional.empty()
                : Optional.of(new Event.InstancesDecommissioned(
                        List.copyOf(preemption.evicted), Event.Reason.PREEMPTED, nowMs));
    }

    /** The lowest priorities of what could give way at all: spares the search where nothing can. */
    private static final class Lowest {
        private int firm = Integer.MAX_VALUE;
        private int bestEffort = Integer.MAX_VALUE;

        Lowest(ClusterState state) {
            for (AppState app : state.apps().values()) {
                if (app.standbys() > 0) {
                    firm = Integer.MIN_VALUE;
                }
                InstanceList all = app.instances();
                for (int i = 0; i < all.size(); i++) {
                    Instance instance = all.get(i);
                    if (Harm.bestEffort(instance)) {
                        bestEffort = Math.min(bestEffort, Harm.priority(instance));
                    } else {
                        firm = Math.min(firm, Harm.priority(instance));
                    }
                    if (app.versions().size() == 1) {
                        break;
                    }
                }
            }
        }

        boolean givesWayTo(Waiting waiting) {
            int priority = waiting.rules().priority();
            return waiting.bestEffort()
                    ? bestEffort < priority
                    : firm < priority || bestEffort <= priority;
        }
    }

    private void makeRoom(Waiting waiting) {
        int missing = claimWhatFits(waiting.app, waiting.launch);
        while (missing > 0) {
            int before = missing;
            PriorityQueue<Plan> plans = plans(waiting.app);
            while (missing > 0 && !plans.isEmpty() && evicted.size() < EVICTIONS_MAX) {
                Plan noted = plans.remove();
                Optional<Plan> now = plan(waiting.app, noted.row);
                if (now.isEmpty()) {
                    continue;
                }
                if (!plans.isEmpty() && LEAST_HARM.compare(now.get(), plans.element()) > 0) {
                    // What was taken since has made it worse than another.
                    plans.add(now.get());
                    continue;
                }
                carryOut(waiting.app, now.get());
                missing--;
                plan(waiting.app, noted.row).ifPresent(plans::add);
            }
            // Levelled groups open up only after others have grown.
            if (missing == before || evicted.size() >= EVICTIONS_MAX) {
                return;
            }
        }
    }

    /** Takes what is free or coming free; what is still missing then. */
    private int claimWhatFits(AppState app, int wanted) {
        int missing = wanted;
        boolean more = true;
        while (more && missing > 0) {
            more = false;
            for (int row = 0; row < state.agents().rows() && missing > 0; row++) {
                visits++;
                while (missing > 0 && round.eligible(app, row) && fits(app, row)) {
                    claim(app, row);
                    missing--;
                    more = true;
                }
            }
        }
        return missing;
    }

    private PriorityQueue<Plan> plans(AppState app) {
        PriorityQueue<Plan> plans = new PriorityQueue<>(LEAST_HARM);
        int rows = state.agents().rows();
        // Where not all can be looked at in one round, the next one begins elsewhere.
        int first = (int) (turn % Math.max(1, rows));
        for (int i = 0; i < rows && visits < VISITS_MAX; i++) {
            visits++;
            plan(app, (first + i) % rows).ifPresent(plans::add);
        }
        return plans;
    }

    /** Leaves the round's scratch as it was. */
    private Optional<Plan> plan(AppState app, int row) {
        if (!round.eligible(app, row)) {
            return Optional.empty();
        }
        List<Instance> willing = willing(app, row);
        List<Instance> young = withinBudgets(willing, Harm.LEAST_FIRST);
        Optional<Plan> plan = plan(app, row, young);
        if (plan.isPresent() || young.size() == willing.size()) {
            return plan;
        }
        // Where a budget allows only some of them, larger ones may do what the youngest do not.
        return plan(app, row,
                withinBudgets(willing, Harm.largestFirst(state.agents().spec(row))));
    }

    private Optional<Plan> plan(AppState app, int row, List<Instance> victims) {
        victims.forEach(this::giveBack);
        List<Instance> gone = new ArrayList<>(victims);
        boolean possible = fits(app, row);
        if (possible) {
            victims.sort(Harm.sparedFirst(state.agents().spec(row)));
            for (Instance victim : victims) {
                takeBack(victim);
                if (fits(app, row)) {
                    gone.remove(victim);
                } else {
                    giveBack(victim);
                }
            }
        }
        gone.forEach(this::takeBack);
        return possible ? Optional.of(Plan.of(row, gone)) : Optional.empty();
    }

    /** Those on an agent that give way to the app. */
    private List<Instance> willing(AppState app, int row) {
        InstanceList held = state.agents().instances(row);
        List<Instance> willing = new ArrayList<>();
        visits += held.size();
        for (int i = 0; i < held.size(); i++) {
            Instance instance = held.get(i);
            if (instance.goal() != Goal.DECOMMISSIONED && instance.app() != app
                    && Harm.givesWay(instance, app.current().spec().shape().rules())
                    && !evicted.contains(instance.number())) {
                willing.add(instance);
            }
        }
        return willing;
    }

    /** As many of them as their apps can do without, in this order. */
    private List<Instance> withinBudgets(List<Instance> willing, Comparator<Instance> order) {
        willing.sort(order);
        List<Instance> within = new ArrayList<>();
        TreeMap<AppId, Integer> ofApp = new TreeMap<>();
        for (Instance instance : willing) {
            if (!Disruption.bounded(instance)
                    || ofApp.merge(instance.app().id(), 1, Integer::sum) <= disruption
                            .left(instance.app())) {
                within.add(instance);
            }
        }
        return within;
    }

    private void carryOut(AppState app, Plan plan) {
        for (Instance victim : plan.victims) {
            round.giveBack(victim);
            quota.take(victim.version().spec().shape(), -1);
            disruption.evict(victim);
            evicted.add(victim.number());
        }
        claim(app, plan.row);
    }

    private boolean fits(AppState app, int row) {
        return round.fits(app, row)
                && (!binding || quota.allowed(app.current().spec().shape(), 1) > 0);
    }

    private void claim(AppState app, int row) {
        round.claim(app, row);
        quota.take(app.current().spec().shape(), 1);
    }

    private void giveBack(Instance instance) {
        round.giveBack(instance);
        if (binding) {
            quota.take(instance.version().spec().shape(), -1);
        }
    }

    private void takeBack(Instance instance) {
        round.takeBack(instance);
        if (binding) {
            quota.take(instance.version().spec().shape(), 1);
        }
    }
}
