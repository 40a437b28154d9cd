package io.springtide.core.placement;

import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The placement of instances of one app in one call: the app's constraints and wishes with their
 * counts, laid over the standing of the agents until {@link #finish}.
 */
final class AppPlacement {

    private static final int FEW = 4;

    private final AgentTable agents;
    private final Standing standing;
    private final Neighbourhood around;
    private final Wishes wishes;
    private final List<PlacedConstraint> constraints = new ArrayList<>();
    private final List<PlacedConstraint.Limit> limits = new ArrayList<>();
    private final List<PlacedConstraint.Group> groups = new ArrayList<>();
    private int[] touched = new int[16];
    private int touchedCount;
    private final Column.RowConsumer exclusion = this::excluded;

    AppPlacement(Offers offers, Fields fields, Standing standing, Neighbourhood around,
            Wishes wishes, Optional<AppState> app, List<PlacedConstraint.Same> same) {
        this.agents = offers.agents();
        this.standing = standing;
        this.around = around;
        this.wishes = wishes;
        constraints.addAll(same);
        Shape shape = standing.demand().shape;
        List<Constraint> rules = shape.rules().constraints();
        for (int i = 0; i < rules.size(); i++) {
            add(i, rules.get(i), fields);
        }
        for (Preferences.Neighbour neighbour : shape.rules().preferences().apps()) {
            if (neighbour.required() && neighbour.weight() < 0
                    && app.map(AppState::id).equals(Optional.of(neighbour.app()))) {
                limits.add(new PlacedConstraint.Limit(PlacedConstraint.AFFINITY,
                        fields.column(column(neighbour.scope())), 1));
            }
        }
        constraints.addAll(limits);
        constraints.addAll(groups);
        for (PlacedConstraint.Group group : groups) {
            for (int row = 0; row < agents.rows(); row++) {
                if (standing.admits(row)) {
                    group.enlist(row);
                }
            }
        }
    }

    private void add(int index, Constraint rule, Fields fields) {
        switch (rule.operator()) {
            case UNIQUE -> limits.add(
                    new PlacedConstraint.Limit(index, fields.column(rule.field()), 1));
            case MAX_PER -> limits.add(
                    new PlacedConstraint.Limit(index, fields.column(rule.field()), rule.count()));
            case GROUP_BY -> groups.add(
                    new PlacedConstraint.Group(index, fields.column(rule.field()), rule));
            case CLUSTER, LIKE, UNLIKE, IS -> {
                // Known before, or a matter of the agent alone.
            }
        }
    }

    static String column(Preferences.Scope scope) {
        return switch (scope) {
            case HOST -> Cells.ROW;
            case RACK -> Cells.RACK;
            case SITE -> Cells.SITE;
        };
    }

    Standing standing() {
        return standing;
    }

    /** Counts an instance that the app has already. */
    void count(AppState app, Instance instance) {
        // Source: Marathon: instances of an older configuration do not count, those that end do.
        boolean sameConfiguration = instance.version().configuredMs() == app.current()
                .configuredMs();
        if (sameConfiguration && !instance.inactive()) {
            ruled(instance.agentRow());
            touch(instance.agentRow());
        }
        if (instance.active()) {
            around.add(instance.agentRow());
            touch(instance.agentRow());
        }
    }

    /** Counts an instance that was placed in this round. */
    void count(int row) {
        ruled(row);
        around.add(row);
        touch(row);
    }

    private void ruled(int row) {
        for (int i = 0; i < constraints.size(); i++) {
            constraints.get(i).count(row);
        }
    }

    /** All counts are in: lays them over the standing. So many instances are to be chosen for. */
    Chooser chooser(int count) {
        if (wishes.hostUnit() > 0) {
            for (int i = 0; i < touchedCount; i++) {
                standing.update(touched[i], over(touched[i]));
            }
        }
        int present = touchedCount;
        for (int i = 0; i < present; i++) {
            exclude(touched[i]);
        }
        // Both choose alike; to build heaps pays off when they are used more than once or twice.
        boolean levels = count > FEW && standing.demand().shape.policy() == PlacementPolicy.SPREAD
                && !wishes.points() && groups.isEmpty()
                && standing.scorer().name().equals(Scorers.SPREAD.name());
        return levels
                ? new Levels(standing, around, agents)
                : new AnyCell(standing, wishes, around, groups);
    }

    /** The agent has taken an instance. */
    void placed(int row) {
        if (!constraints.isEmpty()) {
            ruled(row);
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
        for (int i = 0; i < limits.size(); i++) {
            limits.get(i).exclude(row, exclusion);
        }
    }

    private void excluded(int row) {
        standing.exclude(row);
        touch(row);
    }

    /** The constraint that forbids the agent one more, if any. */
    Optional<PlacedConstraint> forbids(int row) {
        return constraints.stream().filter(one -> !one.admits(row)).findFirst();
    }

    boolean admits(int row) {
        for (int i = 0; i < constraints.size(); i++) {
            if (!constraints.get(i).admits(row)) {
                return false;
            }
        }
        return standing.admits(row);
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
