package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Group;
import io.springtide.bench.placement.work.Machine;
import io.springtide.bench.placement.work.Need;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import java.util.ArrayList;
import java.util.List;

/**
 * An outcome, checked by code that knows nothing of any engine: it goes through the tasks in their order
 * and looks after each one whether its machine still has all it needs and whether the rule of its group
 * holds.
 *
 * @param violations what is wrong, at most {@link #VIOLATIONS_MAX}; empty if all is well
 * @param machinesUsed how many hold anything at the end
 * @param skewMax how far the zones of a group that is to be level, softly or not, are apart at the end
 * @param doubled instances of a group that should be apart and share a machine
 */
public record CheckedOutcome(Outcome outcome, int placed, int machinesUsed, int skewMax,
        int doubled, List<String> violations) {

    public static final int VIOLATIONS_MAX = 10;

    public CheckedOutcome {
        violations = List.copyOf(violations);
    }

    /** Checks an answer. */
    public static CheckedOutcome of(Workload work, Outcome outcome) {
        return new Check(work, outcome).run();
    }

    public boolean right() {
        return violations.isEmpty();
    }

    private static final class Check {
        private final Workload work;
        private final Outcome outcome;
        private final long[] cpusFree;
        private final long[] memFree;
        private final int[] portsFree;
        private final int[] held;
        private final int[] zoneOf;
        private final List<String> zones;
        /** Instances by group and zone. */
        private final int[][] inZone;
        /** Instances by group and machine, of groups whose rule needs it. */
        private final int[][] onMachine;
        private final boolean[] perMachine;
        private final List<String> violations = new ArrayList<>();

        Check(Workload work, Outcome outcome) {
            this.work = work;
            this.outcome = outcome;
            int count = work.machines().size();
            cpusFree = new long[count];
            memFree = new long[count];
            portsFree = new int[count];
            held = new int[count];
            zoneOf = new int[count];
            zones = work.zones();
            for (int i = 0; i < count; i++) {
                Machine machine = work.machines().get(i);
                cpusFree[i] = machine.cpusMilli();
                memFree[i] = machine.memMib();
                portsFree[i] = machine.ports();
                zoneOf[i] = zones.indexOf(machine.zone());
            }
            inZone = new int[work.groups().size()][];
            onMachine = new int[work.groups().size()][];
            perMachine = new boolean[work.groups().size()];
            for (int group = 0; group < perMachine.length; group++) {
                switch (work.groups().get(group).rule()) {
                    case Rule.OnePerMachine unused -> perMachine[group] = true;
                    case Rule.PreferApart unused -> perMachine[group] = true;
                    case Rule.KeepOff keepOff -> perMachine[keepOff.group()] = true;
                    case Rule.Anywhere unused -> {
                    }
                    case Rule.LevelZones unused -> {
                    }
                    case Rule.PreferLevelZones unused -> {
                    }
                    case Rule.OneZone unused -> {
                    }
                    case Rule.OnlyKind unused -> {
                    }
                }
            }
        }

        CheckedOutcome run() {
            int[] machines = outcome.machines();
            if (machines.length != work.taskCount()) {
                violate("there are " + machines.length + " answers to " + work.taskCount()
                        + " tasks");
                return result(0);
            }
            for (int i = 0; i < work.residentGroups().length; i++) {
                add(work.residentGroups()[i], work.residentMachines()[i], 1);
            }
            List<List<Integer>> evictions = evictions(machines.length);
            int placed = 0;
            for (int task = 0; task < machines.length; task++) {
                if (!evictions.isEmpty()) {
                    evictions.get(task).forEach(this::evict);
                }
                int machine = machines[task];
                if (machine == Outcome.NOWHERE) {
                    continue;
                }
                if (machine < 0 || machine >= cpusFree.length) {
                    violate("task " + task + " is on machine " + machine
                            + ", which does not exist");
                    continue;
                }
                placed++;
                int group = work.taskGroups()[task];
                add(group, machine, 1);
                room(task, machine);
                rule(task, group, machine);
            }
            return result(placed);
        }

        private List<List<Integer>> evictions(int tasks) {
            int[] evictedBy = outcome.evictedBy();
            List<List<Integer>> byTask = new ArrayList<>();
            if (evictedBy.length == 0) {
                return byTask;
            }
            for (int task = 0; task < tasks; task++) {
                byTask.add(new ArrayList<>());
            }
            for (int resident = 0; resident < evictedBy.length; resident++) {
                int task = evictedBy[resident];
                if (task == Outcome.NOWHERE) {
                    continue;
                }
                byTask.get(task).add(resident);
                Group victim = work.groups().get(work.residentGroups()[resident]);
                if (victim.priority() >= work.group(task).priority()) {
                    violate("resident " + resident + " of " + victim.name()
                            + " was evicted for task " + task
                            + ", whose priority is no higher");
                }
                if (outcome.machines()[task] != work.residentMachines()[resident]) {
                    violate("resident " + resident + " was evicted for task " + task
                            + ", which is not on its machine");
                }
            }
            return byTask;
        }

        private void evict(int resident) {
            add(work.residentGroups()[resident], work.residentMachines()[resident], -1);
        }

        private void add(int group, int machine, int count) {
            Need need = work.groups().get(group).need();
            cpusFree[machine] -= need.cpusMilli() * count;
            memFree[machine] -= need.memMib() * count;
            portsFree[machine] -= need.ports() * count;
            held[machine] += count;
            zonesOf(group)[zoneOf[machine]] += count;
            if (perMachine[group]) {
                machinesOf(group)[machine] += count;
            }
        }

        private void room(int task, int machine) {
            if (cpusFree[machine] < 0 || memFree[machine] < 0 || portsFree[machine] < 0) {
                violate("task " + task + " over-commits machine " + machine + ": "
                        + cpusFree[machine] + " thousandths of a cpu, " + memFree[machine]
                        + " MiB and " + portsFree[machine] + " ports are left");
            }
        }

        private void rule(int task, int group, int machine) {
            String name = work.groups().get(group).name();
            switch (work.groups().get(group).rule()) {
                case Rule.Anywhere unused -> {
                }
                case Rule.PreferLevelZones unused -> {
                }
                case Rule.PreferApart unused -> {
                }
                case Rule.OnePerMachine unused -> {
                    if (machinesOf(group)[machine] > 1) {
                        violate("task " + task + " is a second one of " + name + " on machine "
                                + machine);
                    }
                }
                case Rule.LevelZones level -> {
                    int skew = skew(group);
                    if (skew > level.skewMax()) {
                        violate("after task " + task + " the zones of " + name + " differ by "
                                + skew + ", allowed are " + level.skewMax());
                    }
                }
                case Rule.OneZone unused -> {
                    int used = 0;
                    for (int count : zonesOf(group)) {
                        used += count > 0 ? 1 : 0;
                    }
                    if (used > 1) {
                        violate("task " + task + " puts " + name + " into a second zone");
                    }
                }
                case Rule.OnlyKind only -> {
                    if (!work.machines().get(machine).kind().equals(only.kind())) {
                        violate("task " + task + " of " + name + " is on machine " + machine
                                + ", whose kind is not " + only.kind());
                    }
                }
                case Rule.KeepOff off -> {
                    if (machinesOf(off.group())[machine] > 0) {
                        violate("task " + task + " of " + name + " is on machine " + machine
                                + " beside " + work.groups().get(off.group()).name());
                    }
                }
            }
        }

        private int skew(int group) {
            int min = Integer.MAX_VALUE;
            int max = 0;
            for (int count : zonesOf(group)) {
                min = Math.min(min, count);
                max = Math.max(max, count);
            }
            return max - min;
        }

        private int[] zonesOf(int group) {
            if (inZone[group] == null) {
                inZone[group] = new int[zones.size()];
            }
            return inZone[group];
        }

        private int[] machinesOf(int group) {
            if (onMachine[group] == null) {
                onMachine[group] = new int[held.length];
            }
            return onMachine[group];
        }

        private void violate(String what) {
            if (violations.size() < VIOLATIONS_MAX) {
                violations.add(what);
            }
        }

        private CheckedOutcome result(int placed) {
            int used = 0;
            for (int count : held) {
                used += count > 0 ? 1 : 0;
            }
            int skewMax = 0;
            int doubled = 0;
            for (int group = 0; group < inZone.length; group++) {
                Rule rule = work.groups().get(group).rule();
                if (rule instanceof Rule.LevelZones || rule instanceof Rule.PreferLevelZones) {
                    skewMax = Math.max(skewMax, skew(group));
                }
                if (rule instanceof Rule.PreferApart) {
                    for (int count : machinesOf(group)) {
                        doubled += Math.max(0, count - 1);
                    }
                }
            }
            return new CheckedOutcome(outcome, placed, used, skewMax, doubled, violations);
        }
    }
}
