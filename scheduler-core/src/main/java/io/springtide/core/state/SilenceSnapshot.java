package io.springtide.core.state;

import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.codec.UpkeepCodec;
import java.util.ArrayList;
import java.util.List;

/** The part of a snapshot that says what people said of agents, and how silent these are. */
final class SilenceSnapshot {

    private SilenceSnapshot() {}

    static void write(FactWriter out, ClusterState state) {
        AgentMarks marks = state.agents.marks();
        List<Integer> kept = rows(marks.kept());
        out.number(kept.size());
        for (int row : kept) {
            out.number(row);
            UpkeepCodec.write(out, marks.upkeep(row));
        }
        List<Integer> returning = rows(marks.returning());
        out.number(returning.size());
        returning.forEach(out::number);
        Silence silence = state.silence;
        out.number(silence.reignMs());
        out.number(silence.stormMs());
        out.number(silence.stormSilent());
        out.number(silence.stormAgents());
        out.number(silence.declared().size());
        silence.declared().forEach((atMs, count) -> {
            out.number(atMs);
            out.number(count);
        });
    }

    static void read(FactReader in, ClusterState state) {
        AgentMarks marks = state.agents.marks();
        for (int i = in.count(); i > 0; i--) {
            marks.upkeep(in.smallNumber(), UpkeepCodec.readUpkeep(in));
        }
        for (int i = in.count(); i > 0; i--) {
            marks.returning(in.smallNumber(), true);
        }
        state.silence.restore(in.number(), in.number(), in.smallNumber(), in.smallNumber());
        for (int i = in.count(); i > 0; i--) {
            state.silence.declare(in.number(), in.smallNumber());
        }
    }

    private static List<Integer> rows(Iterable<Integer> rows) {
        List<Integer> list = new ArrayList<>();
        rows.forEach(list::add);
        return list;
    }
}
