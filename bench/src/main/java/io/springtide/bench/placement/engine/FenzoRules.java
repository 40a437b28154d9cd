package io.springtide.bench.placement.engine;

import com.netflix.fenzo.AsSoftConstraint;
import com.netflix.fenzo.ConstraintEvaluator;
import com.netflix.fenzo.TaskRequest;
import com.netflix.fenzo.TaskTracker;
import com.netflix.fenzo.TaskTrackerState;
import com.netflix.fenzo.VMTaskFitnessCalculator;
import com.netflix.fenzo.VirtualMachineCurrentState;
import com.netflix.fenzo.plugins.BalancedHostAttrConstraint;
import com.netflix.fenzo.plugins.HostAttrValueConstraint;
import com.netflix.fenzo.plugins.UniqueHostAttrConstraint;
import io.springtide.bench.placement.work.Machine;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a workload as constraints of Fenzo. Stock ones come with Fenzo and look through the whole
 * app for each candidate; the fair ones are ours, of the same meaning, from counts that are kept as tasks
 * are assigned: what a careful user of Fenzo would write.
 */
final class FenzoRules {

    private final Workload work;
    private final boolean stock;
    private final Map<String, Integer> machineByName = new HashMap<>();
    private final int[] zoneOf;
    private final int zoneCount;
    private final int[][] onMachine;
    private final int[][] inZone;
    /** Fenzo's own, living view of what it has assigned in this run, as constraints get to see it. */
    private volatile @Nullable Map<String, TaskTracker.ActiveTask> assignedTasks;
    private final Map<Integer, Set<String>> idsByGroup = new HashMap<>();

    FenzoRules(Workload work, boolean stock) {
        this.work = work;
        this.stock = stock;
        List<String> zones = work.zones();
        List<Machine> machines = work.machines();
        this.zoneCount = zones.size();
        this.zoneOf = new int[machines.size()];
        for (int i = 0; i < zoneOf.length; i++) {
            zoneOf[i] = zones.indexOf(machines.get(i).zone());
            machineByName.put(FenzoLease.hostname(i), i);
        }
        this.onMachine = new int[work.groups().size()][];
        this.inZone = new int[work.groups().size()][];
        for (int i = 0; i < work.residentGroups().length; i++) {
            assigned(work.residentGroups()[i], work.residentMachines()[i]);
            name(work.residentGroups()[i], -1 - i);
        }
        for (int task = 0; task < work.taskCount(); task++) {
            name(work.taskGroups()[task], task);
        }
    }

    /** Whether Fenzo brings constraints of its own for a rule, that are not ours anyway. */
    static boolean hasStock(Rule rule) {
        return switch (rule) {
            case Rule.OnePerMachine unused -> true;
            case Rule.LevelZones level -> level.skewMax() == 1;
            case Rule.PreferLevelZones unused -> true;
            case Rule.PreferApart unused -> true;
            case Rule.Anywhere unused -> false;
            case Rule.OneZone unused -> false;
            case Rule.OnlyKind unused -> false;
            case Rule.KeepOff unused -> false;
        };
    }

    int machine(String hostname) {
        Integer machine = machineByName.get(hostname);
        if (machine == null) {
            throw new IllegalStateException("Fenzo names a machine that is not ours: " + hostname);
        }
        return machine;
    }

    /** Counts a task that Fenzo is through with, if it has found a machine; between two tasks only. */
    void settle(FenzoTask task) {
        Map<String, TaskTracker.ActiveTask> view = assignedTasks;
        TaskTracker.ActiveTask active = view == null ? null : view.get(task.getId());
        if (active != null) {
            assigned(task.group, machine(active.getTotalLease().hostname()));
        }
    }

    private void assigned(int group, int machine) {
        machines(group)[machine]++;
        zones(group)[zoneOf[machine]]++;
    }

