package io.springtide.agent.sandbox;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.TaskIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandboxes of this agent. Those of ended tasks are kept for their logs, the newest of them only.
 * Safe for use by several threads.
 */
public final class Sandboxes {

    private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);
    /** No answer is longer, whatever was asked for. */
    public static final int READ_BYTES_MAX = 1 << 20;

    private final Path folder;
    private final int endedMax;
    private final Map<Long, Path> known = new HashMap<>();
    private final ArrayDeque<Long> ended = new ArrayDeque<>();

    /**
     * The sandboxes in a folder.
     *
     * @param held instances that have not ended; the sandboxes of all others are counted as ended
     * @param endedMax how many sandboxes of ended tasks are kept
     */
    public Sandboxes(Path folder, Set<Long> held, int endedMax) {
        this.folder = folder.toAbsolutePath();
        this.endedMax = endedMax;
        try {
            Files.createDirectories(this.folder);
            try (Stream<Path> all = Files.list(this.folder)) {
                List<Path> oldestFirst = all.sorted(Comparator.comparing(Sandboxes::changedAt))
                        .toList();
                for (Path sandbox : oldestFirst) {
                    OptionalLong id = TaskIds.instanceNumber(String.valueOf(sandbox.getFileName()));
                    if (id.isPresent()) {
                        known.put(id.getAsLong(), sandbox);
                        if (!held.contains(id.getAsLong())) {
                            ended.addLast(id.getAsLong());
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use the sandboxes in " + folder, e);
        }
    }

    private static FileTime changedAt(Path path) {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** The folder of a task; the runtime makes it. */
    public synchronized Path of(long instanceId, String taskId) {
        Path sandbox = folder.resolve(taskId);
        known.put(instanceId, sandbox);
        return sandbox;
    }

    /** Counts a sandbox as one of an ended task. */
    public synchronized void ended(long instanceId) {
        if (known.containsKey(instanceId)) {
            ended.addLast(instanceId);
        }
    }

    /** Deletes the oldest sandboxes of ended tasks; slow if there are many. */
    public void prune() {
        for (Optional<Path> next = oldestSurplus(); next.isPresent(); next = oldestSurplus()) {
            try {
                delete(next.get());
            } catch (IOException e) {
                LOG.warn("sandbox.delete.failed folder={} error={}", next.get(), e.toString());
            }
        }
    }

    private synchronized Optional<Path> oldestSurplus() {
        Long id = ended.size() > endedMax ? ended.pollFirst() : null;
        return id == null ? Optional.empty() : Optional.ofNullable(known.remove(id));
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                    throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failed)
                    throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Reads a part of a log; never fails, the chunk says what went wrong. */
    public FileChunk read(ReadFile request) {
        FileChunk.Builder chunk = FileChunk.newBuilder().setRequestId(request.getRequestId());
        Path sandbox;
        synchronized (this) {
            sandbox = known.getOrDefault(request.getInstanceId(), folder.resolve("-"));
        }
        Optional<Path> named = PodFolder.log(sandbox, request.getFile());
        if (named.isEmpty()) {
            return chunk.setError("only stdout and stderr can be read, in a pod as"
                    + " containers/<name>/stdout").build();
        }
        Path file = named.get();
        try (FileChannel log = FileChannel.open(file, StandardOpenOption.READ,
                LinkOption.NOFOLLOW_LINKS)) {
            // A task owns its sandbox and may have put anything in the place of its log.
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return chunk.setError(request.getFile() + " is not a file").build();
            }
            long size = log.size();
            long offset = Math.min(size,
                    request.getOffset() < 0
                            ? Math.max(0, size + request.getOffset())
                            : request.getOffset());
            long wanted = Math.min(Integer.toUnsignedLong(request.getSize()), READ_BYTES_MAX);
            ByteBuffer data = ByteBuffer.allocate((int) Math.min(wanted, size - offset));
            int length = 0;
            while (length >= 0 && data.hasRemaining()) {
                length = log.read(data, offset + data.position());
            }
            return chunk.setOffset(offset).setSize(size).setData(bytes(data.flip())).build();
        } catch (NoSuchFileException e) {
            return chunk.setError("the sandbox of this instance is not on the agent (any more)")
                    .build();
        } catch (IOException e) {
            return chunk.setError("cannot read " + request.getFile() + ": " + e.getMessage())
                    .build();
        }
    }

    private static ByteString bytes(ByteBuffer data) {
        return UnsafeByteOperations.unsafeWrap(data); // nobody else ever sees this buffer
    }
}
