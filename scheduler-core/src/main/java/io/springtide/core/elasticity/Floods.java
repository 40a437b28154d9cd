package io.springtide.core.elasticity;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Notices floods. One is there when what comes in is a multiple of what the ready instances should carry,
 * or is more than they should and has multiplied within the window. It asks for what comes in, for those
 * that wait in line, and, if it still rises, for what it will be in a window; for no more than the factor
 * times what comes in.
 */
final class Floods {

    private final Burst burst;
    private final OptionalInt requests;
    private final OptionalInt concurrency;
    private final ScalingPolicy policy;
    private final ArrayDeque<Seen> before = new ArrayDeque<>();
    private long calmSinceMs = Long.MIN_VALUE;

    private record Seen(long atMs, long arrivals, long atOnce) {

        long of(Target.Kind kind) {
            return kind == Target.Kind.REQUESTS ? arrivals : atOnce;
        }
    }

    /**
     * One kind of load, and what one instance should carry of it.
     *
     * @param waiting what is to be worked off within a second beside the load
     * @param earlier the load a window ago
     * @param rise by how much it will be more in a window, if it goes on as it did
     */
    private record Flow(String word, long load, long waiting, long earlier, long rise, long each) {}

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
        Seen now = new Seen(nowMs, traffic.get().arrivalsMilli(), traffic.get().atOnceMilli());
        note(now);
        Optional<Recommendation> most = Optional.empty();
        if (requests.isPresent()) {
            most = flood(flow("arrivals/s", requests.getAsInt(), now,
                    traffic.get().waitingMilli()), seen);
        }
        if (concurrency.isPresent()) {
            // Those that wait are part of this load.
            Optional<Recommendation> other = flood(flow("served and waiting",
                    concurrency.getAsInt(), now, 0), seen);
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

    /** Takes note of what it is now, and forgets what is older than a window. */
    private void note(Seen now) {
        while (before.size() > 1 && before.getFirst().atMs < now.atMs - burst.windowMs()) {
            before.removeFirst();
        }
        // No more often than a tenth of the window: it is to take little room.
        if (before.isEmpty() || before.getLast().atMs + burst.windowMs() / 10 <= now.atMs) {
            before.addLast(now);
        }
    }

    private Flow flow(String word, int index, Seen now, long waiting) {
        Target target = policy.targets().get(index);
        long load = now.of(target.kind());
        Seen first = before.getFirst();
        // Of those between, the one nearest to the middle.
        Seen middle = first;
        long midMs = first.atMs + (now.atMs - first.atMs) / 2;
        for (Seen one : before) {
            if (one.atMs < now.atMs
                    && Math.abs(one.atMs - midMs) < Math.abs(middle.atMs - midMs)) {
                middle = one;
            }
        }
        long earlier = first.of(target.kind());
        long half = middle.of(target.kind());
        // A step is over when it is seen: only what rises in both halves is taken to go on.
        long rise = 2 * Math.max(0, Math.min(load - half, half - earlier));
        return new Flow(word, load, waiting, earlier, rise, target.valueMilli());
    }

    private Optional<Recommendation> flood(Flow flow, Observation seen) {
        long carried = flow.each * seen.ready();
        boolean far = exceeds(flow.load + flow.waiting, carried);
        boolean steep = flow.load > carried && exceeds(flow.load, flow.earlier);
        if (flow.load == 0 || !(far || steep)) {
            return Optional.empty();
        }
        // Neither a line nor a slope is believed beyond the factor: both may be gone in a moment.
        long ahead = Math.min(flow.load + flow.waiting + (steep ? flow.rise : 0),
                multiple(flow.load));
        int count = Load.instances(ahead, flow.each);
        StringBuilder note = new StringBuilder(flow.word).append(' ').append(Load.plain(flow.load));
        if (flow.waiting > 0) {
            note.append(" and ").append(Load.plain(flow.waiting)).append(" waiting");
        }
        note.append(", where ").append(seen.ready()).append(" ready ones should have ")
                .append(Load.plain(carried));
        if (steep) {
            note.append(", risen from ").append(Load.plain(flow.earlier));
        }
        if (ahead > flow.load) {
            note.append(", got ready for ").append(Load.plain(ahead));
        }
        return Optional.of(new Recommendation("/burst", ScalingReason.BURST,
                OptionalInt.of(count), note.toString()));
    }

    private boolean exceeds(long load, long bound) {
        return bound < load && load >= multiple(bound);
    }

    /** A load, some 10^15 at most, times the factor. */
    private long multiple(long load) {
        return load / 1_000 * burst.factorMilli() + load % 1_000 * burst.factorMilli() / 1_000;
    }

    /** There has been a flood lately. */
    boolean holds(long nowMs) {
        return calmSinceMs != Long.MIN_VALUE && nowMs - calmSinceMs < burst.holdMs();
    }
}
