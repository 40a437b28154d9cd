package io.springtide.agent.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the sandbox of a pod's instance looks: {@code containers/<name>} for each container,
 * {@code volumes/<name>} for each volume that they share, and two notes of the agent's own that no
 * container sees.
 */
public final class PodFolder {

    private static final String CONTAINERS = "containers";
    private static final String VOLUMES = "volumes";
    /** Which container's logs are those of the instance; no container's name begins with a dot. */
    private static final String FIRST = ".first";
    /** Which containers had ended by themselves when the others began to be ended. */
    private static final String ENDED = ".ended";
    private static final Set<String> LOGS = Set.of("stdout", "stderr");
    private static final String NAME = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern CONTAINER_LOG = Pattern
            .compile(CONTAINERS + "/(" + NAME + ")/(stdout|stderr)");
    private static final int NOTE_BYTES_MAX = 1 << 16;

    private PodFolder() {}

    /** Whether a container or a volume can have this name, and so a folder. */
    public static boolean named(String name) {
        return name.matches(NAME);
    }

    /** The sandbox of one container. */
    public static Path container(Path sandbox, String name) {
        return sandbox.resolve(CONTAINERS).resolve(name);
    }

    /** What the containers of a pod share under one name. */
    public static Path volume(Path sandbox, String name) {
        return sandbox.resolve(VOLUMES).resolve(name);
    }

    /** Makes the folder of a container; the first one's logs become those of the instance. */
    public static void makeContainer(Path sandbox, String name, boolean first) throws IOException {
        Files.createDirectories(container(sandbox, name));
        if (first) {
            note(sandbox, FIRST, name);
        }
    }

    /** Makes the folder of a volume, for all of the pod's users. */
    public static void makeVolume(Path sandbox, String name) throws IOException {
        Path folder = Files.createDirectories(volume(sandbox, name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    /** Writes down which containers have ended by themselves, before the others are ended. */
    public static void noteEnded(Path sandbox, Collection<String> names) throws IOException {
        note(sandbox, ENDED, String.join("\n", names));
    }

    /** What {@link #noteEnded} wrote; empty if it did not. */
    public static Optional<Set<String>> ended(Path sandbox) {
        return note(sandbox, ENDED).map(text -> Set.copyOf(List.of(text.split("\n", -1))));
    }

    /** The log file that a request names; empty if it names something else. */
    static Optional<Path> log(Path sandbox, String file) {
        if (LOGS.contains(file)) {
            return Optional.of(note(sandbox, FIRST).filter(PodFolder::named)
                    .map(name -> container(sandbox, name)).orElse(sandbox).resolve(file));
        }
        Matcher container = CONTAINER_LOG.matcher(file);
        try {
            return container.matches() ? Optional.of(sandbox.resolve(file)) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static void note(Path sandbox, String name, String text) throws IOException {
        Path folder = Files.createDirectories(sandbox.resolve(CONTAINERS));
        // Whoever reads finds all of it or nothing, whenever the agent dies.
        Path draft = folder.resolve(name + ".new");
        Files.writeString(draft, text);
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static Optional<String> note(Path sandbox, String name) {
        Path file = sandbox.resolve(CONTAINERS).resolve(name);
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(file) <= NOTE_BYTES_MAX
                            ? Optional.of(Files.readString(file, StandardCharsets.UTF_8))
                            : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // deleted meanwhile, or spoilt by a task: as if it was not there
        }
    }
}
