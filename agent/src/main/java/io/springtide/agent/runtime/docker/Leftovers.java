package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import io.springtide.agent.runtime.Leftover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Containers with this agent's mark that no task of its knows. Nothing is done to them unless the master
 * says so, and nothing ever to containers without the mark. Any thread.
 */
final class Leftovers {

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Daemon daemon;
    private final Threads threads;
    private final Duration callTimeout;
    private final Mark mark;
    private final Map<Long, Held> helds;
    private final Killer killer;
    private Set<Leftover> lookedBefore = Set.of();
    private volatile List<Leftover> leftovers = List.of();

    Leftovers(Daemon daemon, Threads threads, Duration callTimeout, Mark mark,
            Map<Long, Held> helds, Killer killer) {
        this.daemon = daemon;
        this.threads = threads;
        this.callTimeout = callTimeout;
        this.mark = mark;
        this.helds = helds;
        this.killer = killer;
    }

    /** Looks for the first time, while nothing is held yet: everything that is ours counts. */
    void begin(Duration timeout) {
        try {
            List<Container> all = daemon.call(timeout, client -> client.listContainersCmd()
                    .withShowAll(true).withLabelFilter(List.of(Mark.LABEL_OWNER)).exec());
            Set<Leftover> ours = new LinkedHashSet<>();
            Set<String> strangers = new LinkedHashSet<>();
            for (Container container : all) {
                Map<String, String> labels = labels(container);
                Optional<Leftover> one = mark.leftover(labels);
                one.ifPresentOrElse(ours::add, () -> strangers
                        .add(labels.getOrDefault(Mark.LABEL_AGENT, "(unknown)")));
            }
            if (!strangers.isEmpty()) {
                LOG.info("docker.strangers agents={}; their containers are left alone", strangers);
            }
            settle(ours);
            leftovers = List.copyOf(ours);
        } catch (DaemonException | DockerException e) {
            LOG.warn("docker.leftovers.unknown reason=\"{}\"; looked for again later",
                    e.getMessage());
        }
    }

    /** Takes in what no task knows at a look; only what was there at the one before, too, counts. */
    void seen(List<Container> unknown) {
        Set<Leftover> now = new LinkedHashSet<>();
        unknown.forEach(container -> mark.leftover(labels(container)).ifPresent(now::add));
        leftovers = List.copyOf(settle(now));
    }

    private synchronized List<Leftover> settle(Set<Leftover> now) {
        List<Leftover> twice = new ArrayList<>(now);
        twice.retainAll(lookedBefore);
        lookedBefore = new HashSet<>(now);
        return twice;
    }

    List<Leftover> now() {
        return leftovers;
    }

    /** Asks it to end, and removes it when its time is over. */
    void end(Leftover leftover) {
        threads.control("end of a leftover", () -> {
            List<Container> found;
            try {
                found = daemon.call(callTimeout, client -> client.listContainersCmd()
                        .withShowAll(true).withLabelFilter(mark.filter(leftover)).exec());
            } catch (DaemonException | DockerException e) {
                LOG.warn("leftover.end.failed instance={} reason=\"{}\"; the master says it again",
                        leftover.instanceId(), e.getMessage());
                return;
            }
            found.stream().filter(one -> mark.leftover(labels(one)).equals(Optional.of(leftover)))
                    .forEach(one -> end(leftover, one));
        });
    }

    private void end(Leftover leftover, Container container) {
        if (helds.containsKey(leftover.instanceId())) {
            return; // taken up meanwhile
        }
        LOG.warn("leftover.end instance={} container={} state={}; the cluster has given it up",
                leftover.instanceId(), container.getId(), container.getState());
        if (!Watcher.RUNS.contains(container.getState())) {
            killer.remove(container.getId());
            return;
        }
        try {
            daemon.call(callTimeout, client -> client.killContainerCmd(container.getId())
                    .withSignal("SIGTERM").exec());
        } catch (NotFoundException | ConflictException e) {
            LOG.debug("leftover {} has ended by itself", container.getId());
        } catch (DaemonException | DockerException e) {
            LOG.warn("leftover.end.failed container={} reason=\"{}\"", container.getId(),
                    e.getMessage());
        }
        threads.controlIn(GRACE, "removal of a leftover",
                () -> killer.remove(container.getId()));
    }

    private static Map<String, String> labels(Container container) {
        Map<String, String> labels = container.getLabels();
        return labels == null ? Map.of() : labels;
    }
}
