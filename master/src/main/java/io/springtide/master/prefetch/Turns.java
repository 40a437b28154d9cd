package io.springtide.master.prefetch;

import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.core.model.AgentId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;

/**
 * Whose turn it is to fetch what: makes of plans the list of each agent. A few agents at a time fetch the
 * same thing, so that its registry goes on serving others; what has failed is tried again after a while.
 * One thread.
 */
final class Turns {

    /** Fetch the same thing at the same time; a registry on one machine serves about so many well. */
    static final int AT_ONCE_MAX = 32;

    /** What an agent takes; see {@code Prefetches} in the protocol. */
    static final int ITEMS_MAX = 32;

    /** Of one list: a message has to stay below 4 MiB. */
    private static final int LIST_BYTES_MAX = 2 << 20;

    private final PrefetchCounters counters;
    private final LongBinaryOperator random;
    /** By what is fetched. */
    private final SortedMap<String, SortedMap<AgentId, Turn>> all = new TreeMap<>();

    /** One list that grows. */
    private static final class Draft {
        private final List<Prefetch> items = new ArrayList<>();
        private int bytes;

        boolean add(Prefetch item) {
            if (items.size() >= ITEMS_MAX || bytes + item.getSerializedSize() > LIST_BYTES_MAX) {
                return false;
            }
            items.add(item);
            bytes += item.getSerializedSize();
            return true;
        }
    }

    private record Wanted(Prefetch item, Set<AgentId> agents) {}

    /** @param random a number from the first to below the second */
    Turns(PrefetchCounters counters, LongBinaryOperator random) {
        this.counters = counters;
        this.random = random;
    }

    /** How one agent stands with one thing. */
    Turn of(String id, AgentId agent) {
        Map<AgentId, Turn> turns = all.get(id);
        Turn turn = turns == null ? null : turns.get(agent);
        return turn == null ? new Turn() : turn;
    }

    /**
     * What each agent is to fetch now.
     *
     * @param plans the most urgent first
     * @param said what an agent has said of its list; empty if it is not connected
     * @param nowMs of a clock that only goes on
     */
    SortedMap<AgentId, List<Prefetch>> next(Iterable<Plan> plans,
            Function<AgentId, Optional<Map<String, PrefetchState>>> said, long nowMs) {
        Map<String, Wanted> wanted = wanted(plans);
        all.keySet().retainAll(wanted.keySet());
        SortedMap<AgentId, Optional<Map<String, PrefetchState>>> answers = new TreeMap<>();
        wanted.forEach((id, one) -> {
            SortedMap<AgentId, Turn> turns = all.computeIfAbsent(id, unused -> new TreeMap<>());
            turns.keySet().retainAll(one.agents());
            for (AgentId agent : one.agents()) {
                Turn turn = turns.computeIfAbsent(agent, unused -> new Turn());
                turn.hear(answers.computeIfAbsent(agent, said), id,
                        nowMs + random.applyAsLong(Turn.AGAIN_MS_MIN, Turn.AGAIN_MS_MAX))
                        .ifPresent(end -> counters.ended(end == Stage.DONE));
            }
        });
        SortedMap<AgentId, Draft> drafts = new TreeMap<>();
        wanted.values().forEach(one -> open(one, drafts, nowMs));
        // An agent that comes back after a restart says at once whether it still has it.
        wanted.values().forEach(one -> keepDone(one, drafts, nowMs));
        SortedMap<AgentId, List<Prefetch>> lists = new TreeMap<>();
        drafts.forEach((agent, draft) -> {
            if (!draft.items.isEmpty()) {
                lists.put(agent, List.copyOf(draft.items));
            }
        });
        return lists;
    }

    /** Apps that need the same thing need it once. */
    private static Map<String, Wanted> wanted(Iterable<Plan> plans) {
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (Plan plan : plans) {
            wanted.computeIfAbsent(plan.item().getId(),
                    unused -> new Wanted(plan.item(), new LinkedHashSet<>()))
                    .agents().addAll(plan.chosen());
        }
        return wanted;
    }

    private void open(Wanted one, Map<AgentId, Draft> drafts, long nowMs) {
        int underWay = 0;
        for (AgentId agent : one.agents()) {
            Turn turn = of(one.item().getId(), agent);
            if (turn.dueAgain(nowMs)) {
                turn.withdraw(nowMs);
            } else if (turn.told() && !turn.done() && !draft(drafts, agent).add(one.item())) {
                turn.withdraw(nowMs);
            }
            underWay += turn.inTheWay(nowMs) ? 1 : 0;
        }
        for (AgentId agent : one.agents()) {
            Turn turn = of(one.item().getId(), agent);
            if (underWay < AT_ONCE_MAX && turn.ready(nowMs)
                    && draft(drafts, agent).add(one.item())) {
                turn.tell(nowMs);
                underWay++;
            }
        }
    }

    private void keepDone(Wanted one, Map<AgentId, Draft> drafts, long nowMs) {
        for (AgentId agent : one.agents()) {
            Turn turn = of(one.item().getId(), agent);
            if (turn.told() && turn.done() && !draft(drafts, agent).add(one.item())) {
                turn.withdraw(nowMs);
            }
        }
    }

    private static Draft draft(Map<AgentId, Draft> drafts, AgentId agent) {
        return drafts.computeIfAbsent(agent, unused -> new Draft());
    }
}
