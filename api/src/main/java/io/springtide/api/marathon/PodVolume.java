package io.springtide.api.marathon;

/** Something that the containers of a pod can mount. */
public sealed interface PodVolume {

    /** How containers call it; unique in the pod. */
    String name();

    /** A directory that the containers of an instance share, and that ends with it. */
    record Ephemeral(String name) implements PodVolume {}

    /** A directory of the agent, or below the instance's sandbox if relative. */
    record Host(String name, String path) implements PodVolume {}

    /** The content of a secret as a file. */
    record SecretFile(String name, String secret) implements PodVolume {}

    /**
     * Disk reserved on an agent that outlives the instance; ties the instance to that agent.
     *
     * @param disk what is reserved; its path is this name
     */
    record Persistent(String name, Volume.Persistent disk) implements PodVolume {}
}
