package io.springtide.core.elasticity;

import io.springtide.core.model.AppSpec;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How many instances a measured load asks for. All in thousandths and whole numbers: the same on every
 * machine, and no sum depends on an order.
 */
final class Load {

    private static final long PPM = 1_000_000;

    private Load() {}

    /** What a target asks for by its newest sample. */
    static Recommendation ask(String path, Target target, int tolerancePpm, Observation seen,
            Sample sample, long nowMs) {
        String word = word(target);
        OptionalLong milli = sample.milli();
        if (milli.isEmpty()) {
            return silent(path, word + " cannot be " + sample.value());
        }
        if (sample.stale(nowMs)) {
            return silent(path, word + " is " + (nowMs - sample.atMs()) / 1_000 + " s old");
        }
        long load = milli.getAsLong();
        String note = word + " " + plain(load) + ", of " + plain(target.valueMilli());
        if (target.measure() == Target.Measure.TOTAL) {
            return said(path, total(target, tolerancePpm, seen.count(), load),
                    note + " for each");
        }
        if (seen.ready() == 0) {
            return silent(path, word + " says nothing while no instance is ready");
        }
        return said(path, average(target, tolerancePpm, seen, load),
                note + " with " + seen.ready() + " ready");
    }

    static Recommendation silent(String path, String note) {
        return new Recommendation(path, ScalingReason.TARGET, OptionalInt.empty(), note);
    }

    private static Recommendation said(String path, int count, String note) {
        return new Recommendation(path, ScalingReason.TARGET, OptionalInt.of(count), note);
    }

    /** What is launching already counts: the sum says what all of them together will carry. */
    private static int total(Target target, int tolerancePpm, int count, long load) {
        long carried = target.valueMilli() * count;
        long band = carried / PPM * tolerancePpm + carried % PPM * tolerancePpm / PPM;
        return Math.abs(load - carried) <= band ? count : instances(load, target.valueMilli());
    }

    /**
     * Only those that are ready share the load, so it is them that it is measured by. While there is too
     * much of it for them, those on their way are not taken back.
     */
    private static int average(Target target, int tolerancePpm, Observation seen, long load) {
        long value = target.valueMilli();
        if (Math.abs(load - value) <= value * tolerancePpm / PPM) {
            return seen.count();
        }
        boolean latency = target.kind() == Target.Kind.LATENCY;
        int ready = seen.ready();
        if (load > value) {
            // Latency says that it is too much, and not how much.
            long seenLoad = latency ? Math.min(load, 2 * value) : load;
            return Math.max(seen.count(), times(ready, seenLoad, value));
        }
        if (!latency) {
            return times(ready, load, value);
        }
        // Fast answers hardly say how few instances would still give them.
        return load > value / 2 ? seen.count() : ready - Math.max(1, ready / 10);
    }

    /** How many instances carry a load, each so much. */
    static int instances(long load, long each) {
        return (int) Math.min(AppSpec.INSTANCES_MAX, Math.ceilDiv(load, each));
    }

    private static int times(int ready, long load, long value) {
        long whole = Math.min(load / value, AppSpec.INSTANCES_MAX);
        long rest = Math.ceilDiv(load % value * ready, value);
        return (int) Math.min(AppSpec.INSTANCES_MAX, whole * ready + rest);
    }

    private static String word(Target target) {
        return switch (target.kind()) {
            case CPU -> "cpu percent";
            case MEMORY -> "memory percent";
            case REQUESTS -> "requests/s";
            case CONCURRENCY -> "requests at once";
            case LATENCY -> "p99 ms";
            case PROMQL -> "query";
        };
    }

    /** Thousandths as people write numbers. */
    static String plain(long milli) {
        String rest = Long.toString(1_000 + milli % 1_000).substring(1).replaceAll("0+$", "");
        return milli / 1_000 + (rest.isEmpty() ? "" : "." + rest);
    }
}
