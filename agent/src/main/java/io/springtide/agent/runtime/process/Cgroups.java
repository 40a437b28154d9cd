package io.springtide.agent.runtime.process;

import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Control groups of version 2 or 1: one for all tasks together, so that they do not drown the agent, or one
 * for each, with its processors, its memory and a freezer. Off where this process may not make them.
 *
 * <p>All groups are in one that keeps the weight of any new group, however many tasks are in it. So what is
 * beside it, as the agent's service is, gets half of the processors whenever it wants them.
 */
final class Cgroups {

    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String OURS = "springtide";
    private static final String SHARED = "shared";
    private static final long MIB = 1L << 20;
    private static final long PERIOD_US = 100_000;

    /** Where a task's groups are: one folder in version 2, one for each controller in version 1. */
    private sealed interface Layout {
        /** One for all, with nothing but a weight. */
        record Shared(Path group) implements Layout {}

        record Unified(Path parent) implements Layout {}

        /** Not every machine has a freezer; tasks are stopped by signals then. */
        record Split(Path cpu, Path memory, Optional<Path> freezer) implements Layout {}
    }

    /** The freezer of one task's group. */
    sealed interface Freezing {

        /** Has the group freeze or go on; true once that is so. */
        boolean become(boolean frozen) throws IOException;

        /** Version 2. */
        record Unified(Path group) implements Freezing {
            @Override
            public boolean become(boolean frozen) throws IOException {
                Path freeze = group.resolve("cgroup.freeze");
                String wanted = frozen ? "1" : "0";
                // The events say "frozen 0" also while a freeze is under way, which has to be undone.
                if (!Files.readString(freeze).strip().equals(wanted)) {
                    Files.writeString(freeze, wanted);
                }
                return Files.readString(group.resolve("cgroup.events"))
                        .contains("frozen " + wanted);
            }
        }

        /** Version 1. It may need to be told more than once while processes fork. */
        record Split(Path group) implements Freezing {
            @Override
            public boolean become(boolean frozen) throws IOException {
                Path state = group.resolve("freezer.state");
                String wanted = frozen ? "FROZEN" : "THAWED";
                if (Files.readString(state).strip().equals(wanted)) {
                    return true;
                }
                Files.writeString(state, wanted);
                return Files.readString(state).strip().equals(wanted);
            }
        }
    }

    private final Optional<Layout> layout;

    Cgroups(ProcessOptions.Groups wanted) {
        this.layout = prepare(wanted);
    }

    private static Optional<Layout> prepare(ProcessOptions.Groups wanted) {
        if (wanted == ProcessOptions.Groups.OFF) {
            return Optional.empty();
        }
        boolean limits = wanted == ProcessOptions.Groups.LIMITS;
        try {
            return Optional.of(Files.exists(ROOT.resolve("cgroup.controllers"))
                    ? unified(limits)
                    : split(limits));
        } catch (IOException e) {
            LOG.info("cgroups.off reason=\"{}\" effect=\"{}\"", e.toString(), limits
                    ? "tasks have no limits, and compete with this agent for the processors"
                    : "tasks compete with this agent for the processors");
            return Optional.empty();
        }
    }

    private static Layout unified(boolean limits) throws IOException {
        Path parent = made(ROOT.resolve(OURS));
        String controllers = limits ? "+cpu +memory" : "+cpu";
        Files.writeString(ROOT.resolve("cgroup.subtree_control"), controllers);
        Files.writeString(parent.resolve("cgroup.subtree_control"), controllers);
        return limits
                ? new Layout.Unified(parent)
                : new Layout.Shared(made(parent.resolve(SHARED)));
    }

    private static Layout split(boolean limits) throws IOException {
        Path cpu = made(ROOT.resolve("cpu").resolve(OURS));
        return limits
                ? new Layout.Split(cpu, made(ROOT.resolve("memory").resolve(OURS)), freezer())
                : new Layout.Shared(made(cpu.resolve(SHARED)));
    }

    private static Optional<Path> freezer() throws IOException {
        Path root = ROOT.resolve("freezer");
        return Files.isDirectory(root) ? Optional.of(made(root.resolve(OURS))) : Optional.empty();
    }

    /** A group that exists and may be joined: one that an agent of somebody else has left is there, and may not. */
    static Path made(Path group) throws IOException {
        Files.createDirectories(group);
        if (!Files.isWritable(group) || !Files.isWritable(group.resolve("cgroup.procs"))) {
            throw new AccessDeniedException(group.toString());
        }
        return group;
    }

    /** The freezer of a task; empty unless it is in a group that has one, whoever has made that. */
    Optional<Freezing> freezing(String name) throws IOException {
        Path unified = ROOT.resolve(OURS).resolve(name);
        if (inhabited(unified) && Files.exists(unified.resolve("cgroup.freeze"))) {
            return Optional.of(new Freezing.Unified(unified));
        }
        Path split = ROOT.resolve("freezer").resolve(OURS).resolve(name);
        return inhabited(split) ? Optional.of(new Freezing.Split(split)) : Optional.empty();
    }

    /** A process that could not join its group is not frozen with it. */
    private static boolean inhabited(Path group) throws IOException {
        Path processes = group.resolve("cgroup.procs");
        return Files.exists(processes) && !Files.readString(processes).isBlank();
    }

    /**
     * Makes the groups of a task, if it is to have its own.
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
            case Layout.Shared(Path group) ->
                joins.add(Files.createDirectories(group).resolve("cgroup.procs"));
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
            case Layout.Split(Path cpuParent, Path memoryParent, Optional<Path> freezer) -> {
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
                if (freezer.isPresent()) {
                    joins.add(Files.createDirectories(freezer.get().resolve(name))
                            .resolve("cgroup.procs"));
                }
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
            case Layout.Shared unused -> List.<Path>of();
            case Layout.Unified(Path parent) -> List.of(parent.resolve(name));
            case Layout.Split(Path cpu, Path memory, Optional<Path> freezer) -> Stream.concat(
                    Stream.of(cpu, memory), freezer.stream())
                    .map(parent -> parent.resolve(name)).toList();
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
