package io.springtide.core.codec;

import io.springtide.core.elasticity.Behaviour;
import io.springtide.core.elasticity.Burst;
import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.ScalingReason;
import io.springtide.core.elasticity.Schedule;
import io.springtide.core.elasticity.Standby;
import io.springtide.core.elasticity.Target;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import java.util.Optional;
import java.util.TreeMap;

/** Policies, and what they decide, as bytes. */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class ScalingCodec {

    private ScalingCodec() {}

    static void write(FactWriter out, Event.ScalingSet set) {
        out.text(set.app().path());
        write(out, set.policy());
        out.number(set.count());
        out.number(set.atMs());
    }

    static Event readSet(FactReader in) {
        return new Event.ScalingSet(new AppId(in.text()), readPolicy(in), in.smallNumber(),
                in.number());
    }

    static void write(FactWriter out, Event.AppScaled scaled) {
        out.text(scaled.app().path());
        out.number(scaled.from());
        out.number(scaled.to());
        write(out, scaled.reason());
        out.number(scaled.atMs());
    }

    static Event readScaled(FactReader in) {
        return new Event.AppScaled(new AppId(in.text()), in.smallNumber(), in.smallNumber(),
                readReason(in), in.number());
    }

    public static void write(FactWriter out, ScalingPolicy policy) {
        // A part of its own: fields may be added at its end.
        int mark = out.lengthMark();
        out.number(policy.min());
        out.number(policy.max());
        out.number(policy.targets().size());
        for (Target target : policy.targets()) {
            out.number(target.kind().ordinal());
            out.number(target.valueMilli());
            out.text(target.query());
            out.number(target.measure().ordinal());
        }
        out.number(policy.tolerancePpm());
        write(out, policy.up());
        write(out, policy.down());
        out.number(policy.schedules().size());
        for (Schedule schedule : policy.schedules()) {
            out.text(schedule.name());
            out.text(schedule.cron());
            out.text(schedule.zone());
            out.number(schedule.count());
            out.number(schedule.durationMs());
            out.number(schedule.rampMs());
            out.number(schedule.leadMs());
        }
        out.flag(policy.burst().isPresent());
        policy.burst().ifPresent(burst -> {
            out.number(burst.windowMs());
            out.number(burst.factorMilli());
            out.number(burst.holdMs());
        });
        out.number(policy.standby().count());
        out.number(policy.standby().percent());
        out.flag(policy.dryRun());
        out.lengthSet(mark);
    }

    /**
     * The policy that was written.
     *
     * @throws IllegalArgumentException if the bytes are damaged
     */
    public static ScalingPolicy readPolicy(FactReader whole) {
        FactReader in = whole.part();
        return new ScalingPolicy(in.smallNumber(), in.smallNumber(),
                ModelCodec.readList(in,
                        part -> new Target(ModelCodec.pick(Target.Kind.values(), part),
                                part.number(), part.text(),
                                ModelCodec.pick(Target.Measure.values(), part))),
                in.smallNumber(), readBehaviour(in), readBehaviour(in),
                ModelCodec.readList(in,
                        part -> new Schedule(part.text(), part.text(), part.text(),
                                part.smallNumber(), part.number(), part.number(),
                                part.number())),
                in.flag()
                        ? Optional.of(new Burst(in.number(), in.number(), in.number()))
                        : Optional.empty(),
                new Standby(in.smallNumber(), in.smallNumber()), in.flag());
    }

    private static void write(FactWriter out, Behaviour behaviour) {
        out.number(behaviour.stabilisationMs());
        out.number(behaviour.steps().size());
        for (Behaviour.Step step : behaviour.steps()) {
            out.number(step.unit().ordinal());
            out.number(step.amount());
            out.number(step.periodMs());
        }
        out.number(behaviour.select().ordinal());
    }

    private static Behaviour readBehaviour(FactReader in) {
        return new Behaviour(in.number(),
                ModelCodec.readList(in,
                        part -> new Behaviour.Step(
                                ModelCodec.pick(Behaviour.Unit.values(), part),
                                part.smallNumber(), part.number())),
                ModelCodec.pick(Behaviour.Select.values(), in));
    }

    private static void write(FactWriter out, ScalingReason reason) {
        out.text(reason.kind());
        out.text(reason.sentence());
        out.number(reason.numbers().size());
        reason.numbers().forEach((name, value) -> {
            out.text(name);
            out.text(value);
        });
    }

    private static ScalingReason readReason(FactReader in) {
        String kind = in.text();
        String sentence = in.text();
        TreeMap<String, String> numbers = new TreeMap<>();
        for (int i = in.count(); i > 0; i--) {
            numbers.put(in.text(), in.text());
        }
        return new ScalingReason(kind, sentence, numbers);
    }

    public static void write(FactWriter out, ScalingDecision decision) {
        out.number(decision.atMs());
        out.number(decision.from());
        out.number(decision.to());
        write(out, decision.reason());
        out.flag(decision.dryRun());
    }

    public static ScalingDecision readDecision(FactReader in) {
        return new ScalingDecision(in.number(), in.smallNumber(), in.smallNumber(),
                readReason(in), in.flag());
    }
}
