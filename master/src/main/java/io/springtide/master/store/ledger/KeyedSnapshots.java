package io.springtide.master.store.ledger;

import io.springtide.master.journal.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The snapshots in a ledger, the newest two of those that are whole. A payload is cut up; what makes a
 * snapshot of it is its manifest, which is written last and deleted first. Reading is for any thread,
 * saving for one at a time.
 */
final class KeyedSnapshots {

    private static final int KEPT = 2;

    /** Until two newer ones have come while one was read, so often that something else must be wrong. */
    private static final int TRIES = 3;

    private final Ledger ledger;
    private final long clusterId;
    private final Parts parts;

    KeyedSnapshots(Ledger ledger, long clusterId) {
        this.ledger = ledger;
        this.clusterId = clusterId;
        this.parts = new Parts(ledger);
    }

    /** The newest at or before a position that is whole. */
    Optional<Snapshot> upTo(long position) {
        for (int i = 0; i < TRIES; i++) {
            NavigableSet<Long> before = positions();
            for (long candidate : before.headSet(position, true).descendingSet()) {
                Optional<Snapshot> snapshot = read(candidate);
                if (snapshot.isPresent()) {
                    return snapshot;
                }
            }
            if (positions().equals(before)) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Of the older of two, 0 if there are fewer: nothing from there on may be dropped. */
    long older() {
        NavigableSet<Long> all = positions();
        return all.size() < KEPT ? 0 : all.headSet(all.last()).last();
    }

    /** Stores a snapshot and drops those that are too old. One before the newest is not stored. */
    void save(Ledger.Fence fence, Snapshot snapshot) {
        NavigableSet<Long> kept = positions();
        if (!kept.isEmpty() && snapshot.position() <= kept.last()) {
            return;
        }
        dropHalves(fence, kept);
        Manifest manifest = Manifest.of(snapshot);
        for (int chunk = 0; chunk < manifest.chunks(); chunk++) {
            // One at a time: what is appended meanwhile goes between them.
            parts.put(fence, List.of(new LedgerChange.Put(
                    Keys.chunk(snapshot.position(), chunk),
                    Parts.part(snapshot.payload(), chunk))));
        }
        parts.put(fence, List.of(new LedgerChange.Put(Keys.manifest(snapshot.position()),
                manifest.encode(clusterId))));
        kept.add(snapshot.position());
        List<String> tooOld = new ArrayList<>();
        while (kept.size() > KEPT) {
            tooOld.add(Keys.manifest(kept.pollFirst()));
        }
        parts.delete(fence, tooOld);
        dropHalves(fence, kept);
    }

    /** Chunks without a manifest: what a master has left that died in the middle. */
    private void dropHalves(Ledger.Fence fence, Set<Long> whole) {
        for (String name : ledger.list(Keys.CHUNKS)) {
            long position = Keys.number(Keys.CHUNKS, name);
            if (!whole.contains(position)) {
                parts.deleteFolder(fence, Keys.chunks(position));
            }
        }
    }

    private NavigableSet<Long> positions() {
        NavigableSet<Long> positions = new TreeSet<>();
        for (String name : ledger.list(Keys.SNAPSHOTS)) {
            positions.add(Keys.number(Keys.SNAPSHOTS, name));
        }
        return positions;
    }

    private Optional<Snapshot> read(long position) {
        return ledger.read(List.of(Keys.manifest(position))).getFirst()
                .flatMap(value -> Manifest.decode(position, value, clusterId))
                .flatMap(manifest -> parts
                        .read(manifest.chunks(), manifest.payloadBytes(),
                                chunk -> Keys.chunk(position, chunk))
                        .flatMap(manifest::snapshot));
    }
}
