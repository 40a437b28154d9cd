package io.springtide.master.traffic;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one published app that serve, or still finish. One whose last instances stop serving
 * by themselves, while it wants some, keeps them: what looks like the death of all is more often a
 * fault of what looks. Not safe for several threads.
 */
final class AppTraffic {

    /** How an instance takes part. */
    enum Standing {
        OPEN, DRAINING,
        /** It does not serve as far as is known, but it was among the last. */
        KEPT
    }

    /**
     * An instance that takes part.
     *
     * @param there the state knows it still
     * @param endpoints one for each route; null where it cannot be reached for that
     */
    @SuppressWarnings("ArrayRecordComponent") // one for each of 50 000 instances; never compared
    private record Seat(Standing standing, int row, boolean there, @Nullable Endpoint[] endpoints) {

        Seat with(Standing other, boolean known) {
            @Nullable
            Endpoint[] marked = endpoints.clone();
            for (int i = 0; i < marked.length; i++) {
                Endpoint one = marked[i];
                if (one != null) {
                    marked[i] = new Endpoint(one.instance(), one.host(), one.port(),
                            one.versionMs(), one.weight(), other == Standing.DRAINING);
                }
            }
            return new Seat(other, row, known, marked);
        }
    }

    private final AppId id;
    private final ServiceReader reader;
    private final Map<Long, Seat> seats = new LinkedHashMap<>();
    private final Map<Long, Seat> leavers = new LinkedHashMap<>();
    private Published published = Published.NOTHING;
    private Fronts fronts = new Fronts(List.of(), List.of());
    private Weights weights = Weights.NONE;
    private int open;
    private int kept;
    /** Some have stopped serving by themselves, whether or not they may be kept. */
    private boolean left;
    private long emptySinceMs;
    private boolean released;
    private boolean changed = true;
    /** Which version of the app {@link #places} are of; 0 = none yet. */
    private long placesOfMs;
    private List<PortPlace> places = List.of();
    private List<Service> built = List.of();

    AppTraffic(AppId id, ServiceReader reader) {
        this.id = id;
        this.reader = reader;
    }

    // ------------------------------------------------------------ what changes it

    /** Something is said of the app itself; its instances are looked at again where that matters. */
    void configure(AppState app, Published now, ClusterState state, boolean lookAtAll) {
        published = now;
        Fronts newFronts = Fronts.of(app, now);
        Weights newWeights = Weights.of(app);
        changed |= !newFronts.equals(fronts) || !newWeights.equals(weights);
        boolean moved = !newFronts.portIndices().equals(fronts.portIndices());
        fronts = newFronts;
        weights = newWeights;
        if (moved) {
            // Other ports: where those that are gone had them is known no longer.
            left |= seats.keySet().removeIf(number -> state.instance(number).isEmpty());
            count();
        }
        if (moved || lookAtAll) {
            for (int i = 0; i < app.instances().size(); i++) {
                look(app.instances().get(i), state, moved);
            }
        }
    }

    /** An instance may be other than it was. */
    void look(long number, ClusterState state) {
        Optional<Instance> instance = state.instance(number);
        if (instance.isPresent()) {
            look(instance.get(), state, false);
        } else {
            leave(number, false, true);
        }
    }

    private void look(Instance instance, ClusterState state, boolean anew) {
        Seat seat = seats.get(instance.number());
        Optional<Standing> standing = judge(instance, state, seat);
        if (standing.isEmpty()) {
            if (seat != null && anew) {
                // It may be kept, and then with the ports of today.
                put(instance.number(), new Seat(seat.standing(), seat.row(), true,
                        endpoints(instance, state, seat.standing() == Standing.DRAINING)));
            }
            leave(instance.number(), true, instance.goal() == Goal.RUNNING);
            return;
        }
        leavers.remove(instance.number());
        Seat next = new Seat(standing.get(), instance.agentRow(), true,
                endpoints(instance, state, standing.get() == Standing.DRAINING));
        if (seat == null || anew || seat.standing() != next.standing()
                || !Arrays.equals(seat.endpoints(), next.endpoints())) {
            put(instance.number(), next);
        }
    }