    List<ConstraintEvaluator> hard(int group) {
        return switch (work.groups().get(group).rule()) {
            case Rule.Anywhere unused -> List.of();
            case Rule.PreferLevelZones unused -> List.of();
            case Rule.PreferApart unused -> List.of();
            case Rule.OnePerMachine unused -> List.of(stock
                    ? new UniqueHostAttrConstraint(id -> ids(group))
                    : veto("unique", (task, machine) -> machines(group)[machine] == 0));
            case Rule.LevelZones level -> List.of(stock
                    ? new BalancedHostAttrConstraint(id -> ids(group), "zone", zoneCount)
                    : veto("level", (task, machine) -> {
                        int[] counts = zones(group);
                        return counts[zoneOf[machine]] + 1 - min(counts) <= level.skewMax();
                    }));
            case Rule.OneZone unused -> List.of(veto("one zone", (task, machine) -> {
                int[] counts = zones(group);
                return counts[zoneOf[machine]] > 0 || max(counts) == 0;
            }));
            case Rule.OnlyKind only ->
                List.of(new HostAttrValueConstraint("kind", id -> only.kind()));
            case Rule.KeepOff off -> List.of(
                    veto("keep off", (task, machine) -> machines(off.group())[machine] == 0));
        };
    }

    List<VMTaskFitnessCalculator> soft(int group) {
        return switch (work.groups().get(group).rule()) {
            case Rule.PreferLevelZones unused -> List.of(stock
                    ? new BalancedHostAttrConstraint(id -> ids(group), "zone", zoneCount)
                            .asSoftConstraint()
                    : fitness("level", (task, machine) -> {
                        int[] counts = zones(group);
                        return counts[zoneOf[machine]] == min(counts) ? 1 : 0;
                    }));
            case Rule.PreferApart unused -> List.of(stock
                    ? AsSoftConstraint.get(new UniqueHostAttrConstraint(id -> ids(group)))
                    : fitness("apart",
                            (task, machine) -> machines(group)[machine] == 0 ? 1 : 0));
            case Rule.Anywhere unused -> List.of();
            case Rule.OnePerMachine unused -> List.of();
            case Rule.LevelZones unused -> List.of();
            case Rule.OneZone unused -> List.of();
            case Rule.OnlyKind unused -> List.of();
            case Rule.KeepOff unused -> List.of();
        };
    }

    private void name(int group, int number) {
        if (stock && !(work.groups().get(group).rule() instanceof Rule.Anywhere)) {
            idsByGroup.computeIfAbsent(group, unused -> new HashSet<>())
                    .add(FenzoTask.id(number));
        }
    }

    private Set<String> ids(int group) {
        return idsByGroup.getOrDefault(group, Set.of());
    }

    private int[] machines(int group) {
        if (onMachine[group] == null) {
            onMachine[group] = new int[zoneOf.length];
        }
        return onMachine[group];
    }

    private int[] zones(int group) {
        if (inZone[group] == null) {
            inZone[group] = new int[zoneCount];
        }
        return inZone[group];
    }

    private static int min(int[] counts) {
        int min = Integer.MAX_VALUE;
        for (int count : counts) {
            min = Math.min(min, count);
        }
        return min;
    }

    private static int max(int[] counts) {
        int max = 0;
        for (int count : counts) {
            max = Math.max(max, count);
        }
        return max;
    }

    private void see(TaskTrackerState tracker) {
        if (assignedTasks == null) {
            assignedTasks = tracker.getAllCurrentlyAssignedTasks();
        }
    }

    private ConstraintEvaluator veto(String name, BiPredicate<TaskRequest, Integer> admits) {
        return new ConstraintEvaluator() {
            private final Result yes = new Result(true, "");
            private final Result no = new Result(false, name);

            @Override
            public String getName() {
                return name;
            }

            @Override
            public Result evaluate(TaskRequest task, VirtualMachineCurrentState candidate,
                    TaskTrackerState tracker) {
                see(tracker);
                return admits.test(task, machine(candidate.getHostname())) ? yes : no;
            }
        };
    }

    private VMTaskFitnessCalculator fitness(String name,
            ToDoubleBiFunction<TaskRequest, Integer> value) {
        return new VMTaskFitnessCalculator() {
            @Override
            public String getName() {
                return name;
            }

            @Override
            public double calculateFitness(TaskRequest task, VirtualMachineCurrentState candidate,
                    TaskTrackerState tracker) {
                see(tracker);
                return value.applyAsDouble(task, machine(candidate.getHostname()));
            }
        };
    }
}
