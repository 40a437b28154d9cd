package io.springtide.master.http;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: whoever asks for much gets one processor, and is refused beyond a few. */
class SlowWorkTest {

    @Test
    void oneIsAtWorkAFewWaitAndTheRestIsRefused() throws Exception {
        SlowWork slow = new SlowWork("slow");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Boolean>> taken = new ArrayList<>();
        for (int i = 0; i < SlowWork.WAITING_MAX + 1; i++) {
            taken.add(slow.submit(() -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                begun.countDown();
                await(goOn);
                atOnce.decrementAndGet();
                return Thread.currentThread().isVirtual();
            }).orElseThrow());
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(slow.submit(() -> 1)).isEmpty();
        goOn.countDown();
        for (CompletableFuture<Boolean> one : taken) {
            assertThat(one.get(10, TimeUnit.SECONDS)).as("on a virtual thread").isFalse();
        }
        assertThat(most).hasValue(1);
        assertThat(slow.submit(() -> 1).orElseThrow().get(10, TimeUnit.SECONDS)).isOne();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
