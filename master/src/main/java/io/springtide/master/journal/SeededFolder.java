package io.springtide.master.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Stream;

/** Begins a journal folder with a {@link JournalSeed}: as a whole, or not at all. */
public final class SeededFolder {

    private static final String JOURNAL = "journal";
    private static final DateTimeFormatter STAMP = DateTimeFormatter
            .ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private SeededFolder() {}

    /**
     * Writes it beside, then gives it its name.
     *
     * @param aside whether a journal that is there is to be kept under another name; otherwise it is a
     *        reason to refuse
     * @param nowMs for that name
     * @return where the former journal is now
     * @throws JournalException if there is a journal, or a master uses it, or nothing can be written
     */
    public static Optional<Path> begin(Path data, JournalSeed seed, boolean aside, long nowMs) {
        Path home = data.toAbsolutePath().normalize();
        Path target = home.resolve(JOURNAL);
        try {
            boolean there = !isEmpty(target);
            if (there && !aside) {
                throw new JournalException("the folder " + target + " holds a journal already;"
                        + " nothing was changed. Choose an empty folder, or keep the old journal"
                        + " under another name with --force");
            }
            Path beside = home.resolve("restoring");
            // What an attempt has left that came to no end.
            Folders.delete(beside);
            write(beside, seed);
            Optional<Path> moved = there ? Optional.of(moveAside(target, nowMs)) : Optional.empty();
            Files.move(beside.resolve(JOURNAL), target, StandardCopyOption.ATOMIC_MOVE);
            AtomicFile.syncFolder(home);
            Folders.delete(beside);
            return moved;
        } catch (IOException e) {
            throw Damage.io("restore", target, e);
        }
    }

    private static void write(Path data, JournalSeed seed) throws IOException {
        Path folder = data.resolve(JOURNAL);
        Files.createDirectories(folder);
        ClusterFile.create(folder, seed.clusterId());
        NumberFile.epoch(folder, seed.clusterId()).write(seed.first().epoch());
        new SnapshotStore(folder, seed.clusterId()).save(seed.snapshot());
        Segment segment = Segment.empty(folder, seed.first().position());
        AtomicFile.write(segment.file(), segment.header(seed.clusterId()));
        try (FileJournal journal = FileJournal.open(data, JournalConfig.STANDARD)) {
            journal.append(seed.first());
            journal.commit();
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static Path moveAside(Path journal, long nowMs) throws IOException {
        Path aside = journal.resolveSibling(
                JOURNAL + ".replaced-" + STAMP.format(Instant.ofEpochMilli(nowMs)));
        // Whoever uses it has the lock, and must not find another journal under his hands.
        FolderLock lock = FolderLock.take(journal);
        try {
            Files.move(journal, aside, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            lock.close();
        }
        return aside;
    }
}
