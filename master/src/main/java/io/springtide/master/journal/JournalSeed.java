package io.springtide.master.journal;

/**
 * What a journal begins with if not with nothing: a state, and the first fact behind it.
 *
 * @param clusterId 64 random bits
 * @param first at the snapshot's position
 */
public record JournalSeed(long clusterId, Snapshot snapshot, Batch first) {

    public JournalSeed {
        if (first.position() != snapshot.position() || first.epoch() < snapshot.epoch()) {
            throw new IllegalArgumentException("the first fact is at position " + first.position()
                    + ", and not behind the snapshot at " + snapshot.position());
        }
    }
}
