package io.springtide.agent.fetch;

import io.springtide.agent.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ArtifactCacheTest {

    @TempDir
    Path folder = Path.of("");

    private final AtomicInteger downloads = new AtomicInteger();

    private ArtifactCache.Download download(int bytes) {
        return file -> {
            downloads.incrementAndGet();
            Files.write(file, new byte[bytes]);
        };
    }

    private ArtifactCache cache() {
        return new ArtifactCache(folder.resolve("cache"), 100);
    }

    /** What is there is not asked for; what is not there is asked for in vain, and leaves nothing. */
    private static boolean holds(String uri, ArtifactCache cache) {
        try {
            cache.ensure(uri, unused -> {
                throw new IOException("not there");
            });
            return true;
        } catch (IOException notThere) {
            return false;
        }
    }

    @Test
    void fetchesOnceAlsoAcrossARestart() throws IOException {
        Path target = folder.resolve("target");
        cache().copy("http://a/x", target, download(7));
        assertThat(target).hasSize(7);
        Files.delete(target);
        cache().copy("http://a/x", target, download(8));
        assertThat(target).hasSize(7);
        assertThat(downloads).hasValue(1);
        assertThat(holds("http://a/x", cache())).isTrue();
        assertThat(holds("http://a/y", cache())).isFalse();
    }

    @Test
    void aCopyMayBeReadByWhoeverMayReadAnyOtherFile() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "x");
        Path target = folder.resolve("target");
        cache().copy("http://a/x", target, download(7));
        assertThat(Files.getPosixFilePermissions(target))
                .isEqualTo(Files.getPosixFilePermissions(other));
    }

    @Test
    void aCopyTakesThePlaceOfALinkAndIsNotWrittenThroughIt() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "precious");
        Path target = Files.createSymbolicLink(folder.resolve("target"), outside);
        cache().copy("http://a/x", target, download(7));
        assertThat(outside).hasContent("precious");
        assertThat(target).hasSize(7);
    }

    @Test
    void aFailedDownloadLeavesNothing() {
        ArtifactCache cache = cache();
        assertThatThrownBy(() -> cache.ensure("u", file -> {
            Files.write(file, new byte[3]);
            throw new IOException("half of it");
        })).hasMessage("half of it");
        assertThat(holds("u", cache)).isFalse();
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void whatACrashHasLeftUnfinishedIsDeleted() throws IOException {
        Files.createDirectories(folder.resolve("cache"));
        Files.write(folder.resolve("cache/fetch1.part"), new byte[9]);
        cache();
        assertThat(folder.resolve("cache")).isEmptyDirectory();
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() throws IOException {
        ArtifactCache cache = cache();
        for (String uri : List.of("a", "b", "c")) {
            cache.ensure(uri, download(30));
        }
        List<Path> files = new ArrayList<>();
        try (var all = Files.list(folder.resolve("cache"))) {
            all.forEach(files::add);
        }
        for (Path file : files) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
        }
        cache.ensure("a", download(30)); // used
        cache.ensure("d", download(60));
        assertThat(holds("a", cache)).isTrue();
        assertThat(holds("d", cache)).isTrue();
        assertThat(holds("b", cache) || holds("c", cache)).isFalse();
        cache.ensure("huge", download(500));
        assertThat(holds("huge", cache)).as("it is in use").isTrue();
        assertThat(holds("d", cache)).isFalse();
    }

    @Test
    void ofTwoThatWantTheSameOneFetches() throws Exception {
        ArtifactCache cache = cache();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    cache.ensure("x", file -> {
                        begun.countDown();
                        await(go);
                        download(1).into(file);
                    });
                    ended.incrementAndGet();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        begun.await();
        Await.until("the other waits for it", () -> threads.stream()
                .anyMatch(thread -> thread.getState() == Thread.State.BLOCKED));
        go.countDown();
        Await.until("both have it", () -> ended.get() == 2);
        assertThat(downloads).hasValue(1);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
