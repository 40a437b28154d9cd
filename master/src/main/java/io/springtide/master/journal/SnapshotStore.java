package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The snapshots of a journal folder, the newest two of those that are whole. Callers take turns by
 * its monitor.
 */
final class SnapshotStore {

    private static final String SUFFIX = ".snapshot";
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 72;
    private static final int CHECKSUM_AT = 68;
    private static final int KEPT = 2;
    private static final byte[] MAGIC = "TIDESNAP".getBytes(StandardCharsets.US_ASCII);

    private final Path folder;
    private final long clusterId;
    private final TreeMap<Long, Path> whole = new TreeMap<>();
    private final List<Path> damaged = new ArrayList<>();

    /** Looks at every snapshot in the folder and changes none. */
    SnapshotStore(Path folder, long clusterId) throws IOException {
        this.folder = folder;
        this.clusterId = clusterId;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                Optional<Snapshot> content = read(file);
                if (content.isPresent() && file.equals(file(content.get().position()))) {
                    whole.put(content.get().position(), file);
                } else {
                    damaged.add(file);
                }
            }
        }
    }

    synchronized OptionalLong newest() {
        return whole.isEmpty() ? OptionalLong.empty() : OptionalLong.of(whole.lastKey());
    }

    /** Of the older of two; empty if there are fewer. */
    synchronized OptionalLong older() {
        return whole.size() < KEPT ? OptionalLong.empty() : OptionalLong.of(whole.firstKey());
    }

    /** Puts damaged snapshots aside, so that they do not count as kept; one sentence for each. */
    synchronized List<String> setDamagedAside() throws IOException {
        List<String> findings = new ArrayList<>();
        for (Path file : damaged) {
            Path aside = file.resolveSibling(file.getFileName() + ".damaged");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            findings.add(
                    "the snapshot " + file + " is damaged and was renamed to " + aside.getFileName()
                            + "; " + instead());
        }
        damaged.clear();
        while (whole.size() > KEPT) {
            Files.deleteIfExists(whole.pollFirstEntry().getValue());
        }
        return findings;
    }

    private String instead() {
        return whole.isEmpty()
                ? "the whole log is replayed"
                : "the one at position " + whole.lastKey() + " is used";
    }

    /** The newest that can still be read; what cannot be is reported and no longer counted. */
    synchronized Optional<Snapshot> latest(List<String> findings) throws IOException {
        while (!whole.isEmpty()) {
            Optional<Snapshot> content = read(whole.lastEntry().getValue());
            if (content.isPresent()) {
                return content;
            }
            damaged.add(whole.pollLastEntry().getValue());
            findings.addAll(setDamagedAside());
        }
        return Optional.empty();
    }

    /** The newest at or before a position that can be read; changes nothing. */
    synchronized Optional<Snapshot> upTo(long position) throws IOException {
        for (Path file : whole.headMap(position, true).descendingMap().values()) {
            Optional<Snapshot> content = read(file);
            if (content.isPresent()) {
                return content;
            }
        }
        return Optional.empty();
    }

    synchronized void save(Snapshot snapshot) throws IOException {
        if (!whole.isEmpty() && snapshot.position() < whole.lastKey()) {
            return;
        }
        Path file = file(snapshot.position());
        AtomicFile.write(file, header(snapshot), ByteBuffer.wrap(snapshot.payload()));
        whole.put(snapshot.position(), file);
        while (whole.size() > KEPT) {
            Files.deleteIfExists(whole.pollFirstEntry().getValue());
        }
    }

    private Path file(long position) {
        return folder.resolve(String.format(Locale.ROOT, "%020d%s", position, SUFFIX));
    }

    private ByteBuffer header(Snapshot snapshot) {
        byte[] payload = snapshot.payload();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        header.put(MAGIC).putInt(VERSION).putInt(HEADER_BYTES).putLong(clusterId)
                .putLong(snapshot.epoch()).putLong(snapshot.position()).putLong(snapshot.timeMs())
                .putLong(snapshot.stateHash()).putLong(payload.length)
                .putInt(Checksum.of(payload, 0, payload.length));
        return header.putInt(Checksum.of(header, 0, CHECKSUM_AT)).flip();
    }

    private Optional<Snapshot> read(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (bytes.length < HEADER_BYTES
                || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return Optional.empty();
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (header.getInt(8) > VERSION) {
            throw new JournalException(file + " has snapshot format " + header.getInt(8)
                    + ", this release reads " + VERSION + ": start the release that wrote it");
        }
        int length = bytes.length - HEADER_BYTES;
        boolean intact = header.getInt(CHECKSUM_AT) == Checksum.of(bytes, 0, CHECKSUM_AT)
                && header.getLong(16) == clusterId && header.getLong(56) == length
                && header.getInt(64) == Checksum.of(bytes, HEADER_BYTES, length);
        return intact
                ? Optional.of(new Snapshot(header.getLong(24), header.getLong(32),
                        header.getLong(40), header.getLong(48),
                        Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length)))
                : Optional.empty();
    }
}
