package io.springtide.core.codec;

import io.springtide.core.event.Event;
import io.springtide.core.model.Upkeep;

/** What people say of agents, and how silent these are, as bytes. */
@SuppressWarnings("EnumOrdinal") // the orders are part of the format and pinned by a golden file
public final class UpkeepCodec {

    private UpkeepCodec() {}

    public static void write(FactWriter out, Upkeep upkeep) {
        out.number(upkeep.mode().ordinal());
        out.number(upkeep.sinceMs());
        out.number(upkeep.deadlineMs());
    }

    public static Upkeep readUpkeep(FactReader in) {
        return new Upkeep(ModelCodec.pick(Upkeep.Mode.values(), in), in.number(), in.number());
    }

    static void write(FactWriter out, Event.AgentKept kept) {
        out.number(kept.row());
        write(out, kept.upkeep());
    }

    static void write(FactWriter out, Event.AgentStormChanged changed) {
        out.flag(changed.on());
        out.number(changed.silent());
        out.number(changed.agents());
        out.flag(changed.released());
        out.number(changed.atMs());
    }

    static Event.AgentStormChanged readStorm(FactReader in) {
        return new Event.AgentStormChanged(in.flag(), in.smallNumber(), in.smallNumber(),
                in.flag(), in.number());
    }
}
