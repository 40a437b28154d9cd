package io.springtide.agent.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import io.springtide.agent.fetch.FetchProgress;
import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Leftover;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.runtime.TaskUsage;
import io.springtide.api.agent.Container.Network;
import io.springtide.api.agent.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks as containers of the Docker daemon on this machine.
 *
 * <p>A container is named after its task and labelled with the cluster, the agent and the instance, so
 * that another life of the agent finds it. All methods return at once and may be called from any thread;
 * the runtime has some twenty threads of its own, however many containers there are. Output goes to
 * {@code stdout} and {@code stderr} in the sandbox, which containers see as {@code /mnt/mesos/sandbox}.
 */
public final class DockerRuntime implements TaskRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(DockerRuntime.class);
    private static final Duration PROBE_EVERY = Duration.ofSeconds(3);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);
    /** For the whole output of a chatty task, behind a daemon that is busy. */
    private static final Duration LOGS_DRAIN_MAX = Duration.ofSeconds(30);
    private static final Duration LOGS_LOOK_EVERY = Duration.ofMillis(200);
    private static final int FORGET_ATTEMPTS_MAX = 6;

    private record Looked(long atNanos, long cpuNanos) {}

    private final DockerSettings settings;
    private final Mark mark;
    private final Map<Long, Held> helds = new ConcurrentHashMap<>();
    private final Threads threads = new Threads();
    private final Daemon daemon;
    private final LogCopier logs;
    private final Killer killer;
    private final Pauser pauser;
    private final Watcher watcher;
    private final Launcher launcher;
    private final Leftovers leftovers;
    private final ContainerCommand commands;
    private final CgroupUsage cgroups = new CgroupUsage(Path.of("/sys/fs/cgroup"));
    private final AtomicBoolean measuring = new AtomicBoolean();
    private volatile Optional<String> problem;
    private volatile List<TaskUsage> usage = List.of();
    private volatile boolean closed;
    /** Touched by one measurement at a time. */
    private Map<Long, Looked> lookedBefore = new HashMap<>();

    /** For the daemon that {@code DOCKER_HOST} names, or else the one at its usual socket. */
    public DockerRuntime(Path dataDir, String owner, String agentId) {
        this(dataDir, owner, agentId, DockerSettings.fromEnvironment(System.getenv()));
    }

    /** For a daemon elsewhere; fetches no artifacts. */
    public DockerRuntime(Path dataDir, String owner, String agentId, DockerSettings settings) {
        this(dataDir, owner, agentId, settings, SandboxPreparation.NONE);
    }

    /**
     * Takes up to three seconds, to find out whether the daemon is there.
     *
     * @param dataDir where it is noted how far each container's output has been copied
     * @param owner tells this agent's containers from those of other clusters and agents that use the
     *     same daemon
     * @param agentId the agent's name in its cluster
     * @param preparation fetches artifacts
     */
    public DockerRuntime(Path dataDir, String owner, String agentId, DockerSettings settings,
            SandboxPreparation preparation) {
        this.settings = settings;
        this.mark = new Mark(owner, agentId);
        this.daemon = new Daemon(settings, threads.clock);
        try {
            this.logs = new LogCopier(dataDir, settings);
        } catch (IOException e) {
            threads.close();
            daemon.close();
            throw new UncheckedIOException("the folder " + dataDir + " cannot be used", e);
        }
        this.problem = daemon.problem(PROBE_TIMEOUT);
        this.pauser = new Pauser(daemon, threads, settings.callTimeout(), this::examine);
        this.killer = new Killer(daemon, threads, settings.callTimeout(), this::examine, pauser);
        this.leftovers = new Leftovers(daemon, threads, settings.callTimeout(), mark, helds,
                killer);
        this.watcher = new Watcher(daemon, threads, settings, mark, helds, logs, killer,
                this::startMade, leftovers);
        this.launcher = new Launcher(daemon, threads, settings, mark, logs, killer, watcher,
                preparation);
        this.commands = new ContainerCommand(daemon, settings.callTimeout());
        if (problem.isEmpty()) {
            leftovers.begin(PROBE_TIMEOUT);
        }
        watcher.begin();
        var unused = threads.probe.scheduleWithFixedDelay(this::probe, PROBE_EVERY.toMillis(),
                PROBE_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void examine(Held held) {
        watcher.examine(held);
    }

    private void startMade(Held held) {
        held.become(Held.Phase.LAUNCHING);
        launcher.startSoon(held);
    }

    private void probe() {
        Optional<String> now = daemon.problem(PROBE_TIMEOUT);
        if (closed) {
            return;
        }
        if (!now.equals(problem)) {
            LOG.info("docker daemon: {}", now.orElse("it answers again"));
            problem = now;
            if (now.isEmpty()) {
                watcher.reconcileSoon();
            }
        }
    }

    @Override
    public Runtime kind() {
        return Runtime.DOCKER;
    }

    @Override
    public Optional<String> unavailable() {
        return problem;
    }

    @Override
    public void launch(Task task, TaskListener listener) {
        Held held = new Held(task, listener, Held.Phase.LAUNCHING);
        if (!closed && helds.putIfAbsent(task.instanceId(), held) == null) {
            launcher.launch(held);
        }
    }

    @Override
    public void adopt(Task task, TaskListener listener) {
        Held held = new Held(task, listener, Held.Phase.ADOPTING);
        if (!closed && helds.putIfAbsent(task.instanceId(), held) == null) {
            watcher.reconcileSoon();
        }
    }

    @Override
    public void kill(long instanceId, Duration grace) {
        Held held = helds.get(instanceId);
        if (held == null || held.ended()) {
            return;
        }
        held.askKill(grace, System.nanoTime());
        if (!held.endIfIdle(Launcher.KILLED_BEFORE)) {
            // While it is being launched or adopted nothing is due; both look for the wish when they are done.
            threads.control("kill", () -> killer.drive(held));
        }
    }

    @Override
    public void pause(long instanceId) {
        Optional.ofNullable(helds.get(instanceId)).ifPresent(held -> pauser.want(held, true));
    }

    @Override
    public void resume(long instanceId) {
        Optional.ofNullable(helds.get(instanceId)).ifPresent(held -> pauser.want(held, false));
    }

    @Override
    public Optional<String> fetchImage(String image, FetchProgress progress,
            BooleanSupplier cancelled) throws InterruptedException {
        return launcher.fetchAhead(image, progress, cancelled);
    }

    @Override
    public void forget(long instanceId) {
        Held held = helds.get(instanceId);
        if (held != null && !held.ended()) {
            LOG.warn("{} is to be forgotten while it runs; kill it first", held.task().taskId());
            return;
        }
        long drainedBy = System.nanoTime() + LOGS_DRAIN_MAX.toNanos();
        threads.control("removal", () -> forget(instanceId, drainedBy, 1));
    }

    private void forget(long instanceId, long drainedByNanos, int attempt) {
        // Removing a container cuts off what is still to be copied of its output.
        if (logs.follows(instanceId)) {
            if (drainedByNanos - System.nanoTime() > 0) {
                threads.controlIn(LOGS_LOOK_EVERY, "removal",
                        () -> forget(instanceId, drainedByNanos, attempt));
                return;
            }
            if (attempt == 1) {
                LOG.warn("the container of instance {} is removed, though its output is still being"
                        + " copied after {} s; the end of it may be missing from its sandbox",
                        instanceId, LOGS_DRAIN_MAX.toSeconds());
            }
        }
        try {
            List<Container> left = daemon.call(settings.callTimeout(),
                    client -> client.listContainersCmd().withShowAll(true)
                            .withLabelFilter(mark.filter(instanceId)).exec());
            Held held = helds.get(instanceId);
            for (Container container : left) {
                boolean meant = held == null || mark.of(held.task(), container.getLabels());
                if (meant && !Watcher.RUNS.contains(container.getState())) {
                    killer.remove(container.getId());
                }
            }
            helds.remove(instanceId);
            logs.forget(instanceId);
        } catch (DaemonException | DockerException e) {
            if (attempt < FORGET_ATTEMPTS_MAX) {
                threads.controlIn(Threads.jittered(Duration.ofSeconds(1L << attempt)), "removal",
                        () -> forget(instanceId, drainedByNanos, attempt + 1));
            } else {
                LOG.warn("the container of instance {} stays behind, remove it by hand: {}",
                        instanceId,
                        e.getMessage());
                helds.remove(instanceId);
            }
        }
    }

    @Override
    public List<Leftover> leftovers() {
        return leftovers.now();
    }

    @Override
    public void endLeftover(Leftover leftover) {
        if (!closed) {
            leftovers.end(leftover);
        }
    }

    /** Off the caller's thread: what the measurement that the last call has asked for has found. */
    @Override
    public List<TaskUsage> usage() {
        if (!closed && measuring.compareAndSet(false, true)
                && !threads.control("usage", this::measure)) {
            measuring.set(false);
        }
        return usage;
    }

    private void measure() {
        try {
            Map<Long, Looked> looked = new HashMap<>();
            List<TaskUsage> now = new ArrayList<>();
            for (Held held : helds.values()) {
                if (held.phase() != Held.Phase.RUNNING) {
                    continue;
                }
                cgroups.read(held.containerId()).ifPresent(sample -> {
                    long atNanos = System.nanoTime();
                    looked.put(held.id(), new Looked(atNanos, sample.cpuNanos()));
                    Looked before = lookedBefore.get(held.id());
                    long cpusMilli = before == null || atNanos <= before.atNanos()
                            ? 0
                            : (sample.cpuNanos() - before.cpuNanos()) * 1_000
                                    / (atNanos - before.atNanos());
                    now.add(new TaskUsage(held.id(), Math.max(0, cpusMilli),
                            Math.max(0, sample.memBytes())));
                });
            }
            lookedBefore = looked;
            usage = List.copyOf(now);
        } finally {
            measuring.set(false);
        }
    }

    @Override
    public CommandEnd command(Task task, String command, Duration timeout)
            throws InterruptedException {
        return commands.run(task, command, timeout);
    }

    @Override
    public Optional<String> ipv6Address(Task task) {
        return task.spec().getContainer().getNetwork() == Network.HOST
                ? Optional.of("::1")
                : commands.ipv6Address(task);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watcher.close();
        threads.close();
        logs.close();
        daemon.close();
    }
}
