package io.springtide.bench.placement.work;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Work for a placement core, the same for every engine: machines, what runs on them already, what
 * waits in vain, and the tasks to be placed, in their order. Arrays are not to be changed.
 *
 * @param about one line for people
 * @param residentGroups the groups of instances that run before the measurement begins
 * @param residentMachines where they run
 * @param waitingGroups the groups of tasks that were asked for before and fit nowhere
 * @param taskGroups the group of each task that is measured
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Workload(String name, String about, Policy policy, List<Machine> machines,
        List<Group> groups, int[] residentGroups, int[] residentMachines, int[] waitingGroups,
        int[] taskGroups) {

    private static final int[] NONE = {};

    public Workload {
        machines = List.copyOf(machines);
        groups = List.copyOf(groups);
        if (residentGroups.length != residentMachines.length) {
            throw new IllegalArgumentException("each resident has one group and one machine");
        }
    }

    /** An empty cluster. */
    public Workload(String name, String about, Policy policy, List<Machine> machines,
            List<Group> groups, int[] taskGroups) {
        this(name, about, policy, machines, groups, NONE, NONE, NONE, taskGroups);
    }

    public int taskCount() {
        return taskGroups.length;
    }

    /** The group of a measured task. */
    public Group group(int task) {
        return groups.get(taskGroups[task]);
    }

    /** The zones that machines have, sorted. */
    public List<String> zones() {
        return machines.stream().map(Machine::zone).distinct().sorted().toList();
    }

    /** The rules of the tasks to be placed, each once. */
    public List<Rule> rules() {
        boolean[] used = new boolean[groups.size()];
        for (int group : taskGroups) {
            used[group] = true;
        }
        return Stream.iterate(0, g -> g + 1).limit(used.length).filter(g -> used[g])
                .map(g -> groups.get(g).rule()).distinct().toList();
    }

    /** Whether some tasks cannot be placed without an eviction of residents. */
    public boolean wantsEviction() {
        int lowest = Arrays.stream(residentGroups).map(g -> groups.get(g).priority()).min()
                .orElse(Integer.MAX_VALUE);
        return Arrays.stream(taskGroups).anyMatch(g -> groups.get(g).priority() > lowest);
    }

    /** The same with fewer tasks. */
    public Workload firstTasks(int count) {
        return new Workload(name, about, policy, machines, groups, residentGroups,
                residentMachines, waitingGroups,
                Arrays.copyOf(taskGroups, Math.min(count, taskGroups.length)));
    }
}
