package io.springtide.agent.checkpoint;

import com.google.protobuf.InvalidProtocolBufferException;
import io.springtide.agent.checkpoint.CheckpointRecord.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The agent's memory on disk: an append-only log of {@link CheckpointRecord}s in one data folder,
 * which belongs to one agent process at a time.
 *
 * <p>A record is its length, a CRC-32C of its bytes, and the bytes. What a crash tore off at the end
 * is cut away on start; damage followed by sound records refuses to start. The log is written anew
 * when it has grown far beyond what it describes. Used by one thread.
 */
public final class Checkpoint implements AutoCloseable {

    private static final String LOG = "checkpoint.log";
    private static final int HEADER = 8;
    /** A spec with a large environment stays far below this; a longer length is damage. */
    private static final int RECORD_BYTES_MAX = 64 << 20;
    private static final long COMPACT_BYTES_MIN = 4L << 20;

    private final Path folder;
    private final FileChannel lockChannel;
    private final Memory memory;
    private FileChannel log;
    private long bytesAfterCompaction;
    private ByteBuffer unwritten = ByteBuffer.allocate(64 << 10);
    private boolean dirty;

    private Checkpoint(Path folder, FileChannel lockChannel, Memory memory) throws IOException {
        this.folder = folder;
        this.lockChannel = lockChannel;
        this.memory = memory;
        this.log = compact();
        this.bytesAfterCompaction = log.size();
    }

    /**
     * Opens the folder, or makes it.
     *
     * @param fresh who the agent is if the folder is new
     * @throws CheckpointException if another agent uses the folder, or the log is damaged
     */
    public static Checkpoint open(Path folder, Identity fresh) {
        try {
            Files.createDirectories(folder);
            FileChannel lockChannel = FileChannel.open(folder.resolve("agent.lock"),
                    StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                lock(folder, lockChannel);
                Memory memory = new Memory();
                memory.apply(fresh);
                for (CheckpointRecord fact : read(folder.resolve(LOG))) {
                    memory.apply(fact);
                }
                return new Checkpoint(folder, lockChannel, memory);
            } catch (IOException | RuntimeException e) {
                lockChannel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new CheckpointException("the data folder " + folder + " cannot be used: " + e
                    + "; check its owner and the free space", e);
        }
    }

    private static void lock(Path folder, FileChannel channel) throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new CheckpointException("another agent is running on the data folder " + folder
                    + "; stop it, or give this one a folder of its own with --data");
        }
    }

    private static List<CheckpointRecord> read(Path file) throws IOException {
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<CheckpointRecord> facts = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int at = bytes.position();
            byte[] body = sound(bytes);
            if (body.length == 0) {
                refuseDamageBeforeSoundRecords(file, bytes, at);
                break;
            }
            try {
                facts.add(CheckpointFormat.decode(body));
            } catch (InvalidProtocolBufferException e) {
                throw damaged(file, at, e);
            }
        }
        return facts;
    }

    /** The next record's bytes, the position moved behind it; or empty, the position unmoved. */
    private static byte[] sound(ByteBuffer bytes) {
        int at = bytes.position();
        if (bytes.remaining() < HEADER) {
            return new byte[0];
        }
        int length = bytes.getInt(at);
        if (length <= 0 || length > RECORD_BYTES_MAX || length > bytes.remaining() - HEADER) {
            return new byte[0];
        }
        byte[] body = new byte[length];
        bytes.get(at + HEADER, body);
        if (checksum(body) != bytes.getInt(at + 4)) {
            return new byte[0];
        }
        bytes.position(at + HEADER + length);
        return body;
    }

    /** A crash tears the end; a sound record behind the damage means that something else did it. */
    private static void refuseDamageBeforeSoundRecords(Path file, ByteBuffer bytes, int at) {
        int length = bytes.remaining() < HEADER ? 0 : bytes.getInt(at);
        if (length > 0 && length <= RECORD_BYTES_MAX && length < bytes.remaining() - HEADER) {
            bytes.position(at + HEADER + length);
            if (sound(bytes).length > 0) {
                throw damaged(file, at, null);
            }
        }
    }

    private static CheckpointException damaged(Path file, int at, @Nullable Throwable cause) {
        String message = file + " is damaged at byte " + at
                + ", before its end; move the data folder away to"
                + " start as a new agent (its running tasks are then not known any more)";
        return cause == null
                ? new CheckpointException(message)
                : new CheckpointException(message, cause);
    }

    private static int checksum(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body);
        return (int) crc.getValue();
    }

    /** What has been written so far; live, and only to be read. */
    public Memory memory() {
        return memory;
    }

    /** Takes up a fact; durable after the next {@link #sync}. */
    public void append(CheckpointRecord fact) {
        memory.apply(fact);
        put(fact);
        dirty = true;
    }

    private void put(CheckpointRecord fact) {
        byte[] body = CheckpointFormat.encode(fact);
        if (unwritten.remaining() < HEADER + body.length) {
            ByteBuffer larger = ByteBuffer
                    .allocate(2 * (unwritten.position() + HEADER + body.length));
            unwritten = larger.put(unwritten.flip());
        }
        unwritten.putInt(body.length).putInt(checksum(body)).put(body);
    }

    /**
     * Makes all facts durable, with one write and one fsync.
     *
     * @throws UncheckedIOException if the disk does not take them; the agent must not go on then
     */
    public void sync() {
        if (!dirty) {
            return;
        }
        try {
            drain(log);
            log.force(false);
            dirty = false;
            if (log.size() > COMPACT_BYTES_MIN + 4 * bytesAfterCompaction) {
                log.close();
                log = compact();
                bytesAfterCompaction = log.size();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write " + folder.resolve(LOG) + "; check the disk", e);
        }
    }

    private void drain(FileChannel to) throws IOException {
        unwritten.flip();
        while (unwritten.hasRemaining()) {
            to.write(unwritten);
        }
        unwritten.clear();
    }

    private FileChannel compact() throws IOException {
        Path next = folder.resolve(LOG + ".next");
        FileChannel channel = FileChannel.open(next, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING);
        memory.facts().forEach(this::put);
        drain(channel);
        channel.force(true);
        Files.move(next, folder.resolve(LOG), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return channel;
    }

    /** Gives the folder free. What was not synced is lost, as in a crash. */
    @Override
    public void close() {
        try {
            log.close();
            lockChannel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + folder, e);
        }
    }
}
