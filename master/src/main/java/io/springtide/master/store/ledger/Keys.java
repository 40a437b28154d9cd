package io.springtide.master.store.ledger;

import io.springtide.master.journal.JournalException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What the keys of a journal in a ledger are called. The names of a folder sort as their numbers do. */
final class Keys {

    /** Identity and format; written once. */
    static final String CLUSTER = "cluster";

    /** Batches by number, in folders of {@link #BUCKET} each. */
    static final String LOG = "log";

    /** Payloads that do not fit into the value of their batch. */
    static final String PARTS = "parts";

    /** Manifests: a snapshot is there if its manifest is. */
    static final String SNAPSHOTS = "snapshots";

    /** Payloads of snapshots. */
    static final String CHUNKS = "chunks";

    /** Small enough for ZooKeeper to list a folder in one answer, by far. */
    static final int BUCKET = 1000;

    private static final int BUCKET_DIGITS = 10;
    private static final int BATCH_DIGITS = 13;
    private static final byte[] BATCH_FORM = (LOG + "/" + "0".repeat(BUCKET_DIGITS) + "/"
            + "0".repeat(BATCH_DIGITS)).getBytes(StandardCharsets.ISO_8859_1);

    private Keys() {}

    /** A batch. */
    static String batch(long number) {
        // By hand: whoever follows asks for several each time it looks.
        byte[] key = BATCH_FORM.clone();
        digits(key, LOG.length() + 1 + BUCKET_DIGITS, number / BUCKET);
        digits(key, key.length, number);
        return new String(key, StandardCharsets.ISO_8859_1);
    }

    /** Writes a number over the zeros that end before a place. */
    private static void digits(byte[] key, int end, long number) {
        int at = end;
        for (long left = number; left > 0; left /= 10) {
            key[--at] = (byte) ('0' + left % 10);
        }
    }

    /** One part of a large batch. */
    static String part(long number, int part) {
        return parts(number) + String.format(Locale.ROOT, "/%05d", part);
    }

    /** The folder of a large batch's parts. */
    static String parts(long number) {
        return String.format(Locale.ROOT, "%s/%013d", PARTS, number);
    }

    static String manifest(long position) {
        return String.format(Locale.ROOT, "%s/%020d", SNAPSHOTS, position);
    }

    /** One chunk of a snapshot. */
    static String chunk(long position, int chunk) {
        return chunks(position) + String.format(Locale.ROOT, "/%06d", chunk);
    }

    /** The folder of a snapshot's chunks. */
    static String chunks(long position) {
        return String.format(Locale.ROOT, "%s/%020d", CHUNKS, position);
    }

    /**
     * The number that a name stands for.
     *
     * @throws JournalException if it is none: somebody else writes here
     */
    static long number(String folder, String name) {
        try {
            return Long.parseLong(name);
        } catch (NumberFormatException foreign) {
            throw new JournalException("the key " + folder + "/" + name
                    + " is not the journal's: give the cluster a path of its own, which nothing else"
                    + " writes to", foreign);
        }
    }
}
