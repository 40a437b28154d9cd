package io.springtide.bench.sim;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Resources;
import io.springtide.core.state.Instance;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What each agent has given away, counted without the help of the code that is to be checked. */
final class Books {

    private final Map<Integer, Page> pages = new HashMap<>();
    private final Map<Long, Entry> entries = new HashMap<>();

    private static final class Page {
        long cpusMilli;
        long memMib;
        final BitSet ports = new BitSet();
    }

    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    private record Entry(int row, Resources amount, int[] ports) {}

    /** Writes an instance down; a sentence if the agent does not have that. */
    Optional<String> take(Instance instance, AgentSpec agent) {
        int row = instance.agentRow();
        Page page = pages.computeIfAbsent(row, unused -> new Page());
        Resources amount = instance.version().spec().shape().resources();
        int[] ports = new int[instance.portCount()];
        page.cpusMilli += amount.cpusMilli();
        page.memMib += amount.memMib();
        Optional<String> wrong = Optional.empty();
        for (int i = 0; i < ports.length; i++) {
            ports[i] = instance.port(i);
            int port = ports[i];
            if (page.ports.get(port) || agent.ports().stream()
                    .noneMatch(range -> range.first() <= port && port <= range.last())) {
                wrong = Optional.of("port " + port + " of " + agent.id() + " is given to instance "
                        + instance.number() + " and is not free");
            }
            page.ports.set(port);
        }
        entries.put(instance.number(), new Entry(row, amount, ports));
        if (page.cpusMilli > agent.resources().cpusMilli()
                || page.memMib > agent.resources().memMib()) {
            wrong = Optional.of(agent.id() + " has given away " + page.cpusMilli + " cpusMilli and "
                    + page.memMib + " MiB");
        }
        return wrong;
    }

    /** It takes up nothing any more. */
    void release(long number) {
        Entry entry = entries.remove(number);
        if (entry == null) {
            return;
        }
        Page page = pages.get(entry.row());
        if (page == null) {
            throw new IllegalStateException("an entry without a page");
        }
        page.cpusMilli -= entry.amount().cpusMilli();
        page.memMib -= entry.amount().memMib();
        for (int port : entry.ports()) {
            page.ports.clear(port);
        }
    }
}
