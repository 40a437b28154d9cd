package io.springtide.master.scaling;

import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.Target;
import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.agents.PrefetchPort;
import io.springtide.master.agents.Timing;
import io.springtide.master.prefetch.Occasion;
import io.springtide.master.prefetch.Prefetching;
import io.springtide.master.prefetch.Progress;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.traffic.TrafficLoads;
import io.springtide.master.view.ClusterView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The autoscaling of one reign: looks at every app with a policy each second, and at once when load
 * balancers have measured something, and has counts changed. What it remembers is bounded by the apps
 * that have a policy; nothing of it is journaled but the counts and their reasons, so that the next
 * leader begins anew, and does not shrink anything before it has watched for a while.
 */
public final class ScalingService implements ScalingPort, AutoCloseable {

    /** Between two looks at most. */
    static final Duration LOOK = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(ScalingService.class);

    private final ClusterView view;
    private final CommandPort commands;
    private final TrafficLoads loads;
    private final Queries queries;
    private final Timing timing;
    private final InstantSource clock;
    private final ScalingCounters counters;
    private final Readings readings;
    private final Prefetching prefetching;
    private final AtomicBoolean called = new AtomicBoolean();
    /** Timer's thread. */
    private final Map<AppId, AppScaler> scalers = new HashMap<>();
    private volatile Map<AppId, Standing> standings = Map.of();
    private volatile boolean closed;

    /**
     * Prepares; {@link #start} sets it going.
     *
     * @param prefetches has agents fetch what schedules will need
     * @param queries closed with this
     * @param timing closed with this
     */
    public ScalingService(ClusterView view, CommandPort commands, AgentsPort agents,
            PrefetchPort prefetches, TrafficLoads loads, Queries queries, Timing timing,
            InstantSource clock, ScalingCounters counters) {
        this.view = view;
        this.commands = commands;
        this.loads = loads;
        this.queries = queries;
        this.timing = timing;
        this.clock = clock;
        this.counters = counters;
        this.readings = new Readings(agents, loads, queries);
        this.prefetching = new Prefetching(view, prefetches, timing, counters.prefetches());
    }

    /** Begins to look; the state must have been founded. */
    public void start() {
        loads.onReport(this::look);
        timing.every(LOOK, this::guardedLook);
    }

    /** Nothing more is decided. */
    @Override
    public void close() {
        closed = true;
        timing.close();
        queries.close();
        counters.now(0, 0);
        prefetching.end();
    }

    // ------------------------------------------------------------ what others ask

    @Override
    public Optional<Standing> standing(AppId app) {
        return Optional.ofNullable(standings.get(app));
    }

    @Override
    public List<Standing> alarming() {
        return standings.values().stream().filter(Standing::alarmed).toList();
    }

    @Override
    public Optional<Progress> prefetch(AppId app) {
        return prefetching.progress(app);
    }

    @Override
    public List<Progress> unfetched() {
        return prefetching.failed();
    }

    /** Calls that come together are one look. */
    @Override
    public void look() {
        if (!closed && called.compareAndSet(false, true)) {
            timing.after(Duration.ZERO, () -> {
                called.set(false);
                guardedLook();
            });
        }
    }

    // ------------------------------------------------------------ timer's thread

    private void guardedLook() {
        try {
            if (!closed) {
                lookAtAll();
            }
        } catch (RuntimeException bug) {
            // Would otherwise end the timer without a word.
            LOG.error("autoscale_look_failed", bug);
        }
    }

    private void lookAtAll() {
        List<Watched> all = view.read(Watched::all);
        long nowMs = clock.millis();
        Set<AppId> apps = all.stream().map(Watched::app).collect(Collectors.toSet());
        scalers.keySet().retainAll(apps);
        readings.keep(apps);
        queries.ask(wanted(all), nowMs);
        Map<AppId, Standing> now = new TreeMap<>();
        int frozen = 0;
        for (Watched watched : all) {
            Optional<Standing> standing = lookAt(watched, nowMs);
            standing.ifPresent(one -> now.put(watched.app(), one));
            frozen += standing.filter(one -> one.frozenSinceMs() != 0).isPresent() ? 1 : 0;
        }
        standings = Collections.unmodifiableMap(now);
        counters.now(all.size(), frozen);
        prefetching.look(occasions(all, now, nowMs), nowMs);
    }

    /** What is on trial asks for nothing. */
    private static List<Occasion> occasions(List<Watched> all, Map<AppId, Standing> standings,
            long nowMs) {
        List<Occasion> occasions = new ArrayList<>();
        for (Watched watched : all) {
            Standing standing = standings.get(watched.app());
            if (standing != null && !watched.policy().dryRun()) {
                Occasion.of(watched.app(), standing.seen().windows(),
                        watched.ready() + watched.launching(), nowMs).ifPresent(occasions::add);
            }
        }
        return occasions;
    }

    private Optional<Standing> lookAt(Watched watched, long nowMs) {
        AppScaler scaler = scalers.get(watched.app());
        if (scaler == null || !scaler.policy().equals(watched.policy())) {
            scaler = new AppScaler(watched, past(watched.app()), counters, nowMs);
            scalers.put(watched.app(), scaler);
        }
        if (scaler.underWay()) {
            // What has been measured meanwhile is not to wait for the next report.
            scaler.afterwards(this::look);
            return standing(watched.app());
        }
        try {
            return Optional.of(scaler.decide(watched, readings.of(watched, nowMs), commands,
                    nowMs));
        } catch (RuntimeException bug) {
            // One app's fault must not keep the others from growing.
            LOG.error("autoscale_failed app={}", watched.app(), bug);
            return standing(watched.app());
        }
    }

    private List<ScalingDecision> past(AppId app) {
        return view.read(state -> state.app(app).map(AppState::scalings).orElse(List.of()));
    }

    private static Set<String> wanted(List<Watched> all) {
        Set<String> queries = new HashSet<>();
        for (Watched watched : all) {
            for (Target target : watched.policy().targets()) {
                if (target.kind() == Target.Kind.PROMQL) {
                    queries.add(target.query());
                }
            }
        }
        return queries;
    }
}
