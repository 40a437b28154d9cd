package io.springtide.master.standby;

import io.springtide.master.journal.JournalException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that waits for the log, and comes back to one out of reach after a while. */
final class FollowerThread implements Pace {

    private static final Logger LOG = LoggerFactory.getLogger(FollowerThread.class);

    /** After so long without a new fact it is known again that there is none. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final long PAUSE_MS_MIN = 100;
    private static final long PAUSE_MS_MAX = 1_000;
    private static final long HALT_MS_MAX = 10_000;

    @Override
    public Course begin(Follower follower, Consumer<Throwable> onFatal) {
        Run run = new Run(follower);
        Thread thread = Thread.ofPlatform().name("follower").daemon(true).start(() -> {
            try {
                run.run();
            } catch (RuntimeException | Error broken) {
                onFatal.accept(broken);
            }
        });
        return () -> {
            run.halted = true;
            thread.interrupt();
            try {
                if (!thread.join(Duration.ofMillis(HALT_MS_MAX))) {
                    throw new IllegalStateException("the follower still waits for the store after "
                            + HALT_MS_MAX + " ms");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private static final class Run {

        private final Follower follower;
        private volatile boolean halted;

        Run(Follower follower) {
            this.follower = follower;
        }

        void run() {
            long pauseMs = PAUSE_MS_MIN;
            while (!halted) {
                try {
                    follower.step();
                    follower.await(LOOK);
                    pauseMs = PAUSE_MS_MIN;
                } catch (InterruptedException halting) {
                    return;
                } catch (JournalException outOfReach) {
                    if (halted) {
                        return;
                    }
                    LOG.warn("log-out-of-reach position={} why=\"{}\"",
                            follower.view().position(), outOfReach.getMessage());
                    if (!paused(pauseMs)) {
                        return;
                    }
                    pauseMs = Math.min(PAUSE_MS_MAX, pauseMs * 2);
                }
            }
        }

        private static boolean paused(long aboutMs) {
            try {
                Thread.sleep(aboutMs / 2 + ThreadLocalRandom.current().nextLong(aboutMs));
                return true;
            } catch (InterruptedException halting) {
                return false;
            }
        }
    }
}
