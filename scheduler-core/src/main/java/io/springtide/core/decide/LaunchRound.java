package io.springtide.core.decide;

import io.springtide.core.event.Event;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.placement.Placement;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Places what waits, class after class and turn after turn, from one picture of the agents. */
final class LaunchRound {

    /** Bounds how long one round may hold up the commands behind it; the rest waits for the next. */
    private static final int LAUNCHES_MAX = 20_000;

    /** Likewise: so many agents are looked at in one round. */
    private static final long SCANS_MAX = 2_000_000;

    private final ClusterState state;
    private final Placement placement;
    private final ComingFree comingFree;
    private final long nowMs;
    private final List<Event> events;
    private final PlacementRound round;
    private final Quota quota;
    private final Holds holds;
    private final List<Placed> placed = new ArrayList<>();
    private long first;
    private int launches = LAUNCHES_MAX;

    /** Of what became events, so much as others have to know of. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Placed(Waiting waiting, int[] rows) {}

    LaunchRound(ClusterState state, Placement placement, ComingFree comingFree,
            List<Holds.Hold> starving, long nowMs, List<Event> events) {
        this.state = state;
        this.placement = placement;
        this.comingFree = comingFree;
        this.nowMs = nowMs;
        this.events = events;
        this.round = placement.round();
        this.quota = new Quota(state);
        this.holds = new Holds(round, starving);
        this.first = state.instanceNext();
    }

    /**
     * Places those worth trying.
     *
     * @param launchable everybody who waits and may be launched: for the sake of those who come first,
     *     those behind them may be kept from agents
     */
    void place(List<Waiting> launchable) {
        List<List<Waiting>> classes = LaunchQueue.classes(launchable);
        int untried = (int) launchable.stream().filter(this::worthTrying).count();
        for (List<Waiting> ofOneClass : classes) {
            untried -= (int) ofOneClass.stream().filter(this::worthTrying).count();
            if (!place(new LaunchQueue(ofOneClass, quota))) {
                return;
            }
            if (untried > 0) {
                keepComingFree(ofOneClass);
            }
        }
    }

    private boolean worthTrying(Waiting waiting) {
        return waiting.worthTrying(state.capacityChanges());
    }

    /** False if the round has done enough. */
    private boolean place(LaunchQueue queue) {
        for (Optional<LaunchQueue.Turn> turn = queue.next(); turn.isPresent(); turn = queue
                .next()) {
            if (launches == 0 || round.rowsScanned() >= SCANS_MAX) {
                return false;
            }
            Waiting waiting = turn.get().waiting();
            // The hopeless take their turns too: how long turns are must not depend on what is known.
            if (!worthTrying(waiting)
                    || !place(waiting, Math.min(turn.get().count(), launches))
                    || waiting.launch == 0) {
                queue.done(waiting);
            }
        }
        return true;
    }

    /** False if not all of them found an agent. */
    private boolean place(Waiting waiting, int count) {
        int allowed = quota.allowed(waiting.shape(), count);
        Rejections why = allowed < count ? withheld() : Rejections.NONE;
        int found = 0;
        if (allowed > 0) {
            holds.before(waiting, quota);
            PlacementRound.Choice choice = round.place(waiting.app, allowed);
            found = choice.agentRows().length;
            if (found > 0) {
                events.add(new Event.InstancesPlaced(waiting.app.id(),
                        waiting.app.current().versionMs(), first, choice.agentRows(),
                        choice.ports(), choice.gpus(), nowMs, waiting.standby));
                placed.add(new Placed(waiting, choice.agentRows()));
                quota.take(waiting.shape(), found);
                first += found;
                launches -= found;
            }
            if (found < allowed) {
                why = choice.rejections();
            }
        }
        waiting.launch -= found;
        if (found == count) {
            return true;
        }
        // After a placement the state has forgotten the reasons: say them again. Standbys miss nothing.
        if (!waiting.standby && (placed.stream().anyMatch(one -> one.waiting == waiting)
                || waiting.launch != waiting.app.missing()
                || !why.equals(waiting.app.rejections()))) {
            events.add(new Event.PlacementDeferred(waiting.app.id(), waiting.launch, why, nowMs));
        }
        waiting.tried(state.capacityChanges(), why.count(Rejection.HELD) > 0);
        return false;
    }

    private Rejections withheld() {
        int agents = state.agents().size();
        int[] counts = new int[Rejection.values().length];
        counts[List.of(Rejection.values()).indexOf(Rejection.QUOTA)] = agents;
        return new Rejections(agents, counts);
    }

    /**
     * Keeps agents on which the class could have what is coming free from those behind it: they would
     * take what is free already, and others would have to give way once more.
     */
    private void keepComingFree(List<Waiting> ofOneClass) {
        List<Waiting> missing = ofOneClass.stream().filter(one -> one.launch > 0).toList();
        List<Instance> ending = missing.isEmpty() ? List.of() : comingFree.instances();
        if (ending.isEmpty()) {
            return;
        }
        PlacementRound soon = placement.round();
        Quota then = new Quota(state);
        TreeSet<Integer> rows = new TreeSet<>();
        for (Placed one : placed) {
            for (int row : one.rows) {
                soon.claim(one.waiting.app, row);
            }
            then.take(one.waiting.shape(), one.rows.length);
        }
        for (Instance instance : ending) {
            soon.giveBack(instance);
            then.take(instance.version().spec().shape(), -1);
            rows.add(instance.agentRow());
        }
        for (Waiting waiting : LaunchQueue.standing(missing, then)) {
            int left = waiting.launch;
            for (int row : rows) {
                while (left > 0 && then.allowed(waiting.shape(), 1) > 0
                        && soon.eligible(waiting.app, row) && soon.fits(waiting.app, row)) {
                    soon.claim(waiting.app, row);
                    then.take(waiting.shape(), 1);
                    holds.lasting(row);
                    left--;
                }
            }
        }
    }
}
