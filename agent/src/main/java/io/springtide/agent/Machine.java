package io.springtide.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What this machine has to offer. Source: Mesos, which leaves the same shares to the system. */
final class Machine {

    private static final long MEM_MIB_FOR_SYSTEM = 1024;
    private static final long DISK_MIB_FOR_SYSTEM = 5 * 1024;

    private Machine() {}

    static long memMib() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    return share(Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024,
                            MEM_MIB_FOR_SYSTEM);
                }
            }
        } catch (IOException | NumberFormatException e) {
            throw new ConfigException(
                    "cannot find out how much memory there is (" + e + "); give it with --mem");
        }
        throw new ConfigException("cannot find out how much memory there is; give it with --mem");
    }

    static long diskMib(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = Optional.ofNullable(existing.getParent()).orElse(Path.of("/"));
        }
        try {
            return share(Files.getFileStore(existing).getUsableSpace() >> 20, DISK_MIB_FOR_SYSTEM);
        } catch (IOException e) {
            throw new ConfigException(
                    "cannot find out how much disk there is (" + e + "); give it with --disk");
        }
    }

    private static long share(long all, long forSystem) {
        return Math.max(all / 2, all - forSystem);
    }
}
