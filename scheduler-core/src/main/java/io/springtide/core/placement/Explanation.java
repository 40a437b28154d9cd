package io.springtide.core.placement;

import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.state.AgentTable;
import java.util.Arrays;
import java.util.Optional;

/**
 * Why no agent takes one more instance: each agent's first veto, and the agent that lacks least. Made
 * only when a placement has failed.
 */
@SuppressWarnings("EnumOrdinal") // counts lie in the order of the reasons
final class Explanation {

    private static final long PPM = 1_000_000;

    private final Offers offers;
    private final AppPlacement placement;
    private final Demand demand;
    private final int[] counts = new int[Rejection.values().length];
    private final int[] byConstraint;
    private final long[] least = new long[counts.length];
    private final int[] leastAt = new int[counts.length];

    private Explanation(Offers offers, AppPlacement placement) {
        this.offers = offers;
        this.placement = placement;
        this.demand = placement.standing().demand();
        Arrays.fill(least, Long.MAX_VALUE);
        this.byConstraint = new int[demand.shape.rules().constraints().size()];
    }

    static Rejections of(Offers offers, AppPlacement placement, int agentCount) {
        Explanation explanation = new Explanation(offers, placement);
        AgentTable agents = offers.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                explanation.ask(row);
            }
        }
        return explanation.result(agentCount);
    }

    private void ask(int row) {
        Candidates candidates = placement.standing().candidates();
        if (!candidates.admits(row)) {
            candidates.veto(row).ifPresent(veto -> count(veto.reason(), veto.constraint()));
        } else if (placement.admits(row)) {
            Rejection reason = offers.shortage(row, demand);
            count(reason, PlacedConstraint.AFFINITY);
            near(row, reason);
        } else {
            placement.forbids(row).ifPresent(rule -> count(
                    rule.index() == PlacedConstraint.AFFINITY
                            ? Rejection.AFFINITY
                            : Rejection.CONSTRAINT,
                    rule.index()));
        }
    }

    private void count(Rejection reason, int constraint) {
        counts[reason.ordinal()]++;
        if (reason == Rejection.CONSTRAINT) {
            byConstraint[constraint]++;
        }
    }

    /** Of those that lack the same, the one that lacks least. */
    private void near(int row, Rejection reason) {
        long missing = offers.missing(row, demand, reason);
        if (missing > 0 && missing < least[reason.ordinal()]) {
            least[reason.ordinal()] = missing;
            leastAt[reason.ordinal()] = row;
        }
    }

    private Rejections result(int agentCount) {
        Optional<Rejections.Closest> closest = Optional.empty();
        long closestPpm = Long.MAX_VALUE;
        for (Rejection reason : Rejection.values()) {
            long missing = least[reason.ordinal()];
            if (missing < Long.MAX_VALUE) {
                long ppm = missing * PPM / need(reason);
                if (ppm < closestPpm) {
                    closestPpm = ppm;
                    closest = Optional.of(new Rejections.Closest(offers.agents()
                            .spec(leastAt[reason.ordinal()]).id().name(), reason, missing));
                }
            }
        }
        return new Rejections(agentCount, counts, byConstraint, closest);
    }

    private long need(Rejection reason) {
        long need = switch (reason) {
            case CPUS, SLACK -> demand.cpusMilli;
            case MEMORY -> demand.memMib;
            case DISK -> demand.diskMib;
            case GPUS -> demand.gpus;
            case PORTS -> demand.ports;
            case AGENT_SILENT, RUNTIME, ROLE, CONSTRAINT, AFFINITY, HELD, QUOTA, CORDONED -> 1;
        };
        return Math.max(1, need);
    }
}
