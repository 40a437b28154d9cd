package io.springtide.core.placement;

import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rules;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Which agents come into question for a shape, whatever they have left: they are live, can run it, and
 * satisfy what depends on nothing but the agent and on other apps.
 */
final class Candidates {

    /** A veto, and which constraint it came from where it came from one. */
    record Veto(Rejection reason, int constraint) {}

    private static final Veto NOT_THERE = new Veto(Rejection.AGENT_SILENT,
            PlacedConstraint.AFFINITY);

    /** Where another app's instances are, by the codes of a column. */
    private record Others(Preferences.Neighbour neighbour, Column column, BitSet near) {}

    private final AgentTable agents;
    private final IntPredicate gone;
    private final Shape shape;
    private final List<Constraint> constraints;
    private final List<Column> columns = new ArrayList<>();
    private final List<Others> others = new ArrayList<>();
    private final @Nullable Veto[] vetoes;

    /**
     * @param gone agents to be taken for silent ones
     */
    Candidates(ClusterState state, Fields fields, Shape shape, Optional<AppState> self,
            IntPredicate gone, Map<AppId, IntArrayList> placedNow) {
        this.gone = gone;
        this.agents = state.agents();
        this.shape = shape;
        this.constraints = shape.rules().constraints();
        constraints.forEach(rule -> columns.add(fields.column(rule.field())));
        for (Preferences.Neighbour neighbour : shape.rules().preferences().apps()) {
            if (!self.map(AppState::id).equals(Optional.of(neighbour.app()))) {
                others.add(others(state, fields, neighbour, gone, placedNow));
            }
        }
        // Who must not be near another must not have him come near either.
        self.ifPresent(app -> state.keepingOff(app.id()).forEach(other -> other.current().spec()
                .shape().rules().preferences().apps().stream()
                .filter(one -> one.keepsOff(app.id()))
                .map(one -> new Preferences.Neighbour(other.id(), one.scope(), one.weight(), true))
                .forEach(one -> others.add(others(state, fields, one, gone, placedNow)))));
        vetoes = new Veto[agents.rows()];
        for (int row = 0; row < vetoes.length; row++) {
            vetoes[row] = agents.present(row) ? first(row) : NOT_THERE;
        }
    }

    private static Others others(ClusterState state, Fields fields,
            Preferences.Neighbour neighbour, IntPredicate gone,
            Map<AppId, IntArrayList> placedNow) {
        Column column = fields.column(Cells.column(neighbour.scope()));
        BitSet near = new BitSet();
        state.app(neighbour.app()).ifPresent(app -> {
            for (int i = 0; i < app.instances().size(); i++) {
                Instance instance = app.instances().get(i);
                if (instance.stays() && !gone.test(instance.agentRow())) {
                    near.set(column.code(instance.agentRow()));
                }
            }
        });
        IntArrayList now = placedNow.get(neighbour.app());
        for (int i = 0; now != null && i < now.size(); i++) {
            near.set(column.code(now.getInt(i)));
        }
        return new Others(neighbour, column, near);
    }

    boolean admits(int row) {
        return vetoes[row] == null;
    }

    /** Why the agent does not come into question; empty if it does. */
    Optional<Veto> veto(int row) {
        return Optional.ofNullable(vetoes[row]);
    }

    private @Nullable Veto first(int row) {
        if (agents.condition(row) != AgentCondition.LIVE || gone.test(row)) {
            return new Veto(Rejection.AGENT_SILENT, PlacedConstraint.AFFINITY);
        }
        if (!agents.marks().open(row)) {
            return new Veto(Rejection.CORDONED, PlacedConstraint.AFFINITY);
        }
        if ((agents.spec(row).runtimesMask() & shape.runtime().bit()) == 0) {
            return new Veto(Rejection.RUNTIME, PlacedConstraint.AFFINITY);
        }
        if (shape.rules().roleUse() == Rules.RoleUse.RESERVED
                && !agents.spec(row).reservations().containsKey(shape.rules().role())) {
            return new Veto(Rejection.ROLE, PlacedConstraint.AFFINITY);
        }
        for (int i = 0; i < constraints.size(); i++) {
            Constraint rule = constraints.get(i);
            boolean holds = rule.fixed()
                    ? columns.get(i).matches(row, rule)
                    : columns.get(i).code(row) != Column.NONE;
            if (!holds) {
                return new Veto(Rejection.CONSTRAINT, i);
            }
        }
        for (Others other : others) {
            boolean near = other.near.get(other.column.code(row));
            if (other.neighbour.required() && near != other.neighbour.weight() > 0) {
                return new Veto(Rejection.AFFINITY, PlacedConstraint.AFFINITY);
            }
        }
        return null;
    }

    /** The points of each agent for preferences that it does not meet; empty if there are none. */
    int[] penalties(Fields fields) {
        List<Preferences.Attribute> attributes = shape.rules().preferences().attributes();
        boolean soft = others.stream().anyMatch(other -> !other.neighbour.required());
        if (attributes.isEmpty() && !soft) {
            return new int[0];
        }
        int[] points = new int[agents.rows()];
        for (Preferences.Attribute wish : attributes) {
            Column column = fields.column(wish.field());
            int code = column.codeOf(wish.value());
            for (int row = 0; row < points.length; row++) {
                boolean has = code != Column.NONE && column.code(row) == code;
                points[row] += has == wish.weight() > 0 ? 0 : Math.abs(wish.weight());
            }
        }
        for (Others other : others) {
            for (int row = 0; row < points.length && !other.neighbour.required(); row++) {
                int code = other.column.code(row);
                boolean near = code != Column.NONE && other.near.get(code);
                points[row] += near == other.neighbour.weight() > 0
                        ? 0
                        : Math.abs(other.neighbour.weight());
            }
        }
        return points;
    }
}
