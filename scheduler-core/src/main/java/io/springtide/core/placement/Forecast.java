package io.springtide.core.placement;

import io.springtide.core.Check;
import io.springtide.core.elasticity.MachineNeed;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Constraint;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Rejections;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** What would happen if: answers from scratch copies, the state stays as it is. */
public final class Forecast {

    /** Agents are searched for spares so often at most: where instances are packed, each search finds one. */
    private static final int SPARE_SEARCHES_MAX = 8;

    /** A quarter more, and two at least: the cluster is another one by the time that it matters. */
    private static final int SPARE_PARTS = 4;
    private static final int SPARE_MIN = 2;

    private Forecast() {}

    /**
     * Where an app would go.
     *
     * @param placeable how many of its instances would find an agent
     * @param agentRows one for each of them
     * @param why the others would not; {@link Rejections#NONE} if there are none
     */
    @SuppressWarnings("ArrayRecordComponent") // made for one answer, never compared
    public record Fit(int placeable, int[] agentRows, Rejections why) {}

    /**
     * What the loss of agents would mean.
     *
     * @param displaced instances on them that are wanted
     * @param placed of those, how many would find another agent
     * @param unfit apps of which some would not
     */
    public record Outage(int displaced, int placed, List<Unfit> unfit) {

        public Outage {
            unfit = List.copyOf(unfit);
        }
    }

    /** An app that would miss some of its instances. */
    public record Unfit(AppId app, int missing, Rejections why) {}

    /**
     * Whether an app, new or changed, would fit as the cluster is now. What an older version of it
     * holds is not given back, as in a rolling change that keeps all of them running.
     */
    public static Fit fit(ClusterState state, PlacementSettings settings, AppSpec spec) {
        PlacementRound round = new PlacementRound(state, settings, new Fields(state.agents()));
        AppState known = state.app(spec.id())
                .filter(app -> app.current().spec().shape().equals(spec.shape())).orElse(null);
        int there = known == null ? 0 : active(known);
        // Where a policy has the count, what a submission says of it changes nothing.
        int wanted = state.app(spec.id()).filter(app -> !app.leaving() && app.ownedByPolicy())
                .map(AppState::scaled).orElse(spec.instances());
        int more = Math.max(0, wanted - there);
        PlacementRound.Choice choice = known == null
                ? round.place(spec.shape(), more)
                : round.place(known, more);
        return new Fit(choice.agentRows().length, choice.agentRows(), choice.rejections());
    }

