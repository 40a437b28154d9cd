package io.springtide.core.placement;

import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The constraints of one app that depend on where its instances are, with their counts. */
final class AppConstraints {

    private final List<PlacedConstraint> all = new ArrayList<>();
    private final List<PlacedConstraint.Same> same = new ArrayList<>();
    private final List<PlacedConstraint.Limit> limits = new ArrayList<>();
    private final List<PlacedConstraint.Group> groups = new ArrayList<>();

    AppConstraints(Shape shape, Optional<AppId> self, Fields fields) {
        List<Constraint> rules = shape.rules().constraints();
        for (int i = 0; i < rules.size(); i++) {
            add(i, rules.get(i), fields);
        }
        for (Preferences.Neighbour neighbour : shape.rules().preferences().apps()) {
            if (neighbour.required() && self.equals(Optional.of(neighbour.app()))) {
                Column column = fields.column(Cells.column(neighbour.scope()));
                if (neighbour.weight() > 0) {
                    same.add(new PlacedConstraint.Same(PlacedConstraint.AFFINITY, column));
                } else {
                    limits.add(new PlacedConstraint.Limit(PlacedConstraint.AFFINITY, column, 1));
                }
            }
        }
        all.addAll(same);
        all.addAll(limits);
        all.addAll(groups);
    }

    private void add(int index, Constraint rule, Fields fields) {
        switch (rule.operator()) {
            case UNIQUE -> limits.add(
                    new PlacedConstraint.Limit(index, fields.column(rule.field()), 1));
            case MAX_PER -> limits.add(
                    new PlacedConstraint.Limit(index, fields.column(rule.field()), rule.count()));
            case GROUP_BY -> groups.add(
                    new PlacedConstraint.Group(index, fields.column(rule.field()), rule));
            case CLUSTER -> {
                if (!rule.fixed()) {
                    same.add(new PlacedConstraint.Same(index, fields.column(rule.field())));
                }
            }
            case LIKE, UNLIKE, IS -> {
                // A matter of the agent alone.
            }
        }
    }

    /** Those that keep all instances on one value. */
    List<PlacedConstraint.Same> same() {
        return same;
    }

    List<PlacedConstraint.Limit> limits() {
        return limits;
    }

    List<PlacedConstraint.Group> groups() {
        return groups;
    }

    /** Whether the agent has the values on which all instances are to be, as far as they are chosen. */
    boolean together(int row) {
        return same.stream().allMatch(one -> one.admits(row));
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The values of these agents are to be kept level. Called before anything is counted. */
    void enlist(AgentTable agents, IntPredicate inQuestion) {
        for (PlacedConstraint.Group group : groups) {
            for (int row = 0; row < agents.rows(); row++) {
                if (inQuestion.test(row)) {
                    group.enlist(row);
                }
            }
        }
    }

    /**
     * Whether an instance counts. Source: Marathon: those of an older configuration do not, those that
     * are ending do.
     */
    static boolean counts(AppState app, Instance instance) {
        return !instance.inactive()
                && instance.version().configuredMs() == app.current().configuredMs();
    }

    /** An instance is on the agent. */
    void count(int row) {
        for (int i = 0; i < all.size(); i++) {
            all.get(i).count(row);
        }
    }

    boolean admits(int row) {
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).admits(row)) {
                return false;
            }
        }
        return true;
    }

    /** The first that forbids the agent one more. */
    Optional<PlacedConstraint> forbids(int row) {
        return all.stream().filter(one -> !one.admits(row)).findFirst();
    }
}
