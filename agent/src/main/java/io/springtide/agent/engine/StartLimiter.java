package io.springtide.agent.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Decides which launch may go now: a token for each, so many cold starts at a time, and for a spec whose
 * instances fail as soon as they run a share that is halved by each failure. In order, but that one
 * spec's small share does not hold up the others. Pure; owned by the engine.
 */
final class StartLimiter {

    /** An instance that has run for so long has started well. */
    static final long WELL_AFTER_MS = 1_000;
    /** One that is not being started by then is waiting for its image, which is no load on the machine. */
    static final long FETCHING_AFTER_MS = 5_000;
    /** One that is being started for so long waits for something: a pod for a further image, say. */
    static final long STUCK_AFTER_MS = 30_000;
    /** A share is not halved below a 64th. */
    private static final int HALVINGS_MAX = 6;
    /** After so long without a failure a spec has its whole share again. */
    private static final long FORGIVEN_AFTER_MS = 60_000;
    /** Failing specs remembered; a bound on memory. */
    private static final int SLOWED_MAX = 1_000;

    /** A launch that waits for its turn. */
    private record Waiting(String specDigest, int gpus) {}

    /** A launch whose turn has come. */
    record Turn(long instanceId, int gpus) {}

    private static final class Begun {
        private final String specDigest;
        private long sinceMs;
        private boolean starting;

        Begun(String specDigest, long sinceMs) {
            this.specDigest = specDigest;
            this.sinceMs = sinceMs;
        }
    }

    private static final class Slowed {
        private final TokenBucket bucket;
        private int halvings;
        private long failedMs;

        Slowed(TokenBucket bucket) {
            this.bucket = bucket;
        }
    }

    private final StartLimits limits;
    private final TokenBucket tokens;
    private final Map<Long, Waiting> waiting = new LinkedHashMap<>();
    /** Handed to the runtime and not running yet, oldest first. */
    private final Map<Long, Begun> cold = new LinkedHashMap<>();
    /** The same of those that probably wait for an image, and do not count. */
    private final Map<Long, Begun> fetching = new LinkedHashMap<>();
    /** Running for less than a second, oldest first. */
    private final Map<Long, Begun> young = new LinkedHashMap<>();
    private final Map<String, Slowed> slowed = new LinkedHashMap<>();

    StartLimiter(StartLimits limits) {
        this.limits = limits;
        this.tokens = new TokenBucket(limits.perSecond(), limits.burst());
    }

    /** Adds a launch behind all others. */
    void add(long instanceId, String specDigest, int gpus) {
        waiting.put(instanceId, new Waiting(specDigest, gpus));
    }

    /** Which GPUs a launch is to get that waits; empty if it does not wait. */
    OptionalInt gpus(long instanceId) {
        Waiting one = waiting.get(instanceId);
        return one == null ? OptionalInt.empty() : OptionalInt.of(one.gpus());
    }

    /** How many launches wait. */
    int waiting() {
        return waiting.size();
    }

    /** How many specs have less than their whole share. */
    int slowed() {
        return slowed.size();
    }

    /** Takes out the launches that may go now, in order. */
    List<Turn> due(long nowMs) {
        settle(nowMs);
        List<Turn> due = new ArrayList<>();
        Iterator<Map.Entry<Long, Waiting>> all = waiting.entrySet().iterator();
        while (all.hasNext() && cold.size() < limits.coldMax() && tokens.holds(nowMs)) {
            Map.Entry<Long, Waiting> next = all.next();
            String digest = next.getValue().specDigest();
            Slowed slow = slowed.get(digest);
            if (slow != null && !slow.bucket.holds(nowMs)) {
                continue;
            }
            if (slow != null) {
                slow.bucket.take();
            }
            tokens.take();
            cold.put(next.getKey(), new Begun(digest, nowMs));
            due.add(new Turn(next.getKey(), next.getValue().gpus()));
            all.remove();
        }
        return due;
    }

    private void settle(long nowMs) {
        for (Iterator<Begun> all = young.values().iterator(); all.hasNext();) {
            Begun oldest = all.next();
            if (nowMs - oldest.sinceMs < WELL_AFTER_MS) {
                break;
            }
            slowed.remove(oldest.specDigest);
            all.remove();
        }
        for (Iterator<Map.Entry<Long, Begun>> all = cold.entrySet().iterator(); all.hasNext();) {
            Map.Entry<Long, Begun> oldest = all.next();
            long ageMs = nowMs - oldest.getValue().sinceMs;
            if (ageMs < FETCHING_AFTER_MS) {
                break;
            }
            if (!oldest.getValue().starting || ageMs >= STUCK_AFTER_MS) {
                fetching.put(oldest.getKey(), oldest.getValue());
                all.remove();
            }
        }
        slowed.values().removeIf(one -> nowMs - one.failedMs >= FORGIVEN_AFTER_MS);
    }

    /** What it needs is there. */
    void starting(long instanceId) {
        Begun begun = cold.get(instanceId);
        if (begun != null) {
            begun.starting = true;
        }
    }

    /** It runs. */
    void running(long instanceId, long nowMs) {
        Begun begun = remove(instanceId);
        if (begun != null) {
            begun.sinceMs = nowMs;
            young.put(instanceId, begun);
        }
    }

    /**
     * It has ended, or is not to be started any more.
     *
     * @param failed by itself
     */
    void ended(long instanceId, boolean failed, long nowMs) {
        waiting.remove(instanceId);
        Begun begun = remove(instanceId);
        Begun ran = young.remove(instanceId);
        String digest = begun != null ? begun.specDigest : ran != null ? ran.specDigest : "";
        boolean early = begun != null || (ran != null && nowMs - ran.sinceMs < WELL_AFTER_MS);
        if (failed && early) {
            slowDown(digest, nowMs);
        }
    }

    private @Nullable Begun remove(long instanceId) {
        Begun begun = cold.remove(instanceId);
        return begun != null ? begun : fetching.remove(instanceId);
    }

    private void slowDown(String digest, long nowMs) {
        if (!slowed.containsKey(digest) && slowed.size() >= SLOWED_MAX) {
            slowed.remove(slowed.keySet().iterator().next());
        }
        Slowed slow = slowed.computeIfAbsent(digest,
                unused -> new Slowed(new TokenBucket(limits.perSecond(), limits.burst())));
        slow.halvings = Math.min(HALVINGS_MAX, slow.halvings + 1);
        slow.failedMs = nowMs;
        double share = 1.0 / (1 << slow.halvings);
        slow.bucket.become(limits.perSecond() * share, Math.max(1, limits.burst() * share));
    }
}
