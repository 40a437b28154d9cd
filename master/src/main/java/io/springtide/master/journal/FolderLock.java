package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second master away from a journal folder. The kernel frees the lock when the process ends,
 * however it ends; the file stays, with the process id of its last holder.
 */
final class FolderLock implements AutoCloseable {

    private static final int PID_BYTES_MAX = 20;

    /**
     * Folders held by this very process. The lock of a process is dropped as soon as it closes any
     * channel to the file, so the file must not even be opened a second time.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock of an existing folder.
     *
     * @throws JournalException if another journal object has it, in this process or another
     */
    static FolderLock take(Path folder) throws IOException {
        Path real = folder.toRealPath();
        if (!HELD.add(real)) {
            throw taken(folder, Optional.of("this process, " + ProcessHandle.current().pid()));
        }
        boolean locked = false;
        try {
            FolderLock lock = lock(real);
            locked = true;
            return lock;
        } finally {
            if (!locked) {
                HELD.remove(real);
            }
        }
    }

    @SuppressWarnings("StreamResourceLeak") // the channel lives as long as the lock
    private static FolderLock lock(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(folder, holder(channel));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"),
                    0);
            locked = true;
            return new FolderLock(folder, channel);
        } catch (OverlappingFileLockException e) {
            throw new JournalException(
                    "the lock of " + folder + " is held by other code of this process",
                    e);
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static Optional<String> holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(text, 0);
        String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
        return pid.isEmpty() ? Optional.empty() : Optional.of("process " + pid);
    }

    private static JournalException taken(Path folder, Optional<String> holder) {
        return new JournalException("the journal in " + folder + " is in use by "
                + holder.orElse("another process")
                + "; only one master may use a data folder: stop that one, or choose another folder");
    }

    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD.remove(folder);
        }
    }
}
