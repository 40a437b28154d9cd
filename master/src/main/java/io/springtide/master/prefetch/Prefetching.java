package io.springtide.master.prefetch;

import io.springtide.api.agent.Prefetch;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.placement.Forecast;
import io.springtide.core.state.ClusterState;
import io.springtide.master.agents.PrefetchPort;
import io.springtide.master.agents.Timing;
import io.springtide.master.plugins.PlacementPlugins;
import io.springtide.master.view.ClusterView;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what schedules will need fetched by the agents that will need it. Nothing of it is journaled: the next
 * leader asks anew, and agents say at once what they have. {@link #look} belongs to one thread, all else to
 * any.
 */
public final class Prefetching {

    /** Those whose schedules begin first; the others follow when these have begun. */
    static final int APPS_MAX = 100;

    /** Looked at for whether they need anything at all. */
    private static final int OCCASIONS_MAX = 1_000;

    /** Asked about in one forecast, for it holds up the view: with ten thousand agents a millisecond or two each. */
    static final int APPS_AT_ONCE_MAX = 16;

    /** Of all apps together. */
    static final int INSTANCES_MAX = 20_000;

    /** Reports of load balancers have policies looked at much more often. */
    private static final long LOOK_MS = 500;

    /** Where instances would go changes slowly, and asking for it costs something. */
    static final long FORECAST_MS = 30_000;

    private static final Logger LOG = LoggerFactory.getLogger(Prefetching.class);

    private final ClusterView view;
    private final PrefetchPort agents;
    private final Timing timing;
    private final PrefetchCounters counters;
    private final Turns turns;
    /** The most urgent first. */
    private Map<AppId, Plan> plans = new LinkedHashMap<>();
    private final SortedSet<AgentId> listed = new TreeSet<>();
    private OptionalLong lookedMs = OptionalLong.empty();
    private volatile Map<AppId, Progress> progress = Map.of();

    /** Nothing is fetched before the first {@link #look}. */
    public Prefetching(ClusterView view, PrefetchPort agents, Timing timing,
            PrefetchCounters counters) {
        this.view = view;
        this.agents = agents;
        this.timing = timing;
        this.counters = counters;
        this.turns = new Turns(counters, timing::random);
    }

    /** How far it is for an app; empty if no schedule of it is near, or nothing can be fetched for it. */
    public Optional<Progress> progress(AppId app) {
        return Optional.ofNullable(progress.get(app));
    }

    /** Those that people should look after, by app. */
    public List<Progress> failed() {
        return progress.values().stream().filter(one -> one.failed() > 0).toList();
    }

    /** The reign is over: what agents were told goes on until it is there. */
    public void end() {
        counters.now(0, 0);
    }

    /**
     * Tells agents what is to be fetched now.
     *
     * @param occasions all there are
     * @param nowMs time of day
     */
    public void look(List<Occasion> occasions, long nowMs) {
        long upMs = TimeUnit.NANOSECONDS.toMillis(timing.nanoTime());
        boolean idle = occasions.isEmpty() && plans.isEmpty() && listed.isEmpty();
        if (idle || !passed(lookedMs, LOOK_MS, upMs)) {
            return;
        }
        lookedMs = OptionalLong.of(upMs);
        plan(occasions);
        forecast(upMs);
        tell(turns.next(plans.values(), agents::said, upMs));
        Map<AppId, Progress> now = new TreeMap<>();
        plans.forEach((app, plan) -> {
            if (plan.askedMs().isPresent()) {
                now.put(app, plan.progress(turns, nowMs));
            }
        });
        progress = Collections.unmodifiableMap(now);
        counters.now(now.values().stream().mapToInt(Progress::agents).sum(),
                now.values().stream().mapToInt(Progress::done).sum());
    }

    private static boolean passed(OptionalLong sinceMs, long ms, long upMs) {
        return sinceMs.isEmpty() || upMs - sinceMs.getAsLong() >= ms;
    }

    // ------------------------------------------------------------ what is needed

    private void plan(List<Occasion> occasions) {
        List<Occasion> first = occasions.stream().sorted().limit(OCCASIONS_MAX).toList();
        Map<Occasion, AppVersion> versions = new LinkedHashMap<>();
        String clusterId = view.read(state -> {
            first.forEach(one -> state.app(one.app()).filter(app -> !app.leaving())
                    .ifPresent(app -> versions.put(one, app.current())));
            return state.clusterId();
        });
        Map<AppId, Plan> next = new LinkedHashMap<>();
        int missing = 0;
        for (Map.Entry<Occasion, AppVersion> one : versions.entrySet()) {
            Optional<Prefetch> item = agents.needs(one.getValue(), clusterId);
            Occasion occasion = one.getKey();
            if (item.isPresent() && next.size() < APPS_MAX
                    && (next.isEmpty() || missing + occasion.missing() <= INSTANCES_MAX)) {
                next.put(occasion.app(), plan(item.get(), occasion));
                missing += occasion.missing();
            }
        }
        plans = next;
    }

    private Plan plan(Prefetch item, Occasion occasion) {
        Plan known = plans.get(occasion.app());
        if (known == null || !known.item().getId().equals(item.getId())) {
            LOG.info("prefetch_planned app={} schedule={} image={} artifacts={}", occasion.app(),
                    occasion.schedule(), item.getImage(), item.getArtifactsCount());
            return new Plan(item, occasion);
        }
        known.occasion(occasion);
        return known;
    }

    // ------------------------------------------------------------ where it is needed

    /** Of those whose turn it is the most urgent: usually all, which leave each other room then. */
    private void forecast(long upMs) {
        List<Plan> due = plans.values().stream()
                .filter(plan -> passed(plan.askedMs(), FORECAST_MS, upMs))
                .limit(APPS_AT_ONCE_MAX).toList();
        if (due.isEmpty()) {
            return;
        }
        List<Forecast.More> more = due.stream()
                .map(plan -> new Forecast.More(plan.occasion().app(),
                        Math.min(INSTANCES_MAX, plan.occasion().missing())))
                .toList();
        Set<AgentId> chosen = new HashSet<>();
        due.forEach(plan -> {
            plan.asked(upMs);
            chosen.addAll(plan.chosen());
        });
        Set<AgentId> present = new HashSet<>();
        List<Forecast.Likely> likely = view.read(state -> {
            chosen.stream().filter(agent -> present(state, agent)).forEach(present::add);
            return Forecast.likely(state, PlacementPlugins.settings(), more);
        });
        for (Forecast.Likely one : likely) {
            Plan plan = plans.get(one.app());
            if (plan != null) {
                plan.choose(one, present::contains,
                        agent -> turns.of(plan.item().getId(), agent).known());
            }
        }
    }

    private static boolean present(ClusterState state, AgentId agent) {
        return state.agents().rowOf(agent).isPresent();
    }

    // ------------------------------------------------------------ who is told what

    private void tell(SortedMap<AgentId, List<Prefetch>> lists) {
        for (AgentId agent : listed) {
            if (!lists.containsKey(agent)) {
                agents.want(agent, List.of());
            }
        }
        lists.forEach(agents::want);
        listed.clear();
        listed.addAll(lists.keySet());
    }
}
