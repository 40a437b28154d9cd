package io.springtide.agent.runtime.pod;

import io.springtide.agent.sandbox.PodFolder;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.Volume;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Makes the folders of a pod: one for each container, and one for each volume that they share. Docker
 * mounts the volumes; for a process there is a link at the volume's path, below its working directory,
 * which cannot hold it to reading.
 */
final class PodPreparation {

    private PodPreparation() {}

    /**
     * Makes what is not there yet.
     *
     * @throws IOException if the disk does not let it
     * @throws IllegalArgumentException if the pod asks for what cannot be had, with a sentence
     */
    static void prepare(Instance instance) throws IOException {
        Path sandbox = instance.task().sandbox();
        boolean first = true;
        for (ContainerTask container : instance.containers()) {
            PodFolder.makeContainer(sandbox, container.name(), first);
            first = false;
            for (Volume volume : container.spec().getContainer().getVolumesList()) {
                if (!volume.getPodVolume().isEmpty()) {
                    PodFolder.makeVolume(sandbox, volume.getPodVolume());
                }
                if (instance.task().spec().getRuntime() == Runtime.PROCESS) {
                    link(sandbox, container, volume);
                }
            }
        }
    }

    private static void link(Path sandbox, ContainerTask container, Volume volume)
            throws IOException {
        String wanted = volume.getContainerPath();
        Path own = PodFolder.container(sandbox, container.name());
        Path at;
        Path to;
        try {
            at = own.resolve(wanted.replaceFirst("^/+", "")).normalize();
            to = volume.getPodVolume().isEmpty()
                    ? own.resolve(volume.getHostPath())
                    : PodFolder.volume(sandbox, volume.getPodVolume());
        } catch (InvalidPathException e) {
            throw refused(container, wanted, "is not a path");
        }
        if (!at.startsWith(own) || at.equals(own)) {
            throw refused(container, wanted, "would leave the sandbox; write it without '..'");
        }
        Files.createDirectories(at.getParent() == null ? own : at.getParent());
        try {
            Files.createSymbolicLink(at, to);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isSymbolicLink(at) || !Files.readSymbolicLink(at).equals(to)) {
                throw refused(container, wanted, "is taken by something else in the sandbox");
            }
        }
    }

    private static IllegalArgumentException refused(ContainerTask container, String path,
            String why) {
        return new IllegalArgumentException("container " + container.name() + ": the volume at '"
                + path + "' " + why + ".");
    }
}
