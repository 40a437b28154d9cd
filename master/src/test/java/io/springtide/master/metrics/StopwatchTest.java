package io.springtide.master.metrics;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Work that was done, work that hangs, and how long either is remembered. */
class StopwatchTest {

    private long nowNanos = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(3);
    private final EngineMetrics metrics = new EngineMetrics(Registries.empty(), () -> nowNanos);
    private final Stopwatch turns = metrics.turns();

    @Test
    void remembersTheLongestForAMinuteAtLeastAndForTwoAtMost() {
        turns.begin();
        pass(2_000);
        turns.end();
        turns.begin();
        pass(10);
        turns.end();
        assertThat(turns.secondsMax()).isEqualTo(2);
        pass(59_000);
        assertThat(turns.secondsMax()).isEqualTo(2);
        pass(60_000);
        assertThat(turns.secondsMax()).isZero();
    }

    @Test
    void showsWorkThatHangsBeforeItIsDone() {
        turns.begin();
        pass(4_000);
        turns.begin();
        assertThat(metrics.coreReady()).isTrue();
        pass(2_000);
        assertThat(turns.secondsMax()).isEqualTo(6);
        assertThat(metrics.coreReady()).isFalse();
        turns.end();
        turns.end();
        assertThat(metrics.coreReady()).isTrue();
        assertThat(turns.secondsMax()).isEqualTo(6);
    }

    @Test
    void theJournalIsNotReadyWhileAFlushHangs() {
        metrics.commits().begin();
        pass(5_000);
        assertThat(metrics.journalReady()).isFalse();
        assertThat(metrics.coreReady()).isTrue();
        metrics.commits().end();
        metrics.appends().begin();
        pass(5_000);
        assertThat(metrics.journalReady()).isFalse();
    }

    private void pass(long durationMs) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(durationMs);
    }
}
