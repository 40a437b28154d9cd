package io.springtide.master.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RenderAheadTest {

    private static final int ENTRIES = 3_000;
    private static final List<Integer> ALL = IntStream.range(0, ENTRIES).boxed().toList();

    private final ExecutorService helper = Executors.newSingleThreadExecutor();

    @AfterEach
    void stop() {
        helper.shutdownNow();
    }

    /** Pieces that say which they are; of every seventh entry there is nothing to show. */
    private static final class Kitchen implements RenderAhead.Source<Integer> {

        final Map<Integer, Optional<Piece>> kept = new ConcurrentHashMap<>();
        final Map<Integer, AtomicInteger> rendered = new ConcurrentHashMap<>();
        final Map<Thread, Integer> byThread = new ConcurrentHashMap<>();
        volatile int failsAt = -1;

        @Override
        public boolean has(Integer entry) {
            return kept.containsKey(entry);
        }

        @Override
        public Optional<Piece> get(Integer entry) {
            Optional<Piece> there = kept.get(entry);
            return there == null ? render(entry) : there;
        }

        private Optional<Piece> render(Integer entry) {
            if (entry == failsAt) {
                throw new IllegalStateException("cannot render " + entry);
            }
            rendered.computeIfAbsent(entry, unused -> new AtomicInteger()).incrementAndGet();
            byThread.merge(Thread.currentThread(), 1, Integer::sum);
            // Takes a while, so that two threads meet.
            long until = System.nanoTime() + 20_000;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            Optional<Piece> piece = entry % 7 == 0
                    ? Optional.empty()
                    : Optional.of(Piece.plain(text(entry)));
            kept.put(entry, piece);
            return piece;
        }

        int times() {
            return rendered.values().stream().mapToInt(AtomicInteger::get).sum();
        }
    }

    private static byte[] text(int entry) {
        return Integer.toString(entry).getBytes(StandardCharsets.US_ASCII);
    }

    private static void assertNext(RenderAhead<Integer> list, int entry) {
        Optional<Piece> piece = list.next();
        if (entry % 7 == 0) {
            assertThat(piece).as("entry %d", entry).isEmpty();
        } else {
            assertThat(piece.orElseThrow().bytes()).isEqualTo(text(entry));
        }
    }

    @Test
    void eachIsRenderedOnceByOneOfTwoAndComesInItsTurn() {
        Kitchen kitchen = new Kitchen();
        RenderAhead<Integer> list = new RenderAhead<>(ALL, kitchen, helper);
        for (int entry : ALL) {
            assertNext(list, entry);
        }
        assertThat(list.hasNext()).isFalse();
        assertThat(kitchen.rendered).hasSize(ENTRIES);
        assertThat(kitchen.times()).isEqualTo(ENTRIES);
        assertThat(kitchen.byThread).as("both had a part in it").hasSize(2);
    }

    @Test
    void whereLittleIsMissingNobodyHelps() {
        Kitchen kitchen = new Kitchen();
        ALL.stream().filter(entry -> entry % 3 != 0).forEach(kitchen::get);
        RenderAhead<Integer> list = new RenderAhead<>(ALL, kitchen, command -> {
            throw new AssertionError("asked for help");
        });
        ALL.forEach(entry -> assertNext(list, entry));
        assertThat(kitchen.times()).isEqualTo(ENTRIES);
    }

    /** Goal: a client who stops reading stops the work for it. Method: the helper runs when it is told to. */
    @Test
    void aReaderWhoStopsEndsTheWorkOfTheOther() {
        Kitchen kitchen = new Kitchen();
        ArrayDeque<Runnable> asked = new ArrayDeque<>();
        RenderAhead<Integer> list = new RenderAhead<>(ALL, kitchen, asked::add);
        for (int i = 0; i < 100; i++) {
            assertNext(list, i);
        }
        assertThat(asked).as("asked once, however long it takes to come").hasSize(1);
        asked.remove().run();
        assertThat(kitchen.rendered.keySet()).allMatch(
                entry -> entry < 100 + RenderAhead.AHEAD_MAX);
        assertThat(kitchen.times()).isGreaterThan(100 + RenderAhead.AHEAD_MAX / 2);
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutHelpTheReaderDoesItAll() {
        Kitchen kitchen = new Kitchen();
        AtomicInteger refused = new AtomicInteger();
        RenderAhead<Integer> list = new RenderAhead<>(ALL, kitchen, command -> {
            refused.incrementAndGet();
            throw new RejectedExecutionException("enough to do");
        });
        ALL.forEach(entry -> assertNext(list, entry));
        assertThat(refused).hasPositiveValue();
        assertThat(kitchen.times()).isEqualTo(ENTRIES);
    }

    /** Goal: what fails ahead fails where the reader meets it, not before, and nobody waits in vain. */
    @Test
    void aFailureIsMetInItsTurn() {
        Kitchen kitchen = new Kitchen();
        kitchen.failsAt = 50;
        ArrayDeque<Runnable> asked = new ArrayDeque<>();
        RenderAhead<Integer> list = new RenderAhead<>(ALL, kitchen, asked::add);
        for (int i = 0; i < RenderAhead.MISSING_MIN; i++) {
            assertNext(list, i);
        }
        assertThatThrownBy(() -> asked.remove().run()).hasMessageContaining("cannot render 50");
        for (int i = RenderAhead.MISSING_MIN; i < 50; i++) {
            assertNext(list, i);
        }
        assertThatThrownBy(list::next).hasMessageContaining("cannot render 50");
    }

    /** Goal: two clients at once cost little more than one. */
    @Test
    void twoReadersShareTheWork() throws Exception {
        Kitchen kitchen = new Kitchen();
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try {
            List<RenderAhead<Integer>> lists = List.of(new RenderAhead<>(ALL, kitchen, helper),
                    new RenderAhead<>(ALL, kitchen, helper));
            List<Runnable> chunks = new ArrayList<>();
            for (int from = 0; from < ENTRIES; from += 20) {
                for (RenderAhead<Integer> list : lists) {
                    int first = from;
                    chunks.add(() -> {
                        for (int i = first; i < first + 20; i++) {
                            assertNext(list, i);
                        }
                    });
                }
            }
            for (Runnable chunk : chunks) {
                // In turn, as streams have it.
                worker.submit(chunk).get(30, TimeUnit.SECONDS);
            }
        } finally {
            worker.shutdownNow();
        }
        assertThat(kitchen.rendered).hasSize(ENTRIES);
        assertThat(kitchen.times()).isLessThan(ENTRIES + ENTRIES / 5);
    }
}