    /**
     * The first look of a reign. Whom the last leader kept is not known, only who may have been: those
     * that run and fail their checks.
     */
    void inherit(AppState app, ClusterState state) {
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            if (one.goal() == Goal.RUNNING && one.seen() == Condition.RUNNING && !one.inactive()
                    && one.health() == Health.DEAD && ready(one)
                    && !seats.containsKey(one.number())) {
                left = true;
                leavers.put(one.number(), new Seat(Standing.KEPT, one.agentRow(), true,
                        endpoints(one, state, false)));
            }
        }
    }

    private static Optional<Standing> judge(Instance instance, ClusterState state,
            @Nullable Seat seat) {
        boolean runs = instance.seen() == Condition.RUNNING;
        if (instance.goal() == Goal.DECOMMISSIONED) {
            boolean there = runs || instance.seen() == Condition.KILLING;
            // One that fails its checks has nothing to finish, unless it was served all the same.
            boolean finishes = seat != null
                    && (seat.standing() != Standing.OPEN || healthy(instance, state));
            return there && (finishes || (runs && serves(instance, state)))
                    ? Optional.of(Standing.DRAINING)
                    : Optional.empty();
        }
        return instance.goal() == Goal.RUNNING && runs && !instance.inactive()
                && serves(instance, state) ? Optional.of(Standing.OPEN) : Optional.empty();
    }

    private static boolean serves(Instance instance, ClusterState state) {
        return healthy(instance, state) && ready(instance);
    }

    /** While health checks fail nearly everywhere, they are no reason to stop serving. */
    private static boolean healthy(Instance instance, ClusterState state) {
        return !instance.version().spec().healthChecked() || instance.health() == Health.ALIVE
                || (instance.health() == Health.DEAD && state.healthStormMs() != 0);
    }

    private static boolean ready(Instance instance) {
        return !instance.version().spec().delivery().readinessChecked()
                || instance.readiness().ready();
    }

    private @Nullable Endpoint[] endpoints(Instance instance, ClusterState state,
            boolean draining) {
        if (placesOfMs != instance.version().versionMs()) {
            placesOfMs = instance.version().versionMs();
            places = reader.places(instance.version());
        }
        @Nullable
        Endpoint[] endpoints = new Endpoint[fronts.routes().size()];
        for (int i = 0; i < endpoints.length; i++) {
            int index = fronts.routes().get(i).portIndex();
            if (index >= places.size()) {
                continue; // an older version without that port
            }
            OptionalInt port = places.get(index).port(instance);
            if (port.isPresent()) {
                endpoints[i] = new Endpoint(instance.number(),
                        places.get(index).inside()
                                ? instance.ipAddress()
                                : state.agents().spec(instance.agentRow()).hostname(),
                        port.getAsInt(), instance.version().configuredMs(), Endpoint.WEIGHT,
                        draining);
            }
        }
        return endpoints;
    }

    /** Only what leaves without anybody's wish may be kept. */
    private void leave(long number, boolean there, boolean byItself) {
        Seat seat = seats.get(number);
        if (seat == null) {
            return;
        }
        if (seat.standing() == Standing.KEPT && byItself) {
            if (seat.there() != there) {
                put(number, seat.with(Standing.KEPT, there));
            }
            return;
        }
        take(number);
        if (seat.standing() == Standing.OPEN && byItself) {
            left = true;
            leavers.put(number, seat.with(Standing.KEPT, there));
        }
    }

    /** Its port belongs to somebody else from now on: what was kept there must not lead to them. */
    void placed(int row, int port) {
        forget(seat -> seat.row() == row && Arrays.stream(seat.endpoints())
                .anyMatch(one -> one != null && one.port() == port));
    }

    /** An agent has come and said what it has; what it no longer has is not kept. */
    void registered(String hostname) {
        forget(seat -> Arrays.stream(seat.endpoints())
                .anyMatch(one -> one != null && one.host().equals(hostname)));
    }

    private void forget(Predicate<Seat> meant) {
        List<Long> numbers = new ArrayList<>();
        seats.forEach((number, seat) -> {
            if (!seat.there() && meant.test(seat)) {
                numbers.add(number);
            }
        });
        numbers.forEach(this::take);
        leavers.values().removeIf(seat -> !seat.there() && meant.test(seat));
    }

    /** A person says that it is really empty. Says whether anything was kept or alarming. */
    boolean release() {
        boolean alarming = emptySinceMs != 0;
        dropKept();
        emptySinceMs = 0;
        released = true;
        return alarming;
    }

    /** All that has happened has been told; refuses what would leave nobody. */
    void settle(AppState app, long nowMs) {
        if (open > 0 || app.wanted() == 0 || fronts.routes().isEmpty()) {
            dropKept();
            emptySinceMs = 0;
            released = false;
        } else if (left && !released) {
            leavers.forEach(this::put);
            emptySinceMs = emptySinceMs == 0 ? nowMs : emptySinceMs;
        }
        left = false;
        leavers.clear();
    }

    private void dropKept() {
        if (kept > 0) {
            seats.values().removeIf(seat -> seat.standing() == Standing.KEPT);
            count();
            changed = true;
        }
    }

    private void put(long number, Seat seat) {
        take(number);
        seats.put(number, seat);
        open += seat.standing() == Standing.OPEN ? 1 : 0;
        kept += seat.standing() == Standing.KEPT ? 1 : 0;
        changed = true;
    }

    private void take(long number) {
        Seat seat = seats.remove(number);
        if (seat != null) {
            open -= seat.standing() == Standing.OPEN ? 1 : 0;
            kept -= seat.standing() == Standing.KEPT ? 1 : 0;
            changed = true;
        }
    }

    private void count() {
        open = 0;
        kept = 0;
        for (Seat seat : seats.values()) {
            open += seat.standing() == Standing.OPEN ? 1 : 0;
            kept += seat.standing() == Standing.KEPT ? 1 : 0;
        }
    }

    // ------------------------------------------------------------ what others see

    AppId id() {
        return id;
    }

    Published published() {
        return published;
    }

    /** Those of the labels, and of what they mean for this app. */
    List<Published.Fault> faults() {
        return fronts.faults();
    }

    /** How an instance takes part; empty if it does not. */
    Optional<Standing> standing(long number) {
        return Optional.ofNullable(seats.get(number)).map(Seat::standing);
    }

    /** Since when nobody serves who should; 0 = somebody does. */
    long emptySinceMs() {
        return emptySinceMs;
    }

    int kept() {
        return kept;
    }

    /** Whether it shows, or is about to show, instances that may be gone. */
    boolean keeps() {
        return kept > 0 || !leavers.isEmpty();
    }

    /** Whether {@link #services} would be others than at the last call. */
    boolean changed() {
        return changed;
    }

    /** What is to be served. */
    List<Service> services() {
        if (changed) {
            List<Service> services = new ArrayList<>();
            for (int i = 0; i < fronts.routes().size(); i++) {
                Fronts.Of route = fronts.routes().get(i);
                List<Endpoint> endpoints = new ArrayList<>(seats.size());
                for (Seat seat : seats.values()) {
                    Endpoint one = seat.endpoints()[i];
                    if (one != null) {
                        endpoints.add(one);
                    }
                }
                services.add(new Service(id.path(), route.portIndex(), route.front(),
                        route.rules(), weights.apply(endpoints)));
            }
            built = List.copyOf(services);
            changed = false;
        }
        return built;
    }
}
