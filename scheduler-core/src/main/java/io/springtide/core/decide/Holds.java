package io.springtide.core.decide;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Rules;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Reservations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Agents kept from small instances for the sake of larger ones that have waited too long: an agent that
 * gets nothing small any more is one day empty enough.
 */
final class Holds {

    /** At once; each may leave part of an agent unused. */
    static final int HOLDS_MAX = 16;

    /** No more than this part of the agents, for with few of them age would decide everything. */
    private static final int HELD_OF = 8;

    private final PlacementRound round;
    private final List<Hold> starving;
    private final TreeSet<Integer> lasting = new TreeSet<>();

    /** An agent for an app whose instances have a size. */
    record Hold(int row, AppId owner, int priority, long size) {

        /** Whether the agent is kept from an app: a smaller one that is no more important, as no standby is. */
        boolean against(Waiting waiting, Quota quota) {
            return !waiting.app.id().equals(owner)
                    && (waiting.standby || waiting.rules().priority() <= priority)
                    && quota.size(waiting.shape()) < size;
        }
    }

    Holds(PlacementRound round, List<Hold> starving) {
        this.round = round;
        this.starving = starving;
    }

    /** Keeps an agent from everybody for the rest of the round. */
    void lasting(int row) {
        lasting.add(row);
        round.hold(row);
    }

    /** Keeps from the app what is held against it, and nothing else. */
    void before(Waiting waiting, Quota quota) {
        for (Hold hold : starving) {
            if (hold.against(waiting, quota)) {
                round.hold(hold.row);
            } else if (!lasting.contains(hold.row)) {
                round.release(hold.row);
            }
        }
    }

    /** The agents to be held, for the oldest first, one an app. */
    static List<Hold> starving(ClusterState state, List<Waiting> launchable, PlacementRound round,
            Quota quota, long sinceMs) {
        List<Waiting> oldest = launchable.stream()
                .filter(one -> waits(one, sinceMs) && quota.allowed(one.shape(), 1) > 0)
                .sorted(LaunchQueue.BY_AGE).toList();
        int most = Math.min(HOLDS_MAX, Math.max(1, state.agents().size() / HELD_OF));
        List<Hold> holds = new ArrayList<>();
        TreeSet<Integer> taken = new TreeSet<>();
        for (Waiting waiting : oldest) {
            Hold candidate = new Hold(-1, waiting.app.id(), waiting.rules().priority(),
                    quota.size(waiting.shape()));
            if (holds.size() < most
                    && launchable.stream().anyMatch(other -> candidate.against(other, quota))) {
                closest(state, waiting, round, taken).ifPresent(row -> {
                    taken.add(row);
                    holds.add(new Hold(row, candidate.owner, candidate.priority, candidate.size));
                });
            }
        }
        return holds;
    }

    /** Best effort starves where others need the room. */
    static boolean waits(Waiting waiting, long sinceMs) {
        return waiting.app.waitingSinceMs() > 0 && waiting.app.waitingSinceMs() <= sinceMs
                && !waiting.bestEffort();
    }

    /** The agent that lacks least of what an instance needs and could have it, were it empty. */
    private static Optional<Integer> closest(ClusterState state, Waiting waiting,
            PlacementRound round, Set<Integer> taken) {
        AgentTable agents = state.agents();
        long least = Long.MAX_VALUE;
        int closest = -1;
        for (int row = 0; row < agents.rows(); row++) {
            if (!taken.contains(row) && Amounts.live(agents, row)) {
                long lacking = lacking(agents, row, waiting.shape());
                if (lacking < least && round.eligible(waiting.app, row)) {
                    least = lacking;
                    closest = row;
                }
            }
        }
        return closest < 0 ? Optional.empty() : Optional.of(closest);
    }

    /** Its largest lack, as a share of the agent; {@link Long#MAX_VALUE} if it is too small. */
    private static long lacking(AgentTable agents, int row, Shape shape) {
        long[] need = Amounts.of(shape.resources());
        long[] total = usable(agents, row, shape.rules(),
                Amounts.of(agents.spec(row).resources()));
        long[] free = usable(agents, row, shape.rules(), new long[]{agents.cpusFreeMilli()[row],
                agents.memFreeMib()[row], agents.diskFreeMib()[row],
                gpuFreeMilli(agents, row, shape)});
        long most = 0;
        for (int kind = 0; kind < Amounts.KINDS; kind++) {
            if (need[kind] > total[kind]) {
                return Long.MAX_VALUE;
            }
            most = Math.max(most, Amounts.share(need[kind] - free[kind], total[kind]));
        }
        return most;
    }

    private static long[] usable(AgentTable agents, int row, Rules rules, long[] amounts) {
        Optional<Reservations> reserved = agents.reservations(row);
        if (reserved.isEmpty()) {
            return amounts;
        }
        return new long[]{reserved.get().cpusMilliOf(rules, amounts[0]),
                reserved.get().memMibOf(rules, amounts[1]),
                reserved.get().diskMibOf(rules, amounts[2]),
                Resources.GPU_MILLI
                        * reserved.get().gpusOf(rules, amounts[3] / Resources.GPU_MILLI)};
    }

    /** Whole GPUs for who needs whole ones, else what is left of the freest. */
    private static long gpuFreeMilli(AgentTable agents, int row, Shape shape) {
        if (shape.resources().gpuShareMilli() == 0) {
            return agents.gpusFree()[row] * Resources.GPU_MILLI;
        }
        long most = 0;
        for (int gpu = 0; gpu < AgentSpec.GPUS_MAX; gpu++) {
            most = Math.max(most, agents.gpuFreeMilli()[row * AgentSpec.GPUS_MAX + gpu]);
        }
        return most;
    }
}
