package io.springtide.core.placement;

import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.state.AgentTable;
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
    private int closest = -1;
    private long closestPpm = Long.MAX_VALUE;
    private Rejection closestReason = Rejection.CPUS;

    private Explanation(Offers offers, AppPlacement placement) {
        this.offers = offers;
        this.placement = placement;
        this.demand = placement.standing().demand();
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
        Optional<Candidates.Veto> veto = placement.standing().candidates().veto(row);
        if (veto.isPresent()) {
            count(veto.get().reason(), veto.get().constraint());
            return;
        }
        Optional<PlacedConstraint> forbidden = placement.forbids(row);
        if (forbidden.isPresent()) {
            int index = forbidden.get().index();
            count(index == PlacedConstraint.AFFINITY
                    ? Rejection.AFFINITY
                    : Rejection.CONSTRAINT, index);
            return;
        }
        offers.shortage(row, demand).ifPresent(reason -> {
            count(reason, PlacedConstraint.AFFINITY);
            near(row, reason);
        });
    }

    private void count(Rejection reason, int constraint) {
        counts[reason.ordinal()]++;
        if (reason == Rejection.CONSTRAINT) {
            byConstraint[constraint]++;
        }
    }

    private void near(int row, Rejection reason) {
        long missing = offers.missing(row, demand, reason);
        long need = switch (reason) {
            case CPUS, SLACK -> demand.cpusMilli;
            case MEMORY -> demand.memMib;
            case DISK -> demand.diskMib;
            case GPUS -> Math.max(1, demand.gpus);
            case PORTS -> Math.max(1, demand.ports);
            case AGENT_SILENT, RUNTIME, ROLE, CONSTRAINT, AFFINITY, HELD, QUOTA -> 0;
        };
        if (need > 0) {
            long ppm = missing * PPM / need;
            if (ppm < closestPpm) {
                closestPpm = ppm;
                closest = row;
                closestReason = reason;
            }
        }
    }

    private Rejections result(int agentCount) {
        return new Rejections(agentCount, counts, byConstraint, closest < 0
                ? Optional.empty()
                : Optional.of(new Rejections.Closest(
                        offers.agents().spec(closest).id().name(), closestReason,
                        offers.missing(closest, demand, closestReason))));
    }
}
