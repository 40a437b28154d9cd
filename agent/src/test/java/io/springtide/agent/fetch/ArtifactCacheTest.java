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

    @Test
    void fetchesOnceAlsoAcrossARestart() throws IOException {
        Path target = folder.resolve("target");
        cache().copy("http://a/x", target, download(7));
        assertThat(target).hasSize(7);
        Files.delete(target);
        cache().copy("http://a/x", target, download(8));
        assertThat(target).hasSize(7);
        assertThat(downloads).hasValue(1);
        assertThat(cache().holds("http://a/x")).isTrue();
        assertThat(cache().holds("http://a/y")).isFalse();
    }

    @Test
    void aFailedDownloadLeavesNothing() {
        ArtifactCache cache = cache();
        assertThatThrownBy(() -> cache.ensure("u", file -> {
            Files.write(file, new byte[3]);
            throw new IOException("half of it");
        })).hasMessage("half of it");
        assertThat(cache.holds("u")).isFalse();
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
        assertThat(cache.holds("a")).isTrue();
        assertThat(cache.holds("d")).isTrue();
        assertThat(cache.holds("b") || cache.holds("c")).isFalse();
        cache.ensure("huge", download(500));
        assertThat(cache.holds("huge")).as("it is in use").isTrue();
        assertThat(cache.holds("d")).isFalse();
    }

    @Test
    void ofTwoThatWantTheSameOneFetches() throws Exception {
        ArtifactCache cache = cache();
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
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
