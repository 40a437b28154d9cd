package io.springtide.master.agents;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ThreadTimingTest {

    @Test
    void whatThrowsIsRepeatedAllTheSame() throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(3);
        try (Timing timing = Timing.onThread()) {
            timing.every(Duration.ofMillis(1), () -> {
                runs.countDown();
                throw new IllegalStateException("a fault of the task");
            });
            assertThat(runs.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
