package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Event;
import io.springtide.agent.runtime.Ending;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns what becomes of containers: from one event stream for all of them, and, since a stream may
 * break or stay silent, from the list of containers after every reconnect and every half minute.
 */
final class Watcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration RECONCILE_EVERY = Duration.ofSeconds(30);
    /** So long after a look has not found a container running, the event of its end is late. */
    private static final Duration EVENT_PATIENCE = Duration.ofSeconds(1);
    private static final Duration RETRY_FIRST = Duration.ofMillis(500);
    private static final int RETRY_DOUBLINGS_MAX = 5;
    /** A frozen container runs, too. */
    static final Set<String> RUNS = Set.of("running", "paused");
    private static final Set<String> OVER = Set.of("exited", "dead", "removing");

    private final Daemon daemon;
    private final Threads threads;
    private final DockerSettings settings;
    private final Mark mark;
    private final Map<Long, Held> helds;
    private final LogCopier logs;
    private final Killer killer;
    /** Takes tasks whose container was made but never started. */
    private final Consumer<Held> unstarted;
    private final Leftovers leftovers;

    private final AtomicBoolean reconcileAsked = new AtomicBoolean();
    private final AtomicInteger reconcileFailures = new AtomicInteger();
    private final AtomicInteger streamFailures = new AtomicInteger();
    private final AtomicReference<Stream> stream = new AtomicReference<>();
    private volatile boolean closed;

    Watcher(Daemon daemon, Threads threads, DockerSettings settings, Mark mark,
            Map<Long, Held> helds, LogCopier logs, Killer killer, Consumer<Held> unstarted,
            Leftovers leftovers) {
        this.daemon = daemon;
        this.threads = threads;
        this.settings = settings;
        this.mark = mark;
        this.helds = helds;
        this.logs = logs;
        this.killer = killer;
        this.unstarted = unstarted;
        this.leftovers = leftovers;
    }

    void begin() {
        threads.control("event stream", this::connect);
        threads.in(Threads.jittered(RECONCILE_EVERY), this::tick);
    }

    private void tick() {
        if (!closed) {
            reconcileSoon();
            threads.in(RECONCILE_EVERY, this::tick);
        }
    }

    // ------------------------------------------------------------ events

    private void connect() {
        if (closed) {
            return;
        }
        Stream next = new Stream();
        stream.set(next);
        daemon.streaming().eventsCmd().withEventTypeFilter("container").withEventFilter("die")
                .withLabelFilter(mark.filter()).exec(next);
    }

    private void broken(Throwable why) {
        if (closed) {
            return;
        }
        int failures = streamFailures.getAndIncrement();
        Duration delay = Threads
                .jittered(RETRY_FIRST.multipliedBy(1L << Math.min(failures, RETRY_DOUBLINGS_MAX)));
        LOG.info("docker events: the stream ended ({}), again in {} ms", why.toString(),
                delay.toMillis());
        threads.controlIn(delay, "event stream", this::connect);
    }

    private final class Stream implements ResultCallback<Event> {
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile Closeable connection = () -> {};

        @Override
        public void onStart(Closeable closeable) {
            connection = closeable;
            streamFailures.set(0);
            // What ended before this moment is found by listing.
            reconcileSoon();
        }

        @Override
        public void onNext(Event event) {
            Map<String, String> attributes = event.getActor() == null
                    ? null
                    : event.getActor().getAttributes();
            if (attributes != null) {
                instanceOf(attributes).ifPresent(Watcher.this::died);
            }
        }

        @Override
        public void onError(Throwable throwable) {
            end(throwable);
        }

        @Override
        public void onComplete() {
            end(new IOException("closed by the daemon"));
        }

        private void end(Throwable why) {
            if (over.compareAndSet(false, true)) {
                broken(why);
            }
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    private void died(Held held) {
        if (held.endSeen() && !threads.control("end of a container", () -> examine(held))) {
            reconcileSoon();
        }
    }

    private Optional<Held> instanceOf(Map<String, String> labels) {
        // Another cluster that this folder belonged to once had the same numbers.
        return Mark.instance(labels).map(helds::get)
                .filter(held -> mark.of(held.task(), labels));
    }

    // ------------------------------------------------------------ reconciliation

    /** Compares all tasks with all containers, soon; several wishes make one comparison. */
    void reconcileSoon() {
        if (reconcileAsked.compareAndSet(false, true)) {
            threads.controlIn(Duration.ofMillis(20), "reconciliation", this::reconcile);
        }
    }

    private void reconcile() {
        reconcileAsked.set(false);
        if (closed) {
            return;
        }
        List<Container> present;
        try {
            present = daemon.call(settings.callTimeout(),
                    client -> client.listContainersCmd().withShowAll(true)
                            .withLabelFilter(mark.filter()).exec());
            reconcileFailures.set(0);
        } catch (DaemonException | DockerException e) {
            int failures = reconcileFailures.getAndIncrement();
            LOG.debug("listing containers failed: {}", e.getMessage());
            threads.in(
                    Threads.jittered(RETRY_FIRST
                            .multipliedBy(1L << Math.min(failures, RETRY_DOUBLINGS_MAX))),
                    this::reconcileSoon);
            return;
        }
        Map<Held, Container> found = new HashMap<>();
        List<Container> unknown = new ArrayList<>();
        for (Container container : present) {
            if (container.getLabels() != null) {
                instanceOf(container.getLabels()).ifPresentOrElse(
                        held -> found.put(held, container), () -> unknown.add(container));
            }
        }
        leftovers.seen(unknown);
        for (Held held : helds.values()) {
            settle(held, found);
        }
        killer.removeCondemned();
    }

    private void settle(Held held, Map<Held, Container> found) {
        Held.Phase phase = held.phase();
        if (phase == Held.Phase.LAUNCHING || phase == Held.Phase.ENDED) {
            return;
        }
        Container container = found.get(held);
        if (container == null || !RUNS.contains(container.getState())) {
            if (held.endUnannounced()) {
                threads.controlIn(EVENT_PATIENCE, "look at a container", () -> {
                    held.overlooked();
                    examine(held);
                });
            } else {
                // The list may be older than the container, hence a look at it alone.
                examine(held);
            }
            return;
        }
        held.containerId(container.getId());
        if ("paused".equals(container.getState())) {
            held.pausedSeen();
        }
        if (phase == Held.Phase.ADOPTING) {
            makeSandbox(held);
            held.tellRunning(container.getNetworkSettings() == null
                    ? ""
                    : address(container.getNetworkSettings().getNetworks()));
        }
        logs.follow(held.id(), container.getId(), held.task().sandbox());
        killer.drive(held);
    }

    /** Looks at one container and tells what is new. */
    void examine(Held held) {
        if (held.phase() == Held.Phase.LAUNCHING || held.ended()) {
            return;
        }
        InspectContainerResponse seen;
        try {
            seen = daemon.call(settings.callTimeout(),
                    client -> client.inspectContainerCmd(held.container()).exec());
        } catch (NotFoundException e) {
            held.tellEnded(new Ending.Gone("the container " + held.task().taskId()
                    + " is not there any more; somebody has removed it, or the machine was set up anew."));
            return;
        } catch (DaemonException | DockerException e) {
            LOG.debug("looking at {} failed: {}", held.task().taskId(), e.getMessage());
            threads.in(Threads.jittered(RETRY_FIRST.multipliedBy(4)), this::reconcileSoon);
            return;
        }
        held.containerId(seen.getId());
        String status = Explanation.text(seen.getState().getStatus());
        if (status.equals("created")) {
            unstarted.accept(held);
            return;
        }
        makeSandbox(held);
        if (OVER.contains(status)) {
            // Before the news, upon which the container may be removed.
            logs.followToTheEnd(held.id(), seen.getId(), held.task().sandbox());
            held.tellEnded(Explanation.exited(held.task().spec(), seen.getState()));
        } else {
            if (status.equals("paused")) {
                held.pausedSeen();
            }
            logs.follow(held.id(), seen.getId(), held.task().sandbox());
            held.tellRunning(address(seen));
            killer.drive(held);
        }
    }

    /** Where the agent's folder was wiped, what the container has yet to say needs a place. */
    private static void makeSandbox(Held held) {
        try {
            Files.createDirectories(held.task().sandbox());
        } catch (IOException e) {
            LOG.warn("sandbox.missing task={} error={}", held.task().taskId(), e.toString());
        }
    }

    /** The container's own address; empty where it shares the machine's. */
    static String address(InspectContainerResponse seen) {
        return seen.getNetworkSettings() == null
                ? ""
                : address(seen.getNetworkSettings().getNetworks());
    }

    private static String address(Map<String, ContainerNetwork> networks) {
        if (networks == null) {
            return "";
        }
        return networks.values().stream().map(network -> Explanation.text(network.getIpAddress()))
                .filter(ip -> !ip.isEmpty()).findFirst().orElse("");
    }

    @Override
    public void close() {
        closed = true;
        Stream current = stream.get();
        try {
            if (current != null) {
                current.close();
            }
        } catch (IOException e) {
            LOG.debug("closing the event stream failed", e);
        }
    }
}
