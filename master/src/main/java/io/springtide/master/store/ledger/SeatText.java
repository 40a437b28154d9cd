package io.springtide.master.store.ledger;

import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What the seat of the leader holds, as a text that a person can read. */
public final class SeatText {

    private SeatText() {}

    /**
     * Three lines: epoch and both addresses; and a fourth that tells one stay from another.
     *
     * @param stay made up for each try to sit down
     */
    public static byte[] of(Leader leader, String stay) {
        return ("epoch " + leader.epoch() + "\nclients " + leader.addresses().clients()
                + "\nagents " + leader.addresses().agents() + "\nstay " + stay + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Who sits there; empty if that is none of ours. */
    public static Optional<Leader> leader(byte[] text) {
        List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
        if (lines.size() < 3 || !lines.get(0).matches("epoch [0-9]{1,18}")
                || !lines.get(1).startsWith("clients ") || !lines.get(2).startsWith("agents ")) {
            return Optional.empty();
        }
        return Optional.of(new Leader(Long.parseLong(lines.get(0).substring("epoch ".length())),
                new Addresses(lines.get(1).substring("clients ".length()),
                        lines.get(2).substring("agents ".length()))));
    }

    /** An epoch as its key holds it. */
    public static byte[] epoch(long epoch) {
        return Long.toString(epoch).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The epoch that a key holds.
     *
     * @throws LedgerException if it holds something else
     */
    public static long epoch(String key, byte[] text) {
        try {
            return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new LedgerException(LedgerException.Kind.REFUSED,
                    "the key " + key + " holds no epoch: somebody else writes there", e);
        }
    }
}
