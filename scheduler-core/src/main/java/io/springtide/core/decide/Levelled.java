package io.springtide.core.decide;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Constraint;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.Instance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Chooses instances to end so that what stays is level over the values of fields: always one of the
 * largest group by the first field, among these of the largest by the second, and so on.
 */
final class Levelled {

    /** For an agent without the field; no value has it. */
    private static final String NONE = "\u0000";

    private final AgentTable agents;
    private final List<String> fields;
    private final List<TreeMap<String, Integer>> sizes = new ArrayList<>();

    /** Instances that are alike in all fields, in the order in which they would go. */
    private final class Cell {
        final List<String> values;
        final ArrayDeque<Instance> line = new ArrayDeque<>();
        final int[] sizesThen = new int[fields.size()];

        Cell(List<String> values) {
            this.values = values;
        }

        /** Takes note of the sizes of its groups; false if they are what was noted before. */
        boolean look() {
            boolean changed = false;
            for (int i = 0; i < sizesThen.length; i++) {
                int size = sizes.get(i).getOrDefault(values.get(i), 0);
                changed |= size != sizesThen[i];
                sizesThen[i] = size;
            }
            return changed;
        }
    }

    /**
     * For a choice among these.
     *
     * @param fields of the constraints that group, in their order
     */
    Levelled(AgentTable agents, List<String> fields, List<Instance> instances) {
        this.agents = agents;
        this.fields = fields;
        fields.forEach(unused -> sizes.add(new TreeMap<>()));
        for (Instance instance : instances) {
            count(values(instance), 1);
        }
    }

    /** The fields over which constraints level. */
    static List<String> fields(List<Constraint> constraints) {
        return constraints.isEmpty()
                ? List.of()
                : constraints.stream()
                        .filter(one -> one.operator() == Constraint.Operator.GROUP_BY)
                        .map(Constraint::field).distinct().toList();
    }

    /** So many of some instances, which then count no longer. */
    List<Instance> take(List<Instance> from, int many, Comparator<Instance> order) {
        TreeMap<String, Cell> cells = new TreeMap<>();
        for (Instance instance : from.stream().sorted(order).toList()) {
            List<String> values = values(instance);
            cells.computeIfAbsent(String.join("\u001f", values), unused -> new Cell(values)).line
                    .add(instance);
        }
        // Groups only get smaller: a cell that is first with what holds now is first of all.
        PriorityQueue<Cell> first = new PriorityQueue<>((left, right) -> {
            for (int i = 0; i < fields.size(); i++) {
                int larger = Integer.compare(right.sizesThen[i], left.sizesThen[i]);
                if (larger != 0) {
                    return larger;
                }
            }
            return order.compare(left.line.getFirst(), right.line.getFirst());
        });
        cells.values().forEach(cell -> {
            cell.look();
            first.add(cell);
        });
        List<Instance> taken = new ArrayList<>();
        while (taken.size() < many && !first.isEmpty()) {
            Cell cell = first.remove();
            if (!cell.look()) {
                taken.add(cell.line.removeFirst());
                count(cell.values, -1);
                cell.look();
            }
            if (!cell.line.isEmpty()) {
                first.add(cell);
            }
        }
        return taken;
    }

    private void count(List<String> values, int more) {
        for (int i = 0; i < fields.size(); i++) {
            sizes.get(i).merge(values.get(i), more, Integer::sum);
        }
    }

    private List<String> values(Instance instance) {
        AgentSpec agent = agents.spec(instance.agentRow());
        return fields.stream().map(field -> agent.field(field).orElse(NONE)).toList();
    }
}
