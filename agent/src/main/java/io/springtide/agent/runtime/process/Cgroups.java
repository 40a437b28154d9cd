package io.springtide.agent.runtime.process;

import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Control groups for processor and memory, version 2 or 1; off where this process may not make them. */
final class Cgroups {

    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String OURS = "springtide";
    private static final long MIB = 1L << 20;
    private static final long PERIOD_US = 100_000;

    /** Where a task's groups are: one folder in version 2, one for each controller in version 1. */
    private sealed interface Layout {
        record Unified(Path parent) implements Layout {}

        record Split(Path cpu, Path memory) implements Layout {}
    }

    private final Optional<Layout> layout;

    Cgroups(boolean wanted) {
        this.layout = wanted ? prepare() : Optional.empty();
    }

    private static Optional<Layout> prepare() {
        try {
            if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
                Path parent = Files.createDirectories(ROOT.resolve(OURS));
                Files.writeString(ROOT.resolve("cgroup.subtree_control"), "+cpu +memory");
                Files.writeString(parent.resolve("cgroup.subtree_control"), "+cpu +memory");
                return Optional.of(new Layout.Unified(parent));
            }
            return Optional
                    .of(new Layout.Split(Files.createDirectories(ROOT.resolve("cpu").resolve(OURS)),
                            Files.createDirectories(ROOT.resolve("memory").resolve(OURS))));
        } catch (IOException e) {
            LOG.info("cgroups.off reason=\"{}\"", e.toString());
            return Optional.empty();
        }
    }

    /**
     * Makes the groups of a task.
     *
     * @return the files that its first process has to write 0 to; empty where control groups are off
     */
    List<Path> create(String name, TaskSpec spec) throws IOException {
        if (layout.isEmpty()) {
            return List.of();
        }
        long cpusMilli = Math.max(1, spec.getResources().getCpusMilli());
        long memMib = spec.getMemLimitMib() > 0
                ? spec.getMemLimitMib()
                : spec.getResources().getMemMib();
        Optional<Long> quotaUs = spec.getCpusLimitMilli() > 0
                ? Optional.of(Math.max(1000, spec.getCpusLimitMilli() * PERIOD_US / 1000))
                : Optional.empty();
        List<Path> joins = new ArrayList<>();
        switch (layout.get()) {
            case Layout.Unified(Path parent) -> {
                Path group = Files.createDirectories(parent.resolve(name));
                write(group, "cpu.weight", Math.clamp(cpusMilli / 10, 1, 10_000));
                if (quotaUs.isPresent()) {
                    Files.writeString(group.resolve("cpu.max"), quotaUs.get() + " " + PERIOD_US);
                }
                if (memMib > 0) {
                    write(group, "memory.max", memMib * MIB);
                }
                joins.add(group.resolve("cgroup.procs"));
            }
            case Layout.Split(Path cpuParent, Path memoryParent) -> {
                Path cpu = Files.createDirectories(cpuParent.resolve(name));
                write(cpu, "cpu.shares", Math.max(2, cpusMilli * 1024 / 1000));
                if (quotaUs.isPresent()) {
                    write(cpu, "cpu.cfs_quota_us", quotaUs.get());
                }
                Path memory = Files.createDirectories(memoryParent.resolve(name));
                if (memMib > 0) {
                    write(memory, "memory.limit_in_bytes", memMib * MIB);
                }
                joins.add(cpu.resolve("cgroup.procs"));
                joins.add(memory.resolve("cgroup.procs"));
            }
        }
        return joins;
    }

    private static void write(Path group, String file, long value) throws IOException {
        Files.writeString(group.resolve(file), Long.toString(value));
    }

    /** Removes the groups of an ended task; groups that still hold a process stay. */
    void delete(String name) {
        List<Path> groups = layout.map(known -> switch (known) {
            case Layout.Unified(Path parent) -> List.of(parent.resolve(name));
            case Layout.Split(Path cpu, Path memory) ->
                List.of(cpu.resolve(name), memory.resolve(name));
        }).orElse(List.of());
        for (Path group : groups) {
            try {
                Files.deleteIfExists(group);
            } catch (IOException e) {
                LOG.debug("cgroups.delete group={} error={}", group, e.toString());
            }
        }
    }
}
