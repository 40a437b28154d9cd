package io.springtide.master.agents;

import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.Prefetched;
import io.springtide.api.agent.Prefetches;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one connected agent is to fetch ahead of time, and what it says of that. A new connection begins
 * without anything: what is still wanted is told again, and what is not goes on until it is there. Any thread.
 */
final class AheadOrders {

    private static final int ERROR_CHARS_MAX = 1_000;

    private final Outbound outbound;
    private List<Prefetch> told = List.of();
    private Map<String, PrefetchState> said = Map.of();

    AheadOrders(Outbound outbound) {
        this.outbound = outbound;
    }

    /** Tells the whole list, unless it is known. */
    synchronized void want(List<Prefetch> items) {
        if (items.equals(told)) {
            return;
        }
        told = List.copyOf(items);
        said = onlyTold(said.values());
        outbound.prefetch(Prefetches.newBuilder().addAllItems(told).build());
    }

    /** The agent has said how far it is. */
    synchronized void answered(Prefetched answer) {
        said = onlyTold(answer.getStatesList());
    }

    synchronized Map<String, PrefetchState> said() {
        return said;
    }

    /** An answer may be older than the list, and belong to another. */
    private Map<String, PrefetchState> onlyTold(Iterable<PrefetchState> states) {
        Set<String> ids = told.stream().map(Prefetch::getId).collect(Collectors.toSet());
        Map<String, PrefetchState> kept = new LinkedHashMap<>();
        for (PrefetchState state : states) {
            if (ids.contains(state.getId())) {
                kept.put(state.getId(), readable(state));
            }
        }
        return kept;
    }

    private static PrefetchState readable(PrefetchState state) {
        String error = Registration.CONTROL.matcher(state.getError()).replaceAll(" ");
        return error.equals(state.getError()) && error.length() <= ERROR_CHARS_MAX
                ? state
                : state.toBuilder().setError(
                        error.substring(0, Math.min(error.length(), ERROR_CHARS_MAX))).build();
    }
}
