package io.springtide.core.placement;

import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Preferences;
import io.springtide.core.model.Rejections;
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
import java.util.function.IntPredicate;
import org.agrona.collections.IntArrayList;

/**
 * Chooses agents for what is waiting, app after app, each from what the ones before it have left.
 * Changes nothing but its own scratch copies. The same state gives the same choice. Used by one thread.
 */
public final class PlacementRound {

    /** So many kinds of instances are kept ranked; a queue of more kinds ranks some anew. */
    private static final int STANDINGS_MAX = 64;

    private final ClusterState state;
    private final PlacementSettings settings;
    private final Fields fields;
    private final IntPredicate gone;
    private final Offers offers;
    private final Neighbourhood around;
    private final LinkedHashMap<Shape, Standing> standings = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Shape, Standing> eldest) {
            return size() > STANDINGS_MAX;
        }
    };
    private final LinkedHashMap<AppId, IntArrayList> placedNow = new LinkedHashMap<>();
    private final int[] onePorts = new int[Shape.PORTS_MAX];
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
            IntArrayList now = placedNow.computeIfAbsent(app.id(), id -> new IntArrayList());
            for (int row : choice.agentRows) {
                now.addInt(row);
            }
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
                mask = standing.scorer().gpus(offers.window(row), demand.resources);
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
        AppPlacement placement = open(app.current().spec().shape(), Optional.of(app), 1);
        boolean admits = placement.admits(row);
        placement.finish();
        return admits;
    }

    /** Whether an agent has room for one more. */
    public boolean fits(AppState app, int row) {
        return offers.fits(row, new Demand(app.current().spec().shape()));
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
        Demand demand = new Demand(app.current().spec().shape());
        int mask = demand.resources.hasGpus()
                ? scorer(demand.shape).gpus(offers.window(row), demand.resources)
                : 0;
        offers.take(row, demand, mask, onePorts, 0);
        placedNow.computeIfAbsent(app.id(), id -> new IntArrayList()).addInt(row);
    }

    /** Keeps the agent from everybody for the rest of the round. */
    public void hold(int row) {
        offers.hold(row);
    }

    // How agents stand

    private AppPlacement open(Shape shape, Optional<AppState> app, int count) {
        List<PlacedConstraint.Same> same = same(shape, app);
        Standing standing = same.isEmpty() && shape.rules().preferences().apps().isEmpty()
                ? standings.get(shape)
                : null;
        Wishes wishes = wishes(shape, app);
        if (standing == null) {
            Candidates candidates = new Candidates(state, fields, shape, app, gone);
            count(state.agents());
            for (PlacedConstraint.Same one : same) {
                decide(one, candidates, shape, app, count);
            }
            standing = new Standing(offers, new Demand(shape), scorer(shape),
                    fields.cells(cells(shape, wishes)),
                    row -> candidates.admits(row)
                            && same.stream().allMatch(one -> one.admits(row)),
                    wishes.points(), candidates.penalties(fields), candidates);
            if (same.isEmpty() && shape.rules().preferences().apps().isEmpty()) {
                standings.put(shape, standing);
            }
        }
        rowsScanned += standing.follow();
        AppPlacement placement = new AppPlacement(offers, fields, standing, around, wishes, app,
                same);
        app.ifPresent(one -> count(placement, one));
        return placement;
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
        return settings.scorers().named(asked)
                .orElseGet(() -> settings.scorers().of(shape.policy()));
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

    private List<PlacedConstraint.Same> same(Shape shape, Optional<AppState> app) {
        List<PlacedConstraint.Same> same = new ArrayList<>();
        List<Constraint> rules = shape.rules().constraints();
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).operator() == Constraint.Operator.CLUSTER && !rules.get(i).fixed()) {
                same.add(new PlacedConstraint.Same(i, fields.column(rules.get(i).field())));
            }
        }
        for (Preferences.Neighbour neighbour : shape.rules().preferences().apps()) {
            if (neighbour.required() && neighbour.weight() > 0
                    && app.map(AppState::id).equals(Optional.of(neighbour.app()))) {
                same.add(new PlacedConstraint.Same(PlacedConstraint.AFFINITY,
                        fields.column(AppPlacement.column(neighbour.scope()))));
            }
        }
        return same;
    }

    /** The value of the first instance; without one, the value whose agents have room for most. */
    private void decide(PlacedConstraint.Same same, Candidates candidates, Shape shape,
            Optional<AppState> app, int count) {
        app.ifPresent(one -> {
            for (int i = 0; i < one.instances().size() && same.open(); i++) {
                Instance instance = one.instances().get(i);
                if (!instance.inactive() && !gone.test(instance.agentRow())
                        && instance.version().configuredMs() == one.current().configuredMs()) {
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
        Demand demand = new Demand(shape);
        long[] room = new long[same.column().size()];
        for (int row = 0; row < state.agents().rows(); row++) {
            if (candidates.admits(row) && same.column().code(row) != Column.NONE) {
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
