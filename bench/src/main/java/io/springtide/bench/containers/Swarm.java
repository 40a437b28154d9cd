package io.springtide.bench.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerSpec;
import com.github.dockerjava.api.model.LocalNodeState;
import com.github.dockerjava.api.model.NetworkAttachmentConfig;
import com.github.dockerjava.api.model.ResourceVersion;
import com.github.dockerjava.api.model.Service;
import com.github.dockerjava.api.model.ServiceModeConfig;
import com.github.dockerjava.api.model.ServiceReplicatedModeOptions;
import com.github.dockerjava.api.model.ServiceSpec;
import com.github.dockerjava.api.model.SwarmInfo;
import com.github.dockerjava.api.model.SwarmSpec;
import com.github.dockerjava.api.model.Task;
import com.github.dockerjava.api.model.TaskSpec;
import com.github.dockerjava.api.model.TaskState;
import io.springtide.bench.live.LocalCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Docker Swarm's {@code service scale}, on the daemon's swarm or on one of one node while this is open. */
final class Swarm implements AutoCloseable {

    private static final String SERVICE = "springtide-bench";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Engine engine;
    private final DockerClient client;
    private final boolean ours;

    /** @param never it will not be asked for anything, so the daemon is left as it is */
    Swarm(Engine engine, boolean never) {
        this.engine = engine;
        this.client = engine.client();
        SwarmInfo swarm = client.infoCmd().exec().getSwarm();
        this.ours = !never
                && (swarm == null || swarm.getLocalNodeState() != LocalNodeState.ACTIVE);
        if (ours) {
            client.initializeSwarmCmd(new SwarmSpec().withName("default"))
                    .withAdvertiseAddr("127.0.0.1").withListenAddr("127.0.0.1:2377").exec();
        }
    }

    /**
     * Seconds from the order to scale a service of one to so many, until the last of them runs, by the
     * times that Swarm itself writes down.
     */
    double scale(int containers) {
        String id = client.createServiceCmd(spec(1)).exec().getId();
        try {
            LocalCluster.await("Swarm's first container", PATIENCE, ContainerBench.LOOK,
                    () -> running(id).size() == 1);
            Service service = client.inspectServiceCmd(id).exec();
            Long version = Optional.ofNullable(service.getVersion())
                    .map(ResourceVersion::getIndex)
                    .orElseThrow(() -> new IllegalStateException("a service without a version"));
            Instant began = Instant.now();
            client.updateServiceCmd(id, spec(containers))
                    .withVersion(version).exec();
            LocalCluster.await("Swarm's containers", PATIENCE, ContainerBench.LOOK,
                    () -> running(id).size() == containers);
            Instant last = running(id).stream()
                    .map(task -> Instant.parse(task.getStatus().getTimestamp()))
                    .max(Comparator.naturalOrder()).orElseThrow();
            return Duration.between(began, last).toNanos() / 1e9;
        } finally {
            client.removeServiceCmd(id).exec();
            LocalCluster.await("Swarm's containers to be gone", PATIENCE, ContainerBench.LOOK,
                    () -> engine.running() == 0);
        }
    }

    private List<Task> running(String service) {
        return client.listTasksCmd().withServiceFilter(service)
                .withStateFilter(TaskState.RUNNING).exec().stream()
                .filter(task -> task.getStatus().getState() == TaskState.RUNNING).toList();
    }

    private ServiceSpec spec(int replicas) {
        return new ServiceSpec().withName(SERVICE)
                .withMode(new ServiceModeConfig().withReplicated(
                        new ServiceReplicatedModeOptions().withReplicas(replicas)))
                .withTaskTemplate(new TaskSpec()
                        .withNetworks(List.of(new NetworkAttachmentConfig().withTarget("host")))
                        .withContainerSpec(new ContainerSpec().withImage(engine.image())
                                .withCommand(Engine.COMMAND)));
    }

    @Override
    public void close() {
        if (ours) {
            client.leaveSwarmCmd().withForceEnabled(true).exec();
        }
    }
}
