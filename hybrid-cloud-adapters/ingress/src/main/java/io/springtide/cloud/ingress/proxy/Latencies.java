package io.springtide.cloud.ingress.proxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long requests took since the last time, fetched from all event loops at once. A loop that is late
 * is not waited for: what it gives is there when it has given it.
 */
final class Latencies {

    private final List<Served> services;
    private final List<Map<Target, Histogram>> parts = new ArrayList<>();
    private final CountDownLatch left;

    private Latencies(List<Served> services, int loops) {
        this.services = services;
        this.left = new CountDownLatch(loops);
        for (int i = 0; i < loops; i++) {
            parts.add(new HashMap<>());
        }
    }

    /** Asks all loops. */
    static Latencies fetch(List<Served> services, List<Loop> loops) {
        Latencies fetched = new Latencies(services, loops.size());
        for (Loop loop : loops) {
            loop.context.runOnContext(run -> fetched.take(loop.index));
        }
        return fetched;
    }

    /** Takes what one loop has. On that loop. */
    private void take(int loop) {
        try {
            Map<Target, Histogram> part = parts.get(loop);
            for (Served served : services) {
                for (Target target : served.targets()) {
                    Histogram latency = target.lanes[loop].takeLatency();
                    if (latency != null) {
                        part.put(target, latency);
                    }
                }
            }
        } finally {
            left.countDown();
        }
    }

    /** Returns whether all loops have given theirs, within the time. */
    boolean await(long millis) throws InterruptedException {
        return left.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Adds all of it to sums, once {@link #await} has said that it is whole; a second time adds nothing. */
    void addTo(Map<Target, Histogram> sums) {
        parts.forEach(part -> part.forEach((target, latency) -> sums
                .computeIfAbsent(target, key -> new Histogram()).drain(latency)));
    }
}
