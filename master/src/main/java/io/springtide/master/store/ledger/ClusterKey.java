package io.springtide.master.store.ledger;

import io.springtide.master.journal.JournalException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a ledger is: the format and the identity of its cluster, as a text that a person can read. */
public final class ClusterKey {

    private static final int FORMAT = 1;
    private static final Pattern FORM = Pattern
            .compile("springtide journal\nformat ([0-9]{1,9})\nid ([0-9a-f]{16})\n");

    private ClusterKey() {}

    /**
     * The identity of the cluster in a ledger; if it has none yet, it gets one.
     *
     * @param fresh what it gets then: 64 random bits
     * @throws JournalException if something else lives there, or a later release has written it
     * @throws LedgerException if the store cannot be reached
     */
    public static long settle(Ledger ledger, long fresh) {
        byte[] mine = ("springtide journal\nformat " + FORMAT + "\nid " + text(fresh) + "\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        Matcher form = FORM.matcher(new String(ledger.settle(Keys.CLUSTER, mine),
                StandardCharsets.ISO_8859_1));
        if (!form.matches()) {
            throw new JournalException("the key '" + Keys.CLUSTER + "' in " + ledger.name()
                    + " is not a cluster's: give the cluster a path of its own");
        }
        int format = Integer.parseInt(form.group(1));
        if (format != FORMAT) {
            throw new JournalException("the journal in " + ledger.name() + " has format " + format
                    + ", this release reads " + FORMAT + ": start the release that wrote it");
        }
        return HexFormat.fromHexDigitsToLong(form.group(2));
    }

    /** Sixteen hexadecimal digits. */
    public static String text(long id) {
        return HexFormat.of().toHexDigits(id);
    }
}
