package io.springtide.core.elasticity;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Notices floods. One is there when what comes in is a multiple of what the ready instances should carry,
 * or is more than they should and has multiplied within the window.
 */
final class Floods {

    private final Burst burst;
    private final OptionalInt requests;
    private final OptionalInt concurrency;
    private final ScalingPolicy policy;
    private final ArrayDeque<Seen> before = new ArrayDeque<>();
    private long calmSinceMs = Long.MIN_VALUE;

    private record Seen(long atMs, long arrivals, long atOnce) {}

    /** One kind of load, and what one instance should carry of it. */
    private record Flow(String word, long load, long earlier, long each) {}

    Floods(ScalingPolicy policy, Burst burst) {
        this.policy = policy;
        this.burst = burst;
        this.requests = find(Target.Kind.REQUESTS);
        this.concurrency = find(Target.Kind.CONCURRENCY);
    }

    private OptionalInt find(Target.Kind kind) {
        for (int i = 0; i < policy.targets().size(); i++) {
            if (policy.targets().get(i).kind() == kind) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** What a flood asks for, if there is one. */
    Optional<Recommendation> ask(Observation seen, long nowMs) {
        Optional<Traffic> traffic = seen.traffic().filter(one -> !one.stale(nowMs));
        if (traffic.isEmpty()) {
            return Optional.empty();
        }
        long arrivals = traffic.get().arrivalsMilli();
        long atOnce = traffic.get().atOnceMilli();
        Seen earlier = earlier(nowMs, arrivals, atOnce);
        Optional<Recommendation> most = Optional.empty();
        if (requests.isPresent()) {
            most = flood(new Flow("arrivals/s", arrivals, earlier.arrivals,
                    policy.targets().get(requests.getAsInt()).valueMilli()), seen);
        }
        if (concurrency.isPresent()) {
            Optional<Recommendation> other = flood(new Flow("served and waiting", atOnce,
                    earlier.atOnce,
                    policy.targets().get(concurrency.getAsInt()).valueMilli()), seen);
            if (most.isEmpty() || (other.isPresent() && other.get().count().orElse(0) > most.get()
                    .count().orElse(0))) {
                most = other;
            }
        }
        if (most.isPresent()) {
            calmSinceMs = nowMs;
        }
        return most;
    }

    /** What it was a window ago, or as long ago as is known; takes note of what it is now. */
    private Seen earlier(long nowMs, long arrivals, long atOnce) {
        while (before.size() > 1 && before.getFirst().atMs < nowMs - burst.windowMs()) {
            before.removeFirst();
        }
        Seen now = new Seen(nowMs, arrivals, atOnce);
        Seen earlier = before.isEmpty() ? now : before.getFirst();
        // No more often than a tenth of the window: it is to take little room.
        if (before.isEmpty() || before.getLast().atMs + burst.windowMs() / 10 <= nowMs) {
            before.addLast(now);
        }
        return earlier;
    }

    private Optional<Recommendation> flood(Flow flow, Observation seen) {
        long carried = flow.each * seen.ready();
        boolean far = exceeds(flow.load, carried);
        boolean steep = flow.load > carried && flow.load > flow.earlier
                && exceeds(flow.load, flow.earlier);
        if (flow.load == 0 || !(far || steep)) {
            return Optional.empty();
        }
        String note = flow.word + " " + Load.plain(flow.load) + ", where " + seen.ready()
                + " ready ones should have " + Load.plain(carried)
                + (far ? "" : ", risen from " + Load.plain(flow.earlier));
        return Optional.of(new Recommendation("/burst", ScalingReason.BURST,
                OptionalInt.of(Load.instances(flow.load, flow.each)), note));
    }

    private boolean exceeds(long load, long bound) {
        // A bound below a load is at most some 10^15: it can be multiplied.
        return bound < load && load >= bound / 1_000 * burst.factorMilli()
                + bound % 1_000 * burst.factorMilli() / 1_000;
    }

    /** There has been a flood lately. */
    boolean holds(long nowMs) {
        return calmSinceMs != Long.MIN_VALUE && nowMs - calmSinceMs < burst.holdMs();
    }
}
