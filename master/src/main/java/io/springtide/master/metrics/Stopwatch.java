package io.springtide.master.metrics;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Times one kind of work of one thread, and shows any other how long the present piece of it already
 * takes: work that hangs never gets to be observed.
 */
public final class Stopwatch {

    private static final long IDLE = 0;
    private static final double NANOS = 1e9;

    private final DistributionDataPoint durations;
    private final LongSupplier nanoTime;
    private final RecentMax recent;

    /** When the present piece began, never {@link #IDLE} while one is under way. */
    private final AtomicLong beganNanos = new AtomicLong(IDLE);

    Stopwatch(DistributionDataPoint durations, LongSupplier nanoTime) {
        this.durations = durations;
        this.nanoTime = nanoTime;
        this.recent = new RecentMax(nanoTime.getAsLong());
    }

    /** A piece of work begins; does nothing if one is under way. The working thread. */
    public void begin() {
        if (beganNanos.getPlain() == IDLE) {
            long now = nanoTime.getAsLong();
            beganNanos.setRelease(now == IDLE ? 1 : now);
        }
    }

    /** The piece of work is done; does nothing if none is under way. The working thread. */
    public void end() {
        long began = beganNanos.getPlain();
        if (began != IDLE) {
            long now = nanoTime.getAsLong();
            durations.observe((now - began) / NANOS);
            recent.took(now - began, now);
            beganNanos.setRelease(IDLE);
        }
    }

    /** How long the present piece has been under way; 0 if there is none. */
    double secondsUnderWay() {
        long began = beganNanos.getAcquire();
        return began == IDLE ? 0 : Math.max(0, (nanoTime.getAsLong() - began) / NANOS);
    }

    /** The longest piece of the last one to two minutes, the present one included. */
    double secondsMax() {
        return Math.max(secondsUnderWay(), recent.nanos(nanoTime.getAsLong()) / NANOS);
    }
}
