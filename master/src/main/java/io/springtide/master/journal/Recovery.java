package io.springtide.master.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Brings a locked journal folder into a state that can be appended to, or refuses. Until the whole
 * log has been found good, nothing is changed.
 */
final class Recovery {

    private static final int COPY_BYTES = 64 << 10;

    /**
     * What was found and put in order.
     *
     * @param last the last segment, open and flushed
     * @param epoch the highest that was ever taken or used
     */
    record Recovered(long clusterId, LogScan.Found log, Disk.LogFile last, long epoch,
            SnapshotStore snapshots, List<String> findings) {}

    private final Path folder;
    private final Disk disk;
    private final List<String> findings = new ArrayList<>();

    Recovery(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    Recovered run() throws IOException {
        List<Segment> segments = LogScan.list(folder);
        long clusterId = cluster(segments);
        SnapshotStore snapshots = new SnapshotStore(folder, clusterId);
        NumberFile mark = NumberFile.committed(folder, clusterId);
        long committed = mark.read().orElse(0);
        if (segments.isEmpty()) {
            segments = List.of(begin(clusterId, committed, snapshots));
        }
        LogScan.Found log = new LogScan(clusterId, committed, snapshots.newest()).run(segments);
        expectSnapshotsToFit(log, snapshots.newest());
        long epoch = Math.max(epoch(clusterId), log.epoch());
        // All is well; from here on the folder is changed.
        removeHalfWritten();
        findings.addAll(snapshots.setDamagedAside());
        Disk.LogFile last = settle(log, clusterId);
        mark.write(log.position());
        return new Recovered(clusterId, log, last, epoch, snapshots, findings);
    }

    private long cluster(List<Segment> segments) throws IOException {
        Optional<ClusterFile> cluster = ClusterFile.read(folder);
        if (cluster.isPresent()) {
            return cluster.get().id();
        }
        try (DirectoryStream<Path> rest = Files.newDirectoryStream(folder,
                "{committed,epoch,*.snapshot}")) {
            if (!segments.isEmpty() || rest.iterator().hasNext()) {
                throw new JournalException("the file 'cluster' is missing in " + folder
                        + " though a journal is there: restore it from a backup of this folder;"
                        + " its content never changes, so any backup will do");
            }
        }
        return ClusterFile.create(folder).id();
    }

    private Segment begin(long clusterId, long committed, SnapshotStore snapshots)
            throws IOException {
        if (committed > 0 || snapshots.newest().isPresent()) {
            throw new JournalException("all segments (*" + Segment.SUFFIX + ") are missing in "
                    + folder
                    + ", though events up to "
                    + (Math.max(committed, snapshots.newest().orElse(0)) - 1)
                    + " had been committed: restore the folder from a backup, or choose an empty one");
        }
        Segment first = Segment.empty(folder, 0);
        AtomicFile.write(first.file(), first.header(clusterId));
        return first;
    }

    private void expectSnapshotsToFit(LogScan.Found log, OptionalLong snapshot) {
        long first = log.segments().getFirst().first();
        if (snapshot.isPresent() && snapshot.getAsLong() > log.position()) {
            throw new JournalException("the journal is damaged: in " + folder
                    + " the snapshot at position "
                    + snapshot.getAsLong() + " is newer than the log, which ends before event "
                    + log.position()
                    + ". Nothing was changed. Restore the folder from a backup; or move"
                    + " this snapshot out of the folder to give up the events in between");
        }
        if (first > snapshot.orElse(0)) {
            throw new JournalException("the journal is damaged: in " + folder
                    + " the log starts with event "
                    + first
                    + ", but no whole snapshot reaches up to it. Nothing was changed. Restore the"
                    + " folder from a backup, or put back the segments and snapshots that were taken away");
        }
    }

    private long epoch(long clusterId) throws IOException {
        NumberFile file = NumberFile.epoch(folder, clusterId);
        OptionalLong epoch = file.read();
        if (epoch.isEmpty() && file.exists()) {
            throw new JournalException(file.file()
                    + " is damaged: restore it from a backup; or remove it,"
                    + " then epochs are counted on from the last batch, and an agent that has seen a higher"
                    + " one must be restarted with an empty checkpoint");
        }
        return epoch.orElse(0);
    }

    private void removeHalfWritten() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder,
                "*" + AtomicFile.TMP_SUFFIX)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private Disk.LogFile settle(LogScan.Found log, long clusterId) throws IOException {
        Segment last = log.last();
        if (log.headerMissing()) {
            findings.add("the segment " + last.file() + " was empty and has been begun anew");
            AtomicFile.write(last.file(), last.withEnd(Segment.HEADER_BYTES).header(clusterId));
        }
        Disk.LogFile file = disk.open(last.file());
        boolean done = false;
        try {
            if (log.bytesCut() > 0) {
                findings.add("cut " + log.bytesCut() + " bytes of an unfinished record off "
                        + last.file()
                        + " at byte " + last.end() + ": they were never confirmed");
                file.truncate(last.end());
            }
            rewrite(last, log.unconfirmedFrom(), file);
            file.force();
            done = true;
            return file;
        } finally {
            if (!done) {
                file.close();
            }
        }
    }

    /**
     * Writes the records again of which nobody knows whether they reached the disk. After a failed
     * flush the kernel may take pages for clean that were never stored: reading them succeeds,
     * flushing them does nothing, and they are gone with the next power failure.
     */
    private static void rewrite(Segment last, long from, Disk.LogFile file) throws IOException {
        try (FileChannel channel = FileChannel.open(last.file(), StandardOpenOption.READ)) {
            FileWindow window = new FileWindow(channel, from, last.end());
            for (long at = from; at < last.end(); at += COPY_BYTES) {
                int bytes = (int) Math.min(COPY_BYTES, last.end() - at);
                int index = window.index(at, bytes);
                file.write(window.bytes().slice(index, bytes), at);
            }
        }
    }
}
