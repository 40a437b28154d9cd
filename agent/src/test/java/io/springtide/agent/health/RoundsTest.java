package io.springtide.agent.health;

import io.springtide.agent.Await;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoundsTest {

    private static final long INTERVAL_MS = 200;
    /** Doubled from here, the third round is followed by more than an interval. */
    private static final long ROUND_MS = 40;
    private static final int HURRIED_MAX = 3;
    private static final long EAGER_MS = 120;
    /** At 0, 50 and 107 ms. */
    private static final int EAGER_ROUNDS_MAX = 3;

    /** A check that fails by its timeout would else not be counted for a dozen timeouts. */
    @Test
    void roundsThatTakeLongEndTheHurrySooner() {
        AtomicInteger hurried = new AtomicInteger();
        AtomicInteger calm = new AtomicInteger();
        AtomicReference<Rounds> rounds = new AtomicReference<>();
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            rounds.set(new Rounds(timer, new Semaphore(1), INTERVAL_MS, () -> {
                (rounds.get().hurried() ? hurried : calm).incrementAndGet();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(ROUND_MS));
                return calm.get() == 0;
            }));
            rounds.get().beginHurried();
            Await.until("the hurry is over", () -> calm.get() > 0);
        }
        assertThat(hurried.get()).isBetween(1, HURRIED_MAX);
    }

    /** Else failures would not be counted for as long as the interval is. */
    @Test
    void eagernessEndsWithItsTime() {
        AtomicInteger eager = new AtomicInteger();
        AtomicInteger calm = new AtomicInteger();
        AtomicReference<Rounds> rounds = new AtomicReference<>();
        long begunMs = Rounds.upMs();
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor()) {
            rounds.set(new Rounds(timer, new Semaphore(1), INTERVAL_MS, () -> {
                (rounds.get().hurried() ? eager : calm).incrementAndGet();
                return calm.get() == 0;
            }));
            rounds.get().beginEager(0, EAGER_MS);
            Await.until("the eagerness is over", () -> calm.get() > 0);
        }
        assertThat(Rounds.upMs() - begunMs).isGreaterThanOrEqualTo(EAGER_MS);
        assertThat(eager.get()).isBetween(1, EAGER_ROUNDS_MAX);
    }
}
