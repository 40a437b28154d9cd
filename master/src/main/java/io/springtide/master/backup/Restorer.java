package io.springtide.master.backup;

import io.springtide.api.backup.BackupFile.Backup;
import io.springtide.api.backup.BackupHeader;
import io.springtide.core.codec.EventCodec;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import io.springtide.master.journal.Batch;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.JournalSeed;
import io.springtide.master.journal.Snapshot;
import io.springtide.master.snapshot.Replay;
import io.springtide.master.store.Store;

/**
 * Makes the beginning of a journal out of a backup.
 *
 * <p>Nobody knows how far the lost cluster came after the backup was made. What must never be used a
 * second time, epochs, positions, numbers of instances and deployments, therefore leaps: by more than a
 * cluster can use up in the time since then. The leap grows with that time, so that the same backup can be
 * restored twice.
 */
final class Restorer {

    /** Beside the time that has passed: for clocks that differ, in ms. */
    static final long LEAP_MIN = 1_000_000;

    /** Far more facts, instances or deployments than there are in a millisecond. */
    static final long PER_MS = 1_000;

    private Restorer() {}

    /**
     * The journal's beginning.
     *
     * @param held whether the cluster waits for a person before it changes anything
     * @throws JournalException if the state cannot be read, is not the one that was backed up, or is of
     *         another cluster than the file says
     */
    static JournalSeed seed(Backup backup, boolean held, long nowMs) {
        BackupHeader header = backup.header();
        ClusterState state = Replay.decode(new Snapshot(header.epoch(), header.position(),
                header.timeMs(), header.stateHash(), backup.payload()));
        if (!state.clusterId().equals(header.clusterText())) {
            throw new JournalException("the backup says that it is of cluster "
                    + header.clusterText() + ", but holds the state of '" + state.clusterId()
                    + "': take another copy of it");
        }
        long leap = LEAP_MIN + Math.max(0, nowMs - header.timeMs());
        long epoch = header.epoch() + leap;
        long position = header.position() + leap * PER_MS;
        FactWriter facts = new FactWriter(64);
        EventCodec.write(facts,
                new Event.ClusterRestored(header.timeMs(), state.instanceNext() + leap * PER_MS,
                        state.deploymentNext() + leap * PER_MS, held, nowMs));
        return new JournalSeed(header.clusterId(),
                new Snapshot(epoch, position, header.timeMs(), header.stateHash(),
                        backup.payload()),
                new Batch(epoch, position, Math.max(nowMs, header.timeMs()), 1, facts.toBytes()));
    }

    /**
     * Reads what is in a store now as a master would that starts.
     *
     * @throws JournalException if that does not give what was to be restored
     */
    static Replay check(Store store, JournalSeed seed) {
        Replay found = Replay.of(store.log());
        if (found.position() != seed.first().positionEnd()
                || !found.state().clusterId().equals(store.clusterId())) {
            throw new JournalException("what was restored to " + store.name() + " reads back to"
                    + " position " + found.position() + " of cluster " + store.clusterId()
                    + " instead of position " + seed.first().positionEnd()
                    + ": do not use it, and restore to another place");
        }
        return found;
    }
}
