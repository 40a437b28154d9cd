package io.springtide.core.placement;

import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.RoleState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.agrona.collections.IntArrayList;

/**
 * Chooses agents for what is waiting, app after app, each from what the ones before it have left.
 * Changes nothing but its own scratch copies. The same state gives the same choice. Used by one thread.
 */
public final class PlacementRound {

    /** Bounds the memory for kinds of instances that are kept ranked; others are ranked anew. */
    private static final int RANKED_MAX = 4_000_000;
    private static final int STANDINGS_MIN = 16;

    private final ClusterState state;
    private final PlacementSettings settings;
    private final Fields fields;
    private final IntPredicate gone;
    private final Offers offers;
    private final Neighbourhood around;
    private final LinkedHashMap<Shape, Standing> standings = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Standing> eldest) {
            return size() > Math.max(STANDINGS_MIN, RANKED_MAX / (1 + state.agents().rows()));
        }
    };
    private final LinkedHashMap<AppId, IntArrayList> placedNow = new LinkedHashMap<>();
    private final LinkedHashMap<AppId, Eligibility> eligibilities = new LinkedHashMap<>();
    private final TreeMap<String, Scorer> scorers = new TreeMap<>();
    private final int[] onePorts = new int[Shape.PORTS_MAX];
    private Demand lastDemand = new Demand(
            new Shape(Resources.NONE, List.of(), RuntimeKind.PROCESS, PlacementPolicy.SPREAD));
    private long rowsScanned;

    /** A round over the state as it is now, with the built-in scorers. */
    public PlacementRound(ClusterState state) {
        this(state, PlacementSettings.DEFAULT, new Fields(state.agents()));
    }

    /**
     * A round over the state as it is now.
     *
     * @param fields kept by the caller from round to round
     */
    public PlacementRound(ClusterState state, PlacementSettings settings, Fields fields) {
        this(state, settings, fields, row -> false);
    }

    /** A round over the state as it would be without some agents and what is on them. */
    PlacementRound(ClusterState state, PlacementSettings settings, Fields fields,
            IntPredicate gone) {
        this.state = state;
        this.gone = gone;
        this.settings = settings;
        this.fields = fields;
        this.offers = new Offers(state.agents(), fields.capacity(), settings.slackMarginPpm());
        this.around = new Neighbourhood(state.agents());
    }

    /**
     * What came of one app.
     *
     * @param agentRows one for each instance that found an agent; may be fewer than asked for
     * @param ports as many for each instance as its shape asks for
     * @param gpus for each instance the GPUs it gets, one bit each; empty if its shape asks for none
     * @param rejections why no agent takes one more; {@link Rejections#NONE} if all found one
     */
    @SuppressWarnings("ArrayRecordComponent") // becomes an event, never compared
    public record Choice(int[] agentRows, int[] ports, int[] gpus, Rejections rejections) {}

    /** Agents looked at so far: what this round has cost. */
    public long rowsScanned() {
        return rowsScanned;
    }

    /** Chooses agents for {@code count} more instances of the app's current version. */
    public Choice place(AppState app, int count) {
        Choice choice = place(app.current().spec().shape(), Optional.of(app), count);
        if (choice.agentRows.length > 0) {
            note(app.id(), choice.agentRows);
        }
        return choice;
    }

    /** Chooses agents for {@code count} instances of an app that has none yet. */
    public Choice place(Shape shape, int count) {
        return place(shape, Optional.empty(), count);
    }

    private Choice place(Shape shape, Optional<AppState> app, int count) {
        AppPlacement placement = open(shape, app, count);
        Standing standing = placement.standing();
        Demand demand = standing.demand();
        Chooser chooser = placement.chooser(count);
        int[] rows = new int[count];
        int[] ports = new int[count * demand.ports];
        int[] gpus = new int[demand.resources.hasGpus() ? count : 0];
        int placed = 0;
        while (placed < count) {
            int row = chooser.next();
            if (row == Chooser.NONE) {
                break;
            }
            int mask = 0;
            if (gpus.length > 0) {
                mask = standing.scorer().gpus(offers.window(row), demand.shape);
                gpus[placed] = mask;
            }
            offers.take(row, demand, mask, ports, placed * demand.ports);
            rows[placed++] = row;
            placement.placed(row);
        }
        if (placed == count) {
            placement.finish();
            return new Choice(rows, ports, gpus, Rejections.NONE);
        }
        Rejections why = Explanation.of(offers, placement, count(state.agents()));
        placement.finish();
        return new Choice(Arrays.copyOf(rows, placed), Arrays.copyOf(ports, placed * demand.ports),
                Arrays.copyOf(gpus, Math.min(placed, gpus.length)), why);
    }

    private int count(AgentTable agents) {
        rowsScanned += agents.size();
        return agents.size();
    }

    // For those who plan evictions: trying out, one agent at a time

    /** Whether an agent comes into question for one more, whatever it has left. */
    public boolean eligible(AppState app, int row) {
        return state.agents().present(row)
                && eligibilities.computeIfAbsent(app.id(), id -> eligibility(app)).admits(row);
    }

    private Eligibility eligibility(AppState app) {
        Shape shape = app.current().spec().shape();
        Candidates candidates = new Candidates(state, fields, shape, Optional.of(app), gone,
                placedNow);
        AppConstraints constraints = new AppConstraints(shape, Optional.of(app.id()), fields);
        constraints.enlist(state.agents(), candidates::admits);
        for (int i = 0; i < app.instances().size(); i++) {
            if (AppConstraints.counts(app, app.instances().get(i))) {
                constraints.count(app.instances().get(i).agentRow());
            }
        }
        IntArrayList now = placedNow.get(app.id());
        for (int i = 0; now != null && i < now.size(); i++) {
            constraints.count(now.getInt(i));
        }
        return new Eligibility(candidates, constraints);
    }

    /** Which agents come into question for an app, kept up as instances of it are placed. */
    private record Eligibility(Candidates candidates, AppConstraints constraints) {

        boolean admits(int row) {
            return candidates.admits(row) && constraints.admits(row);
        }
    }

    /** Whether an agent has room for one more. */
    public boolean fits(AppState app, int row) {
        return offers.fits(row, demand(app.current().spec().shape()));
    }

    /** As if the instance had ended. */
    public void giveBack(Instance instance) {
        offers.giveBack(instance);
    }

    /** As if it had not ended after all. */
    public void takeBack(Instance instance) {
        offers.takeBack(instance);
    }

    /** Takes one instance's worth from an agent that has room for it. */
    public void claim(AppState app, int row) {
        Demand demand = demand(app.current().spec().shape());
        int mask = demand.resources.hasGpus()
                ? scorer(demand.shape).gpus(offers.window(row), demand.shape)
                : 0;
        offers.take(row, demand, mask, onePorts, 0);
        note(app.id(), row);
    }

    /** Remembers for the rest of the round where instances of an app have been put. */
    private void note(AppId app, int... rows) {
        IntArrayList now = placedNow.computeIfAbsent(app, id -> new IntArrayList());
        Eligibility known = eligibilities.get(app);
        for (int row : rows) {
            now.addInt(row);
            if (known != null) {
                known.constraints.count(row);
            }
        }
    }

    /** Keeps the agent from everybody until it is released. */
    public void hold(int row) {
        offers.hold(row, true);
    }

    /** The agent is kept from nobody any more. */
    public void release(int row) {
        offers.hold(row, false);
    }

    private Demand demand(Shape shape) {
        if (!lastDemand.shape.equals(shape)) {
            lastDemand = new Demand(shape);
        }
        return lastDemand;
    }

    // How agents stand

    private AppPlacement open(Shape shape, Optional<AppState> app, int count) {
        AppConstraints constraints = new AppConstraints(shape, app.map(AppState::id), fields);
        // Where it depends on other instances who comes into question, it is worked out each time.
        boolean lasting = constraints.same().isEmpty()
                && shape.rules().preferences().apps().isEmpty()
                && app.stream().allMatch(one -> state.keepingOff(one.id()).isEmpty());
        Standing standing = lasting ? standings.get(shape) : null;
        Wishes wishes = wishes(shape, app);
        if (standing == null) {
            standing = standing(shape, app, constraints, wishes, count);
            if (lasting) {
                standings.put(shape, standing);
            }
        }
        rowsScanned += standing.follow();
        AppPlacement placement = new AppPlacement(state.agents(), standing, around, wishes,
                constraints);
        if (placement.dependsOnOthers()) {
            app.ifPresent(one -> count(placement, one));
        }
        return placement;
    }

    private Standing standing(Shape shape, Optional<AppState> app, AppConstraints constraints,
            Wishes wishes, int count) {
        Candidates candidates = new Candidates(state, fields, shape, app, gone, placedNow);
        count(state.agents());
        for (PlacedConstraint.Same same : constraints.same()) {
            decide(same, row -> candidates.admits(row) && constraints.together(row), shape, app,
                    count);
        }
        IntPredicate admitted = constraints.same().isEmpty()
                ? candidates::admits
                : row -> candidates.admits(row) && constraints.together(row);
        return new Standing(offers, demand(shape), scorer(shape),
                fields.cells(cells(shape, wishes)), admitted, wishes.points(),
                candidates.penalties(fields), candidates);
    }

    private void count(AppPlacement placement, AppState app) {
        for (int i = 0; i < app.instances().size(); i++) {
            Instance instance = app.instances().get(i);
            if (!gone.test(instance.agentRow())) {
                placement.count(app, instance);
            }
        }
        IntArrayList now = placedNow.get(app.id());
        for (int i = 0; now != null && i < now.size(); i++) {
            placement.count(now.getInt(i));
        }
    }

    private Scorer scorer(Shape shape) {
        String asked = shape.rules().preferences().scorer();
        if (asked.isEmpty()) {
            RoleState role = state.roles().get(shape.rules().role());
            asked = role == null ? "" : role.spec().scorer().orElse("");
        }
        Scorer plain = settings.scorers().named(asked)
                .orElseGet(() -> settings.scorers().of(shape.policy()));
        Scorer prepared = scorers.get(plain.name());
        if (prepared == null) {
            prepared = plain.forRound(state);
            scorers.put(plain.name(), prepared);
        }
        return prepared.forShape(shape);
    }

    private static Wishes wishes(Shape shape, Optional<AppState> app) {
        Wishes wishes = Wishes.of(shape);
        for (Preferences.Neighbour neighbour : shape.rules().preferences().apps()) {
            if (!neighbour.required() && neighbour.weight() < 0
                    && app.map(AppState::id).equals(Optional.of(neighbour.app()))) {
                wishes = wishes.apart(neighbour.scope(), -neighbour.weight());
            }
        }
        return wishes;
    }

    private static List<String> cells(Shape shape, Wishes wishes) {
        List<String> by = new ArrayList<>();
        for (Constraint rule : shape.rules().constraints()) {
            if (rule.operator() == Constraint.Operator.GROUP_BY) {
                by.add(rule.field());
            }
        }
        if (wishes.places()) {
            by.add(Cells.RACK);
        }
        return by;
    }

    /** The value of the first instance; without one, the value whose agents have room for most. */
    private void decide(PlacedConstraint.Same same, IntPredicate inQuestion, Shape shape,
            Optional<AppState> app, int count) {
        app.ifPresent(one -> {
            for (int i = 0; i < one.instances().size() && same.open(); i++) {
                Instance instance = one.instances().get(i);
                if (AppConstraints.counts(one, instance) && !gone.test(instance.agentRow())) {
                    same.count(instance.agentRow());
                }
            }
            IntArrayList now = placedNow.get(one.id());
            if (same.open() && now != null && !now.isEmpty()) {
                same.count(now.getInt(0));
            }
        });
        if (!same.open()) {
            return;
        }
        Demand demand = demand(shape);
        long[] room = new long[same.column().size()];
        for (int row = 0; row < state.agents().rows(); row++) {
            if (inQuestion.test(row)) {
                int code = same.column().code(row);
                room[code] = Math.min(count, room[code] + offers.room(row, demand));
            }
        }
        int best = Column.NONE;
        for (int code = 0; code < room.length; code++) {
            if (room[code] > 0 && (best == Column.NONE || room[code] > room[best])) {
                best = code;
            }
        }
        if (best != Column.NONE) {
            same.choose(best);
        }
    }
}
