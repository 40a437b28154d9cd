package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which endpoint has which server of a backend. An endpoint keeps its place as long as it is there; one
 * that a HAProxy serves already when we come gets the place it has there. For one thread.
 */
final class Slots {

    private final Map<String, Map<Long, String>> places = new HashMap<>();

    static String name(int index) {
        return "s" + (index + 1);
    }

    /**
     * Gives every endpoint of a backend a place.
     *
     * @param count places there are; endpoints beyond have none
     * @param seen what HAProxy says of its places; empty if it does not answer
     * @param busy whether something is still under way at a place that its endpoint has left
     * @param address of an endpoint; empty if its name is not known now
     * @return what is wanted of every place
     */
    Map<String, ServerState> assign(Plan.Backend backend, int count, Map<String, ServerState> seen,
            Predicate<String> busy, Function<Endpoint, Optional<String>> address) {
        Map<Long, String> before = places.getOrDefault(backend.name(), Map.of());
        Map<Long, String> now = new TreeMap<>();
        Map<String, ServerState> wanted = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            wanted.put(name(i), ServerState.FREE);
        }
        Map<Long, ServerState> states = new LinkedHashMap<>();
        for (Endpoint endpoint : backend.endpoints()) {
            address.apply(endpoint).ifPresent(
                    digits -> states.put(endpoint.instance(), state(endpoint, digits)));
        }
        states.forEach((instance, state) -> {
            String place = before.get(instance);
            if (place != null && wanted.containsKey(place)) {
                now.put(instance, place);
                wanted.put(place, state);
            }
        });
        if (before.isEmpty()) {
            states.forEach((instance, state) -> taken(state, wanted, seen).ifPresent(place -> {
                now.put(instance, place);
                wanted.put(place, state);
            }));
        }
        states.forEach((instance, state) -> {
            if (!now.containsKey(instance)) {
                free(wanted, busy).ifPresent(place -> {
                    now.put(instance, place);
                    wanted.put(place, state);
                });
            }
        });
        places.put(backend.name(), now);
        return wanted;
    }

    /** The place at which HAProxy serves it already. */
    private static Optional<String> taken(ServerState state, Map<String, ServerState> wanted,
            Map<String, ServerState> seen) {
        return wanted.entrySet().stream().filter(entry -> {
            ServerState there = seen.getOrDefault(entry.getKey(), ServerState.FREE);
            return entry.getValue().equals(ServerState.FREE)
                    && there.mode() != ServerState.Mode.MAINT && there.port() == state.port()
                    && there.address().equals(state.address());
        }).map(Map.Entry::getKey).findFirst();
    }

    /** One at which nothing is under way any more, else the first. */
    private static Optional<String> free(Map<String, ServerState> wanted, Predicate<String> busy) {
        List<String> free = wanted.entrySet().stream()
                .filter(e -> e.getValue().equals(ServerState.FREE)).map(Map.Entry::getKey)
                .toList();
        return free.stream().filter(busy.negate()).findFirst().or(() -> free.stream().findFirst());
    }

    /** Who drains weighs nothing, as the file has it: else it would be opened after a reload. */
    private static ServerState state(Endpoint endpoint, String address) {
        return new ServerState(address, endpoint.port(),
                endpoint.draining() ? 0 : Math.max(0, Math.min(100, endpoint.weight())),
                endpoint.draining() ? ServerState.Mode.DRAIN : ServerState.Mode.READY);
    }

    /** Where the endpoints of a backend are. */
    Map<Long, String> of(String backend) {
        return places.getOrDefault(backend, Map.of());
    }

    /** Forgets backends that are gone. */
    void retain(Predicate<String> backend) {
        places.keySet().removeIf(backend.negate());
    }
}
