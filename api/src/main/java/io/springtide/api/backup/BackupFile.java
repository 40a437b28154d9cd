package io.springtide.api.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A backup: a header, the encoded state, and the SHA-256 of both. The format is described in
 * docs/journal-format.md.
 */
public final class BackupFile {

    /** At its end. */
    private static final int DIGEST_BYTES = 32;

    private static final int COPY_BYTES = 64 << 10;

    private BackupFile() {}

    /** A backup that is whole. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Backup(BackupHeader header, byte[] payload) {}

    /** The digest that stands at the end of a backup. */
    public static byte[] digest(byte[] header, byte[] payload) {
        MessageDigest digest = sha256();
        digest.update(header);
        return digest.digest(payload);
    }

    /**
     * Reads a backup and checks every byte of it.
     *
     * @throws BackupException if it is no backup, or not whole
     * @throws IOException if it cannot be read
     */
    public static Backup read(Path file) throws IOException {
        long size = Files.size(file);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), COPY_BYTES)) {
            BackupHeader header = BackupHeader.read(in);
            byte[] head = header.encode();
            if (size != head.length + header.payloadBytes() + DIGEST_BYTES) {
                throw BackupHeader.damaged();
            }
            byte[] payload = in.readNBytes((int) header.payloadBytes());
            byte[] told = in.readNBytes(DIGEST_BYTES);
            if (!MessageDigest.isEqual(told, digest(head, payload))) {
                throw BackupHeader.damaged();
            }
            return new Backup(header, payload);
        }
    }

    /**
     * Stores a backup as it comes, as a whole or not at all: written aside, checked, flushed, renamed,
     * and the folder flushed.
     *
     * @param replace whether a file that is there may be replaced; otherwise it stays what it is
     * @param progress told how many bytes have come, now and then
     * @throws FileAlreadyExistsException if there is one and it may not be replaced
     * @throws BackupException if it was cut short or spoiled on the way
     * @throws IOException if it cannot be read or stored
     */
    public static BackupHeader store(InputStream from, Path file, boolean replace,
            LongConsumer progress) throws IOException {
        Path whole = file.toAbsolutePath();
        if (!replace && Files.exists(whole)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path aside = whole.resolveSibling(whole.getFileName() + ".part");
        try {
            BackupHeader header;
            try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                header = copy(from, Channels.newOutputStream(channel), progress);
                channel.force(true);
            }
            if (replace) {
                Files.move(aside, whole, StandardCopyOption.ATOMIC_MOVE);
            } else {
                Files.move(aside, whole);
            }
            try (FileChannel folder = FileChannel.open(whole.resolveSibling("."),
                    StandardOpenOption.READ)) {
                folder.force(true);
            }
            return header;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
    }

    private static BackupHeader copy(InputStream from, OutputStream to, LongConsumer progress)
            throws IOException {
        BackupHeader header = BackupHeader.read(from);
        byte[] head = header.encode();
        MessageDigest digest = sha256();
        digest.update(head);
        to.write(head);
        byte[] piece = new byte[COPY_BYTES];
        for (long left = header.payloadBytes(); left > 0;) {
            int got = from.read(piece, 0, (int) Math.min(piece.length, left));
            if (got < 0) {
                throw BackupHeader.damaged();
            }
            digest.update(piece, 0, got);
            to.write(piece, 0, got);
            left -= got;
            progress.accept(header.payloadBytes() - left);
        }
        byte[] told = from.readNBytes(DIGEST_BYTES);
        if (!Arrays.equals(told, digest.digest()) || from.read() >= 0) {
            throw BackupHeader.damaged();
        }
        to.write(told);
        return header;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