    /**
     * What would not fit without some agents: their instances look for others, the highest priority
     * first, then the app that was there first.
     */
    public static Outage without(ClusterState state, PlacementSettings settings,
            IntPredicate gone) {
        TreeMap<AppId, Integer> displaced = new TreeMap<>();
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && gone.test(row)) {
                InstanceList held = agents.instances(row);
                for (int i = 0; i < held.size(); i++) {
                    if (held.get(i).active()) {
                        displaced.merge(held.get(i).app().id(), 1, Integer::sum);
                    }
                }
            }
        }
        List<AppState> order = new ArrayList<>();
        displaced.keySet().forEach(id -> state.app(id).ifPresent(order::add));
        order.sort(Comparator.<AppState>comparingInt(app -> -shape(app).rules().priority())
                .thenComparing(AppState::id));
        PlacementRound round = new PlacementRound(state, settings, new Fields(agents), gone);
        int placed = 0;
        List<Unfit> unfit = new ArrayList<>();
        for (AppState app : order) {
            int lost = displaced.getOrDefault(app.id(), 0);
            PlacementRound.Choice choice = round.place(app, lost);
            placed += choice.agentRows().length;
            if (choice.agentRows().length < lost) {
                unfit.add(new Unfit(app.id(), lost - choice.agentRows().length,
                        choice.rejections()));
            }
        }
        int all = displaced.values().stream().mapToInt(Integer::intValue).sum();
        return new Outage(all, placed, unfit);
    }

    /** So many more instances of an app. */
    public record More(AppId app, int count) {

        public More {
            Check.argument(count > 0, "there is nothing to forecast for fewer than one instance");
        }
    }

    /**
     * Where more instances of an app would go.
     *
     * @param placeable how many of them would find an agent
     * @param agents those that they would run on, each once
     * @param spare agents that would be next
     */
    public record Likely(AppId app, int placeable, List<AgentId> agents, List<AgentId> spare) {

        public Likely {
            agents = List.copyOf(agents);
            spare = List.copyOf(spare);
        }
    }

    /**
     * Where more instances would go as the cluster is now, one app after the other, each from what the
     * ones before it have left. Of apps that are not there or are leaving nothing is said.
     */
    public static List<Likely> likely(ClusterState state, PlacementSettings settings,
            List<More> wanted) {
        PlacementRound round = new PlacementRound(state, settings, new Fields(state.agents()));
        List<AppState> apps = new ArrayList<>();
        List<PlacementRound.Choice> choices = new ArrayList<>();
        for (More more : wanted) {
            state.app(more.app()).filter(app -> !app.leaving()).ifPresent(app -> {
                apps.add(app);
                choices.add(round.place(app, more.count()));
            });
        }
        List<Likely> likely = new ArrayList<>();
        for (int i = 0; i < apps.size(); i++) {
            int[] placed = choices.get(i).agentRows();
            SortedSet<Integer> rows = new TreeSet<>();
            for (int row : placed) {
                rows.add(row);
            }
            likely.add(new Likely(apps.get(i).id(), placed.length, ids(state, rows),
                    ids(state, spare(round, apps.get(i), rows))));
        }
        return likely;
    }

    /** Agents beside these that would take one more. */
    private static SortedSet<Integer> spare(PlacementRound round, AppState app,
            SortedSet<Integer> rows) {
        SortedSet<Integer> spare = new TreeSet<>();
        if (rows.isEmpty()) {
            return spare;
        }
        int wanted = Math.max(SPARE_MIN, Math.ceilDiv(rows.size(), SPARE_PARTS));
        rows.forEach(round::hold);
        for (int i = 0; i < SPARE_SEARCHES_MAX && spare.size() < wanted; i++) {
            int[] found = round.place(app, wanted - spare.size()).agentRows();
            if (found.length == 0) {
                break;
            }
            for (int row : found) {
                spare.add(row);
                round.hold(row);
            }
        }
        rows.forEach(round::release);
        spare.forEach(round::release);
        return spare;
    }

    private static List<AgentId> ids(ClusterState state, SortedSet<Integer> rows) {
        return rows.stream().map(row -> state.agents().spec(row).id()).toList();
    }

    /**
     * What has waited for a while and would find no agent even if all that is ending had ended. Best-effort
     * work, what a quota withholds, and what is not to be launched yet is not part of it.
     *
     * @param waitMs what waits for less does not count
     */
    public static List<MachineNeed> needs(ClusterState state, PlacementSettings settings,
            long nowMs, long waitMs) {
        List<AppState> waiting = new ArrayList<>();
        for (AppState app : state.apps().values()) {
            if (app.missing() > 0 && !app.leaving() && app.launchAfterMs() <= nowMs
                    && app.waitingSinceMs() != 0 && nowMs - app.waitingSinceMs() >= waitMs
                    && app.rejections().count(Rejection.QUOTA) == 0
                    && shape(app).rules().serviceClass() != ServiceClass.BEST_EFFORT) {
                waiting.add(app);
            }
        }
        if (waiting.isEmpty()) {
            return List.of();
        }
        waiting.sort(Comparator.<AppState>comparingInt(app -> -shape(app).rules().priority())
                .thenComparingLong(AppState::waitingSinceMs).thenComparing(AppState::id));
        PlacementRound round = new PlacementRound(state, settings, new Fields(state.agents()));
        giveBackEnding(state, round);
        List<MachineNeed> needs = new ArrayList<>();
        for (AppState app : waiting) {
            int left = app.missing() - round.place(app, app.missing()).agentRows().length;
            if (left > 0) {
                needs.add(new MachineNeed(app.id(), app.current().versionMs(), shape(app), left,
                        placed(state.agents(), app)));
            }
        }
        return needs;
    }

    private static void giveBackEnding(ClusterState state, PlacementRound round) {
        AgentTable agents = state.agents();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && agents.condition(row) == AgentCondition.LIVE) {
                InstanceList held = agents.instances(row);
                for (int i = 0; i < held.size(); i++) {
                    if (held.get(i).goal() == Goal.DECOMMISSIONED) {
                        round.giveBack(held.get(i));
                    }
                }
            }
        }
    }

    /** By the fields of the app's own constraints: on which values how many of it are. */
    private static SortedMap<String, SortedMap<String, Integer>> placed(AgentTable agents,
            AppState app) {
        TreeMap<String, SortedMap<String, Integer>> placed = new TreeMap<>();
        for (Constraint rule : shape(app).rules().constraints()) {
            if (!rule.fixed()) {
                TreeMap<String, Integer> values = new TreeMap<>();
                for (int i = 0; i < app.instances().size(); i++) {
                    Instance one = app.instances().get(i);
                    if (AppConstraints.counts(app, one)) {
                        agents.spec(one.agentRow()).field(rule.field())
                                .ifPresent(value -> values.merge(value, 1, Integer::sum));
                    }
                }
                placed.put(rule.field(), values);
            }
        }
        return placed;
    }

    private static Shape shape(AppState app) {
        return app.current().spec().shape();
    }

    private static int active(AppState app) {
        int active = 0;
        for (int i = 0; i < app.instances().size(); i++) {
            Instance instance = app.instances().get(i);
            active += instance.active() ? 1 : 0;
        }
        return active;
    }
}
