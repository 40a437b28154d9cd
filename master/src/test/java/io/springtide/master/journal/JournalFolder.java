package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A journal folder on disk, and ways to spoil it. */
record JournalFolder(Path data) implements AutoCloseable {

    static JournalFolder temporary() throws IOException {
        return new JournalFolder(Files.createTempDirectory("springtide-journal"));
    }

    FileJournal open() {
        return FileJournal.open(data, FileJournalTest.SMALL);
    }

    FileJournal open(Disk disk) {
        return FileJournal.open(data, FileJournalTest.SMALL, disk);
    }

    Path file(String name) {
        return data.resolve("journal").resolve(name);
    }

    Path segment(long first) {
        return file(String.format(Locale.ROOT, "%020d.log", first));
    }

    Path snapshot(long position) {
        return file(String.format(Locale.ROOT, "%020d.snapshot", position));
    }

    List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }

    static void cut(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    static void flip(Path file, long bit) throws IOException {
        byte[] one = {0};
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            channel.read(ByteBuffer.wrap(one), bit / 8);
            one[0] ^= (byte) (1 << bit % 8);
            channel.write(ByteBuffer.wrap(one), bit / 8);
        }
    }

    static void overwrite(Path file, long offset, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }

    @Override
    public void close() throws IOException {
        Folders.delete(data);
    }
}
