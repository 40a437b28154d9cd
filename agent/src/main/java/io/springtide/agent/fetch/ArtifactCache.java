package io.springtide.agent.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was fetched once and may be used again, by its address; whether that has something newer meanwhile
 * is not asked. What was not used for longest goes first when it grows too large. Any thread may call;
 * of several that want the same, one fetches and the others wait.
 */
public final class ArtifactCache {

    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);
    private static final long BYTES_MAX = 8L << 30;
    private static final String UNFINISHED = ".part";

    /** Brings something into a file. */
    @FunctionalInterface
    interface Download {
        void into(Path file) throws IOException;
    }

    private final Path folder;
    private final long bytesMax;
    /** Addresses that are being fetched. */
    private final Map<String, Object> busy = new HashMap<>();

    /**
     * A cache in a folder of its own, with what is there already.
     *
     * @param bytesMax of all files together; the one that is being used may exceed it
     * @throws UncheckedIOException if the folder cannot be used
     */
    public ArtifactCache(Path folder, long bytesMax) {
        this.folder = folder;
        this.bytesMax = bytesMax;
        try {
            Files.createDirectories(folder);
            // Artifacts may be secret.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            for (Path file : files()) {
                if (file.toString().endsWith(UNFINISHED)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare " + folder, e);
        }
    }

    /** A cache of eight GiB at most. */
    public static ArtifactCache standard(Path folder) {
        return new ArtifactCache(folder, BYTES_MAX);
    }

    /**
     * Copies an artifact from here, and fetches it first if it is not there.
     *
     * @throws IOException if it could not be fetched or copied
     */
    void copy(String uri, Path target, Download download) throws IOException {
        // What another needs room for may vanish between the two steps.
        for (int attempt = 1;; attempt++) {
            ensure(uri, download);
            Files.deleteIfExists(target);
            // A new file with the mode of any other: what the cache holds only this user may read.
            try (OutputStream to = Files.newOutputStream(target)) {
                Files.copy(file(uri), to);
                return;
            } catch (NoSuchFileException e) {
                if (attempt > 1) {
                    throw e;
                }
            }
        }
    }

    /** Fetches an artifact unless it is there. */
    void ensure(String uri, Download download) throws IOException {
        Path file = file(uri);
        Object mine;
        synchronized (busy) {
            mine = busy.computeIfAbsent(uri, unused -> new Object());
        }
        synchronized (mine) {
            try {
                if (Files.exists(file)) {
                    Files.setLastModifiedTime(file,
                            FileTime.fromMillis(System.currentTimeMillis()));
                    return;
                }
                Path part = Files.createTempFile(folder, "fetch", UNFINISHED);
                try {
                    download.into(part);
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(part);
                }
                makeRoom(file);
            } finally {
                synchronized (busy) {
                    busy.remove(uri, mine);
                }
            }
        }
    }

    private synchronized void makeRoom(Path newest) throws IOException {
        record Aged(Path file, long usedMs, long bytes) {}
        List<Aged> all = new ArrayList<>();
        long bytes = 0;
        for (Path file : files()) {
            if (!file.toString().endsWith(UNFINISHED)) {
                Aged one = new Aged(file, Files.getLastModifiedTime(file).toMillis(),
                        Files.size(file));
                bytes += one.bytes();
                if (!file.equals(newest)) {
                    all.add(one);
                }
            }
        }
        all.sort(Comparator.comparingLong(Aged::usedMs));
        for (Aged oldest : all) {
            if (bytes <= bytesMax) {
                return;
            }
            LOG.info("artifact.evicted file={} bytes={}", oldest.file(), oldest.bytes());
            Files.deleteIfExists(oldest.file());
            bytes -= oldest.bytes();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    private Path file(String uri) {
        try {
            return folder.resolve(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(uri.getBytes(StandardCharsets.UTF_8))));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
