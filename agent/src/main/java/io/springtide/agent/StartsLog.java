package io.springtide.agent;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log that starts wait for their turn, now and then while they do, and when none does any more. */
final class StartsLog {

    private static final Logger LOG = LoggerFactory.getLogger(StartsLog.class);
    private static final long EVERY_MS = 5_000;

    private boolean limited;
    private int waitingMax;
    private long sinceMs;
    private long saidMs;

    /**
     * Takes in how it stands.
     *
     * @param slowed specs whose instances fail as soon as they run, so that they may start less than others
     */
    void saw(int waiting, int slowed) {
        if (waiting == 0 && !limited) {
            return;
        }
        long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        if (waiting == 0) {
            limited = false;
            LOG.info("agent.starts.caught-up after={}ms waiting-max={}", nowMs - sinceMs,
                    waitingMax);
            waitingMax = 0;
            return;
        }
        waitingMax = Math.max(waitingMax, waiting);
        if (!limited) {
            limited = true;
            sinceMs = nowMs;
            saidMs = nowMs - EVERY_MS;
        }
        if (nowMs - saidMs >= EVERY_MS) {
            saidMs = nowMs;
            LOG.info("agent.starts.limited waiting={} slowed-specs={}; see --starts-per-second"
                    + " and --starts-burst", waiting, slowed);
        }
    }
}
