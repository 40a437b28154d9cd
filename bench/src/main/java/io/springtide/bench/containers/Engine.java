package io.springtide.bench.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The machine's own limit: containers by the Engine's API alone, created and started by some threads at once. */
final class Engine implements AutoCloseable {

    /** What runs in every container of this benchmark. */
    static final List<String> COMMAND = List.of("/bin/sh", "-c", "exec sleep 3600");
    static final long MEMORY = 32L << 20;
    static final int MEMORY_MIB = 32;
    static final double CPUS = 0.1;

    private static final int CPU_SHARES = 102;
    private static final int CONNECTIONS = 64;
    private static final Map<String, String> LABEL = Map.of("io.springtide.bench", "containers");

    private final DockerClient client;
    private final String image;

    /** @throws IllegalStateException if the daemon does not answer or has no such image */
    Engine(String image) {
        this.image = image;
        DockerClientConfig config = DefaultDockerClientConfig.createDefaultConfigBuilder().build();
        this.client = DockerClientImpl.getInstance(config, new ZerodepDockerHttpClient.Builder()
                .dockerHost(config.getDockerHost()).maxConnections(CONNECTIONS).build());
        try {
            client.inspectImageCmd(image).exec();
        } catch (NotFoundException e) {
            throw new IllegalStateException("the Docker daemon has no image " + image
                    + "; build-support/install-docker.sh makes springtide/busybox:test", e);
        } catch (RuntimeException e) {
            throw new IllegalStateException("no Docker daemon answers at " + config.getDockerHost()
                    + " (build-support/install-docker.sh starts one on Debian): " + e.getMessage(),
                    e);
        }
    }

    DockerClient client() {
        return client;
    }

    String image() {
        return image;
    }

    /** Seconds that so many plain containers take from the first create to the end of the last start. */
    double start(int containers, int threads) throws InterruptedException {
        return start(containers, threads, this::createPlain);
    }

    /**
     * The same with containers that have what one of another has: environment, mounts and limits.
     *
     * @param folder for the mounts, each container's own
     */
    double startLike(InspectContainerResponse like, Path folder, int containers, int threads)
            throws InterruptedException {
        AtomicInteger number = new AtomicInteger();
        return start(containers, threads,
                () -> createLike(like, folder.resolve("like-" + number.incrementAndGet())));
    }

    private double start(int containers, int threads, Supplier<String> create)
            throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            long began = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < containers; i++) {
                all.add(pool.submit(() -> client.startContainerCmd(create.get()).exec()));
            }
            for (Future<?> one : all) {
                one.get();
            }
            return (System.nanoTime() - began) / 1e9;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the daemon could not start a container", e);
        } finally {
            pool.shutdown();
            removeLeft();
        }
    }

    private String createPlain() {
        return client.createContainerCmd(image).withCmd(COMMAND).withLabels(LABEL)
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode("host")
                        .withMemory(MEMORY).withMemorySwap(MEMORY).withCpuShares(CPU_SHARES)
                        .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE,
                                Map.of("max-size", "1m", "max-file", "2"))))
                .exec().getId();
    }

    private String createLike(InspectContainerResponse like, Path mounted) {
        HostConfig host = like.getHostConfig();
        List<Bind> binds = Arrays.stream(host.getBinds()).map(bind -> new Bind(
                folder(mounted).toString(), bind.getVolume(), bind.getAccessMode())).toList();
        // Their own labels would make them somebody's.
        return client.createContainerCmd(image).withEntrypoint(like.getConfig().getEntrypoint())
                .withCmd(like.getConfig().getCmd()).withEnv(like.getConfig().getEnv())
                .withLabels(LABEL)
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode(host.getNetworkMode())
                        .withMemory(host.getMemory()).withMemorySwap(host.getMemorySwap())
                        .withMemoryReservation(host.getMemoryReservation())
                        .withCpuShares(host.getCpuShares()).withLogConfig(host.getLogConfig())
                        .withBinds(binds))
                .exec().getId();
    }

    private static Path folder(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder to mount", e);
        }
    }

    /** A container that runs; there must be one. */
    InspectContainerResponse anyRunning() {
        return client.inspectContainerCmd(client.listContainersCmd().exec().getFirst().getId())
                .exec();
    }

    private void removeLeft() {
        client.listContainersCmd().withShowAll(true).withLabelFilter(LABEL).exec().parallelStream()
                .forEach(left -> client.removeContainerCmd(left.getId()).withForce(true).exec());
    }

    /** Containers that the daemon runs, whoever started them. */
    int running() {
        return client.listContainersCmd().exec().size();
    }

    /** Containers that the daemon has, ended ones too: to remove one is as much work as to start it. */
    int present() {
        return client.listContainersCmd().withShowAll(true).exec().size();
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
