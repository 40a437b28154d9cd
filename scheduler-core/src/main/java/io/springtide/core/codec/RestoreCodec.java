package io.springtide.core.codec;

import io.springtide.core.event.Event;

/** What becomes of a cluster that came out of a backup, as bytes. */
final class RestoreCodec {

    private RestoreCodec() {}

    static void write(FactWriter out, Event.ClusterRestored restored) {
        out.number(restored.backupMs());
        out.number(restored.instanceNext());
        out.number(restored.deploymentNext());
        out.flag(restored.held());
        out.number(restored.atMs());
    }

    static Event readRestored(FactReader in) {
        return new Event.ClusterRestored(in.number(), in.number(), in.number(), in.flag(),
                in.number());
    }

    static void write(FactWriter out, Event.AgentCompared came) {
        out.number(came.row());
        out.number(came.unknown());
        EventCodec.numbers(out, came.missing());
        out.number(came.atMs());
    }

    static Event readCompared(FactReader in) {
        return new Event.AgentCompared(in.smallNumber(), in.smallNumber(),
                EventCodec.readNumbers(in), in.number());
    }

    static void write(FactWriter out, Event.RestoreConfirmed confirmed) {
        out.flag(confirmed.byPerson());
        out.number(confirmed.atMs());
    }

    static Event readConfirmed(FactReader in) {
        return new Event.RestoreConfirmed(in.flag(), in.number());
    }
}
