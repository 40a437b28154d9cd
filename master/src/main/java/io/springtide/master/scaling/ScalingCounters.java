package io.springtide.master.scaling;

import io.springtide.core.elasticity.Verdict;
import io.springtide.master.prefetch.PrefetchCounters;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What autoscaling has done since the process started, for metrics. Any thread. */
public final class ScalingCounters {

    private final Map<Verdict.Direction, LongAdder> decisions = new EnumMap<>(
            Verdict.Direction.class);
    private final LongAdder queriesAnswered = new LongAdder();
    private final LongAdder queriesFailed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final PrefetchCounters prefetches = new PrefetchCounters();
    private volatile int policies;
    private volatile int frozen;

    /** All at zero. */
    public ScalingCounters() {
        for (Verdict.Direction direction : Verdict.Direction.values()) {
            decisions.put(direction, new LongAdder());
        }
    }

    void decided(Verdict.Direction direction) {
        of(direction).increment();
    }

    void refused() {
        refused.increment();
    }

    void queried(boolean answered) {
        (answered ? queriesAnswered : queriesFailed).increment();
    }

    void now(int policiesNow, int frozenNow) {
        policies = policiesNow;
        frozen = frozenNow;
    }

    private LongAdder of(Verdict.Direction direction) {
        return Objects.requireNonNull(decisions.get(direction), "each has one");
    }

    /** Changes of a count that were decided and are durable, those on trial included. */
    public long decisions(Verdict.Direction direction) {
        return of(direction).sum();
    }

    /** Changes that the cluster did not grant. */
    public long refusals() {
        return refused.sum();
    }

    /** Queries with a usable answer. */
    public long queriesAnswered() {
        return queriesAnswered.sum();
    }

    /** What schedules had fetched ahead of time. */
    public PrefetchCounters prefetches() {
        return prefetches;
    }

    /** Queries without one. */
    public long queriesFailed() {
        return queriesFailed.sum();
    }

    /** Apps with a policy that this master decides on now. */
    public int policies() {
        return policies;
    }

    /** Those of them that do not shrink, since something is missing. */
    public int frozen() {
        return frozen;
    }
}
