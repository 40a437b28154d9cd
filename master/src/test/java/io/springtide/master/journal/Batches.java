package io.springtide.master.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Batches whose content follows from their place, and ways to compare them. */
public final class Batches {

    private static final int EVENT_BYTES = 40;

    private Batches() {}

    /** The batch that is due at a position: the same call always gives the same bytes. */
    public static Batch at(long epoch, long position, int count) {
        return sized(epoch, position, count, count * EVENT_BYTES);
    }

    public static Batch sized(long epoch, long position, int count, int bytes) {
        byte[] payload = new byte[bytes];
        new SplittableRandom(position * 31 + count).nextBytes(payload);
        return new Batch(epoch, position, 1_700_000_000_000L + position, count, payload);
    }

    /** Appends one at the end. */
    public static Batch append(Journal journal, long epoch, int count) {
        Batch batch = at(epoch, journal.positionNext(), count);
        journal.append(batch);
        return batch;
    }

    /** Appends one at the end and commits. */
    public static Batch commit(Journal journal, long epoch, int count) {
        Batch batch = append(journal, epoch, count);
        journal.commit();
        return batch;
    }

    public static List<String> texts(Log journal, long from) {
        List<String> texts = new ArrayList<>();
        journal.read(from, batch -> texts.add(text(batch)));
        return texts;
    }

    public static List<String> texts(List<Batch> batches) {
        return batches.stream().map(Batches::text).toList();
    }

    public static String text(Batch batch) {
        return "e" + batch.epoch() + " p" + batch.position() + " t" + batch.timeMs() + " n"
                + batch.count()
                + " " + batch.payload().length + "b " + Arrays.hashCode(batch.payload());
    }

    public static Snapshot snapshot(long epoch, long position) {
        byte[] payload = new byte[(int) (100 + position % 50)];
        new SplittableRandom(position).nextBytes(payload);
        return new Snapshot(epoch, position, 1_700_000_000_000L + position, ~position, payload);
    }

    public static String text(Snapshot snapshot) {
        return "e" + snapshot.epoch() + " p" + snapshot.position() + " t" + snapshot.timeMs() + " h"
                + snapshot.stateHash() + " " + Arrays.hashCode(snapshot.payload());
    }
}
