package io.springtide.bench.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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

    /** Seconds that so many containers take from the first create to the end of the last start. */
    double start(int containers, int threads) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            long began = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < containers; i++) {
                all.add(pool.submit(this::startOne));
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

    private void startOne() {
        String id = client.createContainerCmd(image).withCmd(COMMAND).withLabels(LABEL)
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode("host")
                        .withMemory(MEMORY).withMemorySwap(MEMORY).withCpuShares(CPU_SHARES)
                        .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE,
                                Map.of("max-size", "1m", "max-file", "2"))))
                .exec().getId();
        client.startContainerCmd(id).exec();
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
