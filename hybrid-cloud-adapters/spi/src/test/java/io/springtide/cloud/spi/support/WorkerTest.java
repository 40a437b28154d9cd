package io.springtide.cloud.spi.support;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerTest {

    @Test
    void skipsWhatWasReplacedWhileItWorked() throws Exception {
        BlockingQueue<Integer> done = new LinkedBlockingQueue<>();
        Semaphore go = new Semaphore(0);
        try (Worker<Integer> worker = new Worker<>("test", n -> {
            done.add(n);
            go.acquire();
            return Worker.Next.within(Duration.ofMinutes(1));
        }, e -> {})) {
            worker.give(1);
            assertThat(done.poll(5, TimeUnit.SECONDS)).isEqualTo(1);
            for (int i = 2; i <= 100; i++) {
                worker.give(i);
            }
            go.release(2);
            assertThat(done.poll(5, TimeUnit.SECONDS)).isEqualTo(100);
            assertThat(done.poll(100, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    @Test
    void comesBackByItselfAndOutlivesABug() throws Exception {
        BlockingQueue<Integer> done = new LinkedBlockingQueue<>();
        BlockingQueue<RuntimeException> bugs = new LinkedBlockingQueue<>();
        try (Worker<Integer> worker = new Worker<>("test", n -> {
            done.add(n);
            if (done.size() == 3) {
                throw new IllegalStateException("planted");
            }
            return Worker.Next.within(Duration.ofMillis(5));
        }, bugs::add)) {
            worker.give(7);
            assertThat(bugs.poll(5, TimeUnit.SECONDS)).hasMessage("planted");
            for (int i = 0; i < 5; i++) {
                assertThat(done.poll(5, TimeUnit.SECONDS)).isEqualTo(7);
            }
        }
    }

    /** A side that asked for rest gets it, however often something newer is given. */
    @Test
    void aFirmPauseIsKept() throws Exception {
        BlockingQueue<Long> done = new LinkedBlockingQueue<>();
        try (Worker<Integer> worker = new Worker<>("test", n -> {
            done.add(System.nanoTime());
            return Worker.Next.after(Duration.ofMillis(200));
        }, e -> {})) {
            worker.give(1);
            long first = done.take();
            for (int i = 0; i < 10; i++) {
                worker.give(i);
                Thread.sleep(5);
            }
            assertThat(done.take() - first).isGreaterThanOrEqualTo(200_000_000L);
        }
    }

    @Test
    void ratesStartAtNothingAndSurviveACounterThatBeginsAnew() {
        Rates rates = new Rates();
        rates.begin(0);
        assertThat(rates.perSecond("a", 100)).isZero();
        rates.end();
        rates.begin(2_000_000_000L);
        assertThat(rates.perSecond("a", 300)).isEqualTo(100);
        assertThat(rates.perSecond("b", 50)).isZero();
        rates.end();
        rates.begin(3_000_000_000L);
        assertThat(rates.perSecond("a", 30)).isEqualTo(30);
        rates.end();
    }

    @Test
    void waitsDoubleUpToTheCapWithJitter() {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofMillis(400), new Random(1));
        for (int cap : List.of(100, 200, 400, 400)) {
            assertThat(backoff.next().toMillis()).isBetween(cap / 2L, (long) cap);
        }
        backoff.reset();
        assertThat(backoff.next().toMillis()).isBetween(50L, 100L);
    }
}
