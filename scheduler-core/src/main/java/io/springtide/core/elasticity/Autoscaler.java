package io.springtide.core.elasticity;

import io.springtide.core.Check;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Decides how many instances an app is to have. One for an app and a policy, made anew by a new leader and
 * for another policy; used by one thread. It remembers only what it has seen, and takes no time and
 * nothing else from anywhere but its arguments.
 *
 * <p>What asks for most wins. The count rises at once unless the policy says otherwise, and falls no lower
 * than anything that was asked for within the policy's window; never while something that is to be
 * measured cannot be believed, nor while a flood is just over, nor before it has watched for a whole
 * window. The steps of the policy bound both ways, and also what schedules and floods ask for.
 */
public final class Autoscaler {

    private final ScalingPolicy policy;
    private final long sinceMs;
    private final StepLimits steps;
    private final Extremes upwards;
    private final Extremes downwards;
    private final Optional<Floods> floods;
    /** Nothing that is measured would ever ask for a first instance. */
    private final boolean averagesOnly;

    /**
     * For an app that is watched from now on.
     *
     * @param past what was decided on it before, oldest first: steps taken then still count, as far
     *     back as an app remembers them, which is 50 changes
     */
    public Autoscaler(ScalingPolicy policy, List<ScalingDecision> past, long nowMs) {
        this.policy = policy;
        this.sinceMs = nowMs;
        this.steps = new StepLimits(policy, past);
        this.upwards = new Extremes(policy.up().stabilisationMs());
        this.downwards = new Extremes(policy.down().stabilisationMs());
        this.averagesOnly = !policy.targets().isEmpty() && policy.targets().stream()
                .allMatch(one -> one.measure() == Target.Measure.AVERAGE);
        this.floods = policy.burst().map(burst -> new Floods(policy, burst));
    }

    /** The policy it decides by. */
    public ScalingPolicy policy() {
        return policy;
    }

    /**
     * How many there are to be, by what is seen at a time. Times must not fall from call to call.
     *
     * @throws IllegalArgumentException if there is not one sample, or the lack of one, for each target
     */
    public Verdict decide(Observation seen, long nowMs) {
        Check.argument(seen.samples().size() == policy.targets().size(),
                "samples are of another policy: one for each target is needed");
        List<Recommendation> measured = measured(seen, nowMs);
        List<Recommendation> floors = floors(seen, nowMs);
        floods.flatMap(one -> one.ask(seen, nowMs)).ifPresent(floors::add);
        if (averagesOnly && most(measured).orElse(seen.count()) < 1) {
            floors.add(new Recommendation("/targets", ScalingReason.TARGET, OptionalInt.of(1),
                    "averages cannot be measured without an instance"));
        }
        boolean frozen = measured.stream().anyMatch(one -> one.count().isEmpty());

        int count = seen.count();
        int load = policy.clamp(most(measured).orElse(measured.isEmpty() ? policy.min() : count));
        if (frozen) {
            load = Math.max(load, policy.clamp(count));
        }
        int floor = policy.clamp(most(floors).orElse(0));
        steps.note(nowMs, count);
        upwards.note(nowMs, load);
        downwards.note(nowMs, Math.max(load, floor));

        Pace pace = pace(seen, load, floor, frozen, nowMs);
        int stepped = steps.allow(count, pace.count);
        int decided = policy.clamp(stepped);
        List<Recommendation> all = new ArrayList<>(measured);
        all.addAll(floors);
        Optional<Recommendation> winner = all.stream().filter(one -> one.count().isPresent())
                .max(Comparator.comparingInt(one -> one.count().getAsInt()));
        return new Verdict(count, decided, frozen, winner, all,
                sentence(seen, decided, winner, pace.why, stepped != pace.count));
    }

    /** Where the count may go by its windows, and what keeps it from going further. */
    private record Pace(int count, String why) {}

    private Pace pace(Observation seen, int load, int floor, boolean frozen, long nowMs) {
        int count = seen.count();
        int asked = Math.max(load, floor);
        if (asked > count) {
            int lasting = policy.up().stabilisationMs() == 0
                    ? load
                    : Math.min(load, upwards.smallest());
            int up = Math.max(count, Math.max(floor, lasting));
            return new Pace(up, up < asked ? "more was not asked for all the time" : "");
        }
        if (asked == count) {
            return new Pace(count, frozen ? "not all that is measured can be believed" : "");
        }
        if (frozen) {
            return new Pace(count, "not all that is measured can be believed");
        }
        if (floods.filter(one -> one.holds(nowMs)).isPresent()) {
            return new Pace(count, "a flood is just over");
        }
        if (nowMs - sinceMs < policy.down().stabilisationMs()) {
            return new Pace(count, "it is not watched for long enough to shrink it");
        }
        int down = policy.down().stabilisationMs() == 0
                ? asked
                : Math.min(count, downwards.largest());
        return new Pace(down, down > asked ? "more was asked for a while ago" : "");
    }

    private List<Recommendation> measured(Observation seen, long nowMs) {
        List<Recommendation> asked = new ArrayList<>();
        for (int i = 0; i < policy.targets().size(); i++) {
            String path = "/targets(" + i + ")";
            Target target = policy.targets().get(i);
            asked.add(seen.samples().get(i)
                    .map(sample -> Load.ask(path, target, policy.tolerancePpm(), seen, sample,
                            nowMs))
                    .orElseGet(() -> Load.silent(path, "there is no sample")));
        }
        return asked;
    }

    private List<Recommendation> floors(Observation seen, long nowMs) {
        List<Recommendation> asked = new ArrayList<>();
        for (ScheduleWindow window : seen.windows()) {
            int floor = window.floor(policy.min(), nowMs);
            if (floor > 0) {
                asked.add(new Recommendation("/schedules(" + indexOf(window) + ")",
                        ScalingReason.SCHEDULE, OptionalInt.of(floor),
                        "schedule " + window.name() + " asks for " + floor));
            }
        }
        return asked;
    }

    private int indexOf(ScheduleWindow window) {
        return policy.schedules().stream().map(Schedule::name).toList().indexOf(window.name());
    }

    private static OptionalInt most(List<Recommendation> asked) {
        return asked.stream().filter(one -> one.count().isPresent())
                .mapToInt(one -> one.count().getAsInt()).max();
    }

    private String sentence(Observation seen, int decided, Optional<Recommendation> winner,
            String why, boolean stepped) {
        StringBuilder text = new StringBuilder();
        text.append(decided).append(" instead of ").append(seen.count()).append(" instances: ");
        text.append(winner.map(Recommendation::note).orElse(policy.targets().isEmpty()
                ? "nothing asks for more than the least"
                : "nothing could be measured"));
        winner.ifPresent(one -> text.append(", which asks for ")
                .append(one.count().getAsInt()));
        if (winner.isPresent() && policy.clamp(winner.get().count().getAsInt()) != winner.get()
                .count().getAsInt()) {
            text.append("; bounds are ").append(policy.min()).append(" and ")
                    .append(policy.max());
        }
        if (!why.isEmpty()) {
            text.append("; ").append(why);
        }
        if (stepped) {
            text.append("; the policy's steps allow no more at once");
        }
        return text.toString();
    }
}
