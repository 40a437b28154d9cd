package io.springtide.core.placement;

import io.springtide.core.state.AgentTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of agents that constraints ask for, as columns. Kept from round to round and built anew
 * when an agent has come, gone or changed. Used by one thread.
 */
public final class Fields {

    /** Nobody uses so many fields at a time; a hostile submission must not fill the memory. */
    private static final int KEPT_MAX = 64;

    private final AgentTable agents;
    private final Map<String, Column> columns = eldestLeaves();
    private final Map<List<String>, Cells> cells = eldestLeaves();
    private long revision = -1;
    private Capacity capacity;

    public Fields(AgentTable agents) {
        this.agents = agents;
        this.capacity = new Capacity(agents);
    }

    /** What the agents have in all. */
    Capacity capacity() {
        refresh();
        return capacity;
    }

    AgentTable agents() {
        return agents;
    }

    /** The field of every agent. */
    Column column(String field) {
        refresh();
        return columns.computeIfAbsent(field, this::read);
    }

    /** The agents parted by the values of these fields, and by racks too if asked for. */
    Cells cells(List<String> fields) {
        refresh();
        Cells known = cells.get(fields);
        if (known == null) {
            known = new Cells(agents, fields.stream().map(this::column).toList());
            cells.put(fields, known);
        }
        return known;
    }

    private Column read(String field) {
        Column column = new Column(agents.rows());
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row)) {
                int at = row;
                switch (field) {
                    case Cells.ROW -> column.put(at, at);
                    case Cells.RACK -> column.put(at, agents.rack(at));
                    case Cells.SITE -> column.put(at, agents.site(at));
                    default -> agents.spec(at).field(field)
                            .ifPresent(value -> column.put(at, value));
                }
            }
        }
        return column;
    }

    private void refresh() {
        if (revision != agents.revision()) {
            revision = agents.revision();
            columns.clear();
            cells.clear();
            capacity = new Capacity(agents);
        }
    }

    private static <K, V> Map<K, V> eldestLeaves() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > KEPT_MAX;
            }
        };
    }
}
