package io.springtide.agent.runtime.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a container has used, read from its control group.
 *
 * <p>The daemon's own statistics take a second of its time for each container; these files take
 * microseconds and no rights. Where they cannot be read, as with a daemon that was given another
 * parent group, nothing is reported.
 */
final class CgroupUsage {

    /** Totals since the container's start, and memory now without what the kernel can take back. */
    record Sample(long cpuNanos, long memBytes) {}

    private final Path root;

    CgroupUsage(Path root) {
        this.root = root;
    }

    Optional<Sample> read(String containerId) {
        for (String group : List.of("docker/" + containerId,
                "system.slice/docker-" + containerId + ".scope")) {
            Path unified = root.resolve(group);
            Path cpu = root.resolve("cpuacct").resolve(group);
            Path memory = root.resolve("memory").resolve(group);
            try {
                if (Files.exists(unified.resolve("cpu.stat"))) {
                    return Optional.of(new Sample(
                            field(unified.resolve("cpu.stat"), "usage_usec") * 1_000,
                            number(unified.resolve("memory.current"))
                                    - field(unified.resolve("memory.stat"), "inactive_file")));
                }
                if (Files.exists(cpu.resolve("cpuacct.usage"))) {
                    return Optional.of(new Sample(number(cpu.resolve("cpuacct.usage")),
                            number(memory.resolve("memory.usage_in_bytes"))
                                    - field(memory.resolve("memory.stat"), "total_inactive_file")));
                }
            } catch (IOException | NumberFormatException e) {
                // It has ended under our hands, most likely.
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file, StandardCharsets.US_ASCII).trim());
    }

    private static long field(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
            if (line.startsWith(name + " ")) {
                return Long.parseLong(line.substring(name.length() + 1).trim());
            }
        }
        return 0;
    }
}
