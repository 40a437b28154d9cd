package io.springtide.cli.cluster;

import io.springtide.api.client.Json;
import io.springtide.api.client.TideClient;
import io.springtide.api.client.TideException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A master, or several with a ZooKeeper ensemble of their own, and some agents as processes of this
 * machine. Whoever starts it must {@link #stop} it;
 * stopping is safe from any thread, and the second call waits for the first.
 */
public final class LocalCluster {
    /** Agents get this long to end their tasks, the master to write its last snapshot. */
    private static final long STOP_MS_MAX = 15_000;

    private static final long POLL_MS = 100;

    private final LocalSettings settings;
    private final Consumer<String> say;
    private final List<Child> zooKeepers = new ArrayList<>();
    private final List<Child> masters = new ArrayList<>();
    private final List<Child> ingresses = new ArrayList<>();
    private final List<Child> agents = new ArrayList<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final TideClient client;
    private @Nullable FileChannel lockFile;

    /** Lines for the person who watches go to {@code say}. */
    public LocalCluster(LocalSettings settings, Consumer<String> say) {
        this.settings = settings;
        this.say = say;
        for (int number = 1; number <= settings.masters(); number++) {
            masters.add(new Child(settings.masterName(number), settings.masterCommand(number),
                    settings.data()));
            if (settings.shared()) {
                zooKeepers.add(new Child(LocalSettings.zooKeeperName(number),
                        settings.zooKeeperCommand(number), settings.data()));
            }
        }
        if (settings.ingress()) {
            ingresses.add(new Child(LocalSettings.INGRESS_NAME, settings.ingressCommand(),
                    settings.data()));
        }
        for (int number = 1; number <= settings.agents(); number++) {
            agents.add(new Child(LocalSettings.agentName(number), settings.agentCommand(number),
                    settings.data()));
        }
        this.client = new TideClient(
                IntStream.rangeClosed(1, settings.masters()).mapToObj(settings::url)
                        .map(URI::create).toList(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30));
    }

    /** A client of the cluster's masters. */
    public TideClient client() {
        return client;
    }

    /** What it consists of. */
    public LocalSettings settings() {
        return settings;
    }

    /** The first master's process. */
    public Child master() {
        return master(1);
    }

    /** The process of a master, counted from 1. */
    public Child master(int number) {
        return masters.get(number - 1);
    }

    /** The process of a ZooKeeper server, counted from 1. */
    public Child zooKeeper(int number) {
        return zooKeepers.get(number - 1);
    }

    /** The process of an agent, counted from 1. */
    public Child agent(int number) {
        return agents.get(number - 1);
    }

    /** ZooKeeper servers if there are any, masters, the load balancer if there is one, agents. */
    public List<Child> children() {
        List<Child> all = new ArrayList<>(zooKeepers);
        all.addAll(masters);
        all.addAll(ingresses);
        all.addAll(agents);
        return all;
    }

    /** True once {@link #stop} was called. */
    public boolean isStopping() {
        return stopping.get();
    }

    /**
     * Starts all processes.
     *
     * @throws ClusterException if the folder or a port is in use
     */
    public void start() {
        takeFolder();
        for (int port : settings.ports()) {
            if (!Ports.isFree(port)) {
                throw ClusterException.setting("Port " + port + " is in use.",
                        "Choose another with --port (" + settings.ports().size()
                                + " from there on are needed), or see who has it: ss -ltnp 'sport = :"
                                + port + "'");
            }
        }
        try {
            for (Child child : children()) {
                child.start();
            }
        } catch (ClusterException broken) {
            stop();
            throw broken;
        }
    }

    /**
     * Waits until the master leads and every agent is connected.
     *
     * @param progress is told how far it is
     * @throws ClusterException if a process ends meanwhile, or the time is over
     */
    public void awaitReady(Duration patience, Consumer<String> progress) {
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        String state = "the master does not answer yet";
        while (true) {
            for (Child child : children()) {
                if (!child.isAlive() && !stopping.get()) {
                    throw died(child);
                }
            }
            try {
                Json status = client.get("/tide/v1/status").body();
                long live = status.get("agents").get("live").asLong();
                if (status.get("ready").asBoolean() && live >= settings.agents()) {
                    return;
                }
                state = (status.get("ready").asBoolean()
                        ? "the master leads"
                        : "the master is reading its journal") + ", "
                        + live + "/" + settings.agents() + " agents connected";
            } catch (TideException notYet) {
                if (notYet instanceof TideException.Refused refused && refused.status() < 500) {
                    throw ClusterException.failure(
                            "The master at " + settings.url() + " answers, but not as expected: "
                                    + refused.getMessage(),
                            "See " + master().log());
                }
            }
            progress.accept(state);
            if (System.nanoTime() > deadlineNanos) {
                throw ClusterException.failure(
                        "The cluster is not ready after " + patience.toSeconds() + " s: " + state
                                + ".",
                        "The logs are in " + settings.data());
            }
            pause(POLL_MS);
        }
    }

    /** What to say about a process that has ended by itself. */
    public static ClusterException died(Child child) {
        StringBuilder what = new StringBuilder(child.name()).append(' ').append(child.ending())
                .append('.');
        for (String line : child.logTail(8)) {
            what.append("\n  ").append(line);
        }
        return ClusterException.failure(what.toString(), "Its log: " + child.log());
    }

    /** Ends the load balancer, agents (they end their tasks), then the master; what does not end in time is killed. */
    public synchronized void stop() {
        if (stopping.getAndSet(true)) {
            return;
        }
        end(ingresses);
        end(agents);
        end(masters);
        end(zooKeepers);
        sweep();
        for (Child child : children()) {
            child.forget();
        }
        releaseFolder();
    }

    private void end(List<Child> group) {
        for (Child child : group) {
            child.terminate();
        }
        long deadlineNanos = System.nanoTime() + STOP_MS_MAX * 1_000_000;
        for (Child child : group) {
            long leftMs = Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
            if (!child.await(leftMs)) {
                say.accept(child.name() + " did not end within " + STOP_MS_MAX / 1_000
                        + " s and was killed.");
                child.destroy();
            }
        }
    }

    /** An agent that was killed leaves its tasks behind: they must not outlive the cluster. */
    private void sweep() {
        for (int round = 0; round < 20; round++) {
            List<Long> left = Processes.tasksUnder(settings.data());
            if (left.isEmpty()) {
                return;
            }
            if (round == 0) {
                say.accept(
                        left.size() + " processes of tasks were left over and are being killed.");
            }
            Processes.destroy(left);
            pause(50);
        }
    }

    private void takeFolder() {
        Path data = settings.data();
        try {
            Files.createDirectories(data);
            FileChannel channel = FileChannel.open(data.resolve("up.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            lockFile = channel;
            @Nullable
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw ClusterException.setting(
                        "The data folder " + data + " is in use by another cluster.",
                        "Stop that one (Ctrl-C in its terminal), or choose another folder with --data.");
            }
        } catch (IOException broken) {
            throw ClusterException.setting(
                    "Cannot use the data folder " + data + ": " + broken.getMessage() + ".",
                    "Choose another with --data.");
        }
        List<Long> left = Processes.serversUnder(data);
        if (!left.isEmpty()) {
            StringBuilder pids = new StringBuilder();
            left.forEach(pid -> pids.append(' ').append(pid));
            throw ClusterException.setting(
                    "Processes of an earlier cluster still work in " + data + ":" + pids + ".",
                    "End them first: kill" + pids);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            return null;
        }
    }

    private void releaseFolder() {
        FileChannel channel = lockFile;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // The lock goes with the process at the latest.
            }
        }
    }

    private static void pause(long pauseMs) {
        try {
            Thread.sleep(pauseMs);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ClusterException.failure("Interrupted.", "");
        }
    }
}
