package io.springtide.core.state;

import io.springtide.core.codec.FactReader;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.event.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a snapshot that says that a restored cluster waits. It is the last one, and is there only
 * while it does: a release that does not know it finds that the state's hash differs, and refuses.
 */
final class RestorationSnapshot {

    private RestorationSnapshot() {}

    static void write(FactWriter out, Restoration restoration) {
        if (!restoration.held()) {
            return;
        }
        out.number(restoration.heldMs());
        out.number(restoration.backupMs());
        out.number(restoration.compared().size());
        restoration.compared().forEach((row, comparison) -> {
            out.number(row);
            out.number(comparison.unknown());
            out.number(comparison.missing().size());
            comparison.missing().forEach(out::number);
        });
    }

    static void read(FactReader in, Restoration restoration) {
        if (!in.hasMore()) {
            return;
        }
        restoration.restore(in.number(), in.number());
        for (int i = in.count(); i > 0; i--) {
            int row = in.smallNumber();
            int unknown = in.smallNumber();
            List<Long> missing = new ArrayList<>();
            for (int left = in.count(); left > 0; left--) {
                missing.add(in.number());
            }
            restoration.apply(
                    new Event.AgentCompared(row, unknown, missing, restoration.heldMs()));
        }
    }
}
