package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Freezes containers and lets them go on, one request at a time for each, until what is wanted last is so.
 * Letting go on has threads of its own: it is what a flood waits for.
 */
final class Pauser {

    private static final Logger LOG = LoggerFactory.getLogger(Pauser.class);
    private static final Duration RETRY_FIRST = Duration.ofMillis(50);
    private static final int RETRY_DOUBLINGS_MAX = 7;
    /** From then on something is wrong, though it may still come right. */
    private static final int FAILURES_SUSPECT = 3;

    private final Daemon daemon;
    private final Threads threads;
    private final Duration callTimeout;
    private final Consumer<Held> look;

    /** @param look finds out how a container stands */
    Pauser(Daemon daemon, Threads threads, Duration callTimeout, Consumer<Held> look) {
        this.daemon = daemon;
        this.threads = threads;
        this.callTimeout = callTimeout;
        this.look = look;
    }

    /** Takes up a wish; a task that is to end is not frozen any more. */
    void want(Held held, boolean paused) {
        if (held.wishPaused(paused)) {
            soon(held, paused, 0);
        }
    }

    private void soon(Held held, boolean paused, int failures) {
        Runnable work = () -> drive(held, failures);
        if (paused) {
            threads.control("pause", work);
        } else {
            threads.thaw(work);
        }
    }

    private void drive(Held held, int failures) {
        Held.Wish wish = held.enterPause();
        while (wish != Held.Wish.NONE) {
            boolean paused = wish == Held.Wish.PAUSE;
            boolean done = request(held, paused, failures);
            wish = held.leavePause(paused, done);
            if (!done && wish != Held.Wish.NONE) {
                Duration delay = Threads.jittered(RETRY_FIRST
                        .multipliedBy(1L << Math.min(failures, RETRY_DOUBLINGS_MAX)));
                boolean next = wish == Held.Wish.PAUSE;
                threads.in(delay, () -> soon(held, next, failures + 1));
                return;
            }
            wish = held.enterPause();
        }
    }

    /** Whether it is so now. */
    private boolean request(Held held, boolean paused, int failures) {
        try {
            daemon.call(callTimeout, client -> paused
                    ? client.pauseContainerCmd(held.container()).exec()
                    : client.unpauseContainerCmd(held.container()).exec());
            return true;
        } catch (NotFoundException e) {
            look.accept(held);
            return false;
        } catch (DaemonException e) {
            complain(held, paused, failures, String.valueOf(e.getMessage()));
            return false;
        } catch (DockerException e) {
            String words = Daemon.words(e);
            if (words.toLowerCase(Locale.ROOT)
                    .contains(paused ? "already paused" : "is not paused")) {
                return true;
            }
            if (words.toLowerCase(Locale.ROOT).contains("not running")) {
                look.accept(held);
            }
            complain(held, paused, failures, words);
            return false;
        }
    }

    private static void complain(Held held, boolean paused, int failures, String words) {
        if (failures == FAILURES_SUSPECT && !held.ended()) {
            LOG.warn("{} {} failed, tried on: {}", paused ? "pausing" : "unpausing",
                    held.task().taskId(), words);
        }
    }
}
