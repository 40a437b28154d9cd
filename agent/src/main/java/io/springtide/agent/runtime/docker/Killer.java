package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends and removes containers, without waiting for either. */
final class Killer {

    private static final Logger LOG = LoggerFactory.getLogger(Killer.class);
    private static final Duration LOOK_AFTER = Duration.ofMillis(300);
    private static final int REMOVALS_CONDEMNED_MAX = 10_000;

    private final Daemon daemon;
    private final Threads threads;
    private final Duration callTimeout;
    private final Consumer<Held> look;
    private final Pauser pauser;
    /** Containers that must go and could not be removed yet; tried again at every reconciliation. */
    private final Map<String, Boolean> condemned = new ConcurrentHashMap<>();

    /** @param look finds out how a container stands */
    Killer(Daemon daemon, Threads threads, Duration callTimeout, Consumer<Held> look,
            Pauser pauser) {
        this.daemon = daemon;
        this.threads = threads;
        this.callTimeout = callTimeout;
        this.look = look;
        this.pauser = pauser;
    }

    /** Does what is due for a task that is to end, and comes back when its grace is over. */
    void drive(Held held) {
        Held.KillStep step = held.nextKillStep(System.nanoTime());
        if (!held.killAsked() || held.ended()) {
            return;
        }
        if (step != Held.KillStep.FORCE) {
            threads.controlIn(Duration.ofNanos(held.killInNanos(System.nanoTime())), "SIGKILL",
                    () -> drive(held));
        }
        if (step == Held.KillStep.NOTHING) {
            return;
        }
        held.termSent();
        try {
            String signal = step == Held.KillStep.FORCE ? "SIGKILL" : stopSignal(held);
            daemon.call(callTimeout,
                    client -> client.killContainerCmd(held.container()).withSignal(signal).exec());
            if (held.maybePaused()) {
                // It hears the signal only when it goes on.
                pauser.want(held, false);
            }
        } catch (NotFoundException | ConflictException e) {
            // It has ended by itself; the event tells with which code, or else a look a little later.
            threads.controlIn(LOOK_AFTER, "look at a container", () -> look.accept(held));
        } catch (DaemonException | DockerException e) {
            LOG.warn("killing {} failed, tried again at the next reconciliation: {}",
                    held.task().taskId(),
                    e.getMessage());
        }
    }

    /** The image may want to be asked in another way than by SIGTERM. */
    private String stopSignal(Held held) {
        InspectContainerResponse seen = daemon.call(callTimeout,
                client -> client.inspectContainerCmd(held.container()).exec());
        Object signal = seen.getConfig() == null
                ? null
                : seen.getConfig().getRawValues().get("StopSignal");
        return signal == null || signal.toString().isEmpty() ? "SIGTERM" : signal.toString();
    }

    /** Removes a container, however it stands; if that is not possible now, then later. */
    void remove(String container) {
        try {
            daemon.call(callTimeout, client -> client.removeContainerCmd(container).withForce(true)
                    .withRemoveVolumes(true).exec());
            condemned.remove(container);
        } catch (NotFoundException e) {
            condemned.remove(container);
        } catch (ConflictException e) {
            LOG.debug("the removal of {} is going on already", container);
        } catch (DaemonException | DockerException e) {
            LOG.warn("removing the container {} failed, tried again later: {}", container,
                    e.getMessage());
            if (condemned.size() < REMOVALS_CONDEMNED_MAX) {
                condemned.put(container, Boolean.TRUE);
            }
        }
    }

    void removeCondemned() {
        for (String container : condemned.keySet()) {
            remove(container);
        }
    }
}
