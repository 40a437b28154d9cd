package io.springtide.api.marathon;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The definition of an app in canonical form: nothing deprecated, every default filled in, every rule kept.
 *
 * <p>Version and counts are not in it: they belong to whoever runs the app and are handed to {@link AppWriter}.
 *
 * @param id where it lives
 * @param instances wanted copies
 * @param launch what a task runs
 * @param resources what a task needs
 * @param networking how a task is reached
 * @param container what a task runs in; empty for a plain process
 * @param checks how a task's health is judged
 * @param placement where tasks may go
 * @param rollout how tasks are started, replaced and given up
 * @param labels free text for people and tools
 * @param dependencies apps or groups to be started before
 */
public record App(PathId id, int instances, Launch launch, Resources resources,
        Networking networking,
        Optional<Container> container, Checks checks, Placement placement, Rollout rollout,
        Map<String, String> labels, List<PathId> dependencies) {

    /** Says that there must never be two instances at a time. */
    public static final String LABEL_SINGLE_INSTANCE = "MARATHON_SINGLE_INSTANCE_APP";

    /** Keeps its own copies. */
    public App {
        labels = Copies.sorted(labels);
        dependencies = List.copyOf(dependencies);
    }

    /** The same with another number of instances. */
    public App withInstances(int wanted) {
        return new App(id, wanted, launch, resources, networking, container, checks, placement,
                rollout, labels,
                dependencies);
    }

    /** The same placed in another way. */
    public App withPlacement(Placement other) {
        return new App(id, instances, launch, resources, networking, container, checks, other,
                rollout, labels, dependencies);
    }

    /** The same replaced in another way. */
    public App withRollout(Rollout other) {
        return new App(id, instances, launch, resources, networking, container, checks, placement,
                other, labels, dependencies);
    }

    /** Whether its instances own data on an agent, so that they cannot move. */
    public boolean isResident() {
        return container.isPresent() && container.get().volumes().stream()
                .anyMatch(Volume.Persistent.class::isInstance);
    }

    /** Whether {@link #LABEL_SINGLE_INSTANCE} is set. */
    public boolean isSingleInstance() {
        return Boolean.parseBoolean(labels.get(LABEL_SINGLE_INSTANCE));
    }

    /** Whether its container is Docker's. */
    public boolean isDocker() {
        return container.isPresent() && container.get().type() == Container.Type.DOCKER;
    }

    /** How many ports each task has: port definitions with host networking, else port mappings. */
    public int portCount() {
        return networking.isHost()
                ? networking.portDefinitions().size()
                : container.map(c -> c.portMappings().size()).orElse(0);
    }

    /** The service ports as they were asked for, in order; 0 asks for any. */
    public List<Integer> servicePorts() {
        return networking.isHost()
                ? networking.portDefinitions().stream().map(PortDefinition::port).toList()
                : container.stream().flatMap(c -> c.portMappings().stream())
                        .map(PortMapping::servicePort).toList();
    }
}
