package io.springtide.core.placement;

import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.Instance;
import java.util.Arrays;
import java.util.Optional;

/**
 * The placement of instances of one app in one call: the app's constraints and wishes with their
 * counts, laid over the standing of the agents until {@link #finish}.
 */
final class AppPlacement {

    /** For so few instances it does not pay to build heaps; both ways choose alike. */
    private static final int FEW = 4;

    private final AgentTable agents;
    private final Standing standing;
    private final Neighbourhood around;
    private final Wishes wishes;
    private final AppConstraints constraints;
    private final Column.RowConsumer exclusion = this::excluded;
    private int[] touched = new int[16];
    private int touchedCount;

    AppPlacement(AgentTable agents, Standing standing, Neighbourhood around, Wishes wishes,
            AppConstraints constraints) {
        this.agents = agents;
        this.standing = standing;
        this.around = around;
        this.wishes = wishes;
        this.constraints = constraints;
        constraints.enlist(agents, standing::admits);
    }

    Standing standing() {
        return standing;
    }

    /** Whether it matters where the app's other instances are. */
    boolean dependsOnOthers() {
        return !constraints.isEmpty() || wishes.places() || wishes.hostUnit() > 0;
    }

    /** Counts an instance that the app has already. */
    void count(AppState app, Instance instance) {
        boolean counts = AppConstraints.counts(app, instance);
        if (counts) {
            constraints.count(instance.agentRow());
        }
        if (instance.stays()) {
            around.add(instance.agentRow());
        }
        if (counts || instance.stays()) {
            touch(instance.agentRow());
        }
    }

    /** Counts an instance that was placed in this round. */
    void count(int row) {
        constraints.count(row);
        around.add(row);
        touch(row);
    }

    /** All counts are in: lays them over the standing. So many instances are to be chosen for. */
    Chooser chooser(int count) {
        int present = touchedCount;
        for (int i = 0; i < present && wishes.hostUnit() > 0; i++) {
            standing.update(touched[i], over(touched[i]));
        }
        for (int i = 0; i < present; i++) {
            exclude(touched[i]);
        }
        boolean levels = count > FEW && !wishes.points()
                && constraints.groups().stream().allMatch(PlacedConstraint.Group::ofSites)
                && standing.demand().shape.policy() == PlacementPolicy.SPREAD
                && standing.scorer().name().equals(Scorers.SPREAD.name());
        return levels
                ? new Levels(standing, around, constraints.groups(), agents)
                : new AnyCell(standing, wishes, around, constraints.groups());
    }

    /** The agent has taken an instance. */
    void placed(int row) {
        if (!constraints.isEmpty()) {
            constraints.count(row);
        }
        if (wishes.places() || wishes.hostUnit() > 0) {
            around.add(row);
        }
        touch(row);
        standing.update(row, over(row));
        exclude(row);
    }

    /** Takes all agents out that may take no more because of what is on this one. */
    private void exclude(int row) {
        for (int i = 0; i < constraints.limits().size(); i++) {
            constraints.limits().get(i).exclude(row, exclusion);
        }
    }

    private void excluded(int row) {
        standing.exclude(row);
        touch(row);
    }

    /** Whether no constraint forbids the agent one more. */
    boolean admits(int row) {
        return constraints.admits(row);
    }

    /** The constraint that forbids the agent one more, if any. */
    Optional<PlacedConstraint> forbids(int row) {
        return constraints.forbids(row);
    }

    /** Takes everything off again that was laid over. */
    void finish() {
        boolean many = touchedCount > standing.cells().agents() / 2;
        for (int i = 0; i < touchedCount; i++) {
            around.clear(touched[i]);
            if (!many) {
                standing.update(touched[i], 0);
            }
        }
        around.clearPlaces();
        if (many) {
            standing.forget();
        } else {
            standing.followed();
        }
    }

    private long over(int row) {
        return wishes.hostUnit() * around.onHost(row);
    }

    private void touch(int row) {
        if (touchedCount == touched.length) {
            touched = Arrays.copyOf(touched, touchedCount * 2);
        }
        touched[touchedCount++] = row;
    }
}
