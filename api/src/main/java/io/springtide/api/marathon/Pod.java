package io.springtide.api.marathon;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The definition of a pod in canonical form: containers that live and die together on one agent and share its
 * network and volumes. Every default is filled in, every rule kept.
 *
 * @param id where it lives
 * @param instances wanted copies
 * @param labels free text for people and tools
 * @param user to run as, unless a container says otherwise; the agent's own default if empty
 * @param environment of all containers, unless one says otherwise
 * @param containers at least one, their names unique
 * @param secrets that environments, volumes and image pulls may refer to, by name
 * @param volumes that containers mount, each mounted at least once
 * @param networks one host network, one bridge, or one and more container networks
 * @param placement where instances may go
 * @param rollout how instances are started, replaced and given up
 * @param executorResources what an instance needs beside its containers
 * @param linuxInfo isolation of the instance as a whole; empty if nobody said
 * @param legacySharedCgroups whether containers share one control group; empty if nobody said
 */
public record Pod(PathId id, int instances, Map<String, String> labels, Optional<String> user,
        Map<String, EnvValue> environment, List<PodContainer> containers,
        Map<String, Secret> secrets, List<PodVolume> volumes, List<Network> networks,
        Placement placement, Rollout rollout, Resources.ExecutorResources executorResources,
        Optional<LinuxInfo> linuxInfo, Optional<Boolean> legacySharedCgroups) {

    /** Keeps its own copies. */
    public Pod {
        labels = Copies.sorted(labels);
        environment = Copies.sorted(environment);
        containers = List.copyOf(containers);
        secrets = Copies.sorted(secrets);
        volumes = List.copyOf(volumes);
        networks = List.copyOf(networks);
    }

    /** The same with another number of instances. */
    public Pod withInstances(int wanted) {
        return new Pod(id, wanted, labels, user, environment, containers, secrets, volumes,
                networks, placement, rollout, executorResources, linuxInfo, legacySharedCgroups);
    }

    /** Whether its instances own data on an agent, so that they cannot move. */
    public boolean isResident() {
        return volumes.stream().anyMatch(PodVolume.Persistent.class::isInstance);
    }

    /** Whether its containers share the network of their agent. */
    public boolean isHost() {
        return networks.stream().allMatch(network -> network.mode() == Network.Mode.HOST);
    }

    /** What an instance needs of an agent: all containers and the executor together, without limits. */
    public Resources total() {
        return new Resources(sum(Resources::cpus, executorResources.cpus()),
                sum(Resources::memMib, executorResources.memMib()),
                sum(Resources::diskMib, executorResources.diskMib()),
                containers.stream().mapToInt(container -> container.resources().gpus())
                        .reduce(0, Pod::added),
                Optional.empty(), Optional.empty());
    }

    private static int added(int left, int right) {
        return (int) Math.min(Integer.MAX_VALUE, (long) left + right);
    }

    /** As people add: three times 0.1 is 0.3. */
    private double sum(ToDoubleFunction<Resources> part, double executor) {
        BigDecimal sum = BigDecimal.valueOf(executor);
        for (PodContainer container : containers) {
            sum = sum.add(BigDecimal.valueOf(part.applyAsDouble(container.resources())));
        }
        return sum.doubleValue();
    }

    /**
     * The ports of an agent that an instance needs, in the order of containers and of their endpoints; 0 asks for
     * any. Endpoints that are reached on container networks only need none.
     */
    public List<Integer> hostPorts() {
        return containers.stream().flatMap(container -> container.endpoints().stream())
                .filter(endpoint -> endpoint.hostPort().isPresent())
                .map(endpoint -> endpoint.hostPort().getAsInt()).toList();
    }
}
