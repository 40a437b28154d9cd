package io.springtide.bench.placement.work;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The workloads by name. The same seed gives the same work. */
public final class Workloads {

    private static final long GIB = 1_024;
    private static final int MACHINES_PER_RACK = 40;
    private static final int PORTS = 1_000;
    private static final Need SMALL = new Need(1_000, 2 * GIB, 1);
    private static final Need MIDDLE = new Need(2_000, 4 * GIB, 1);
    private static final Need LARGE = new Need(4_000, 16 * GIB, 2);
    /** Of ten tasks of a mixed queue: six small, three middle, one large. */
    private static final int[] MIX = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2};

    private final long seed;
    private final Map<String, Supplier<Workload>> byName = new LinkedHashMap<>();

    public Workloads(long seed) {
        this.seed = seed;
        byName.put("burst", () -> burst(5_000, 10_000));
        byName.put("uniform-1k", () -> uniform(1_000, 10_000));
        byName.put("mixed-1k", () -> mixed(1_000, 10_000));
        byName.put("uniform-5k", () -> uniform(5_000, 50_000));
        byName.put("mixed-5k", () -> mixed(5_000, 50_000));
        byName.put("unique-1k", () -> unique(1_000, 50));
        byName.put("unique-5k", () -> unique(5_000, 100));
        byName.put("balance-1k", () -> balance(1_000, 50));
        byName.put("balance-5k", () -> balance(5_000, 100));
        byName.put("flash", () -> flash(5_000, 10, 10_000, Policy.BINPACK));
        byName.put("flash-spread", () -> flash(5_000, 10, 10_000, Policy.SPREAD));
        KubeWorkloads.all().forEach(byName::put);
    }

    /** In the order of the table. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    public boolean knows(String name) {
        return byName.containsKey(name);
    }

    /** Makes one. */
    public Workload named(String name) {
        Supplier<Workload> found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no workload " + name);
        }
        return found.get();
    }

    /** One app, level over two sites. */
    public Workload burst(int machines, int tasks) {
        return new Workload("burst", sized("one app over two sites", machines, tasks),
                Policy.SPREAD, machines(machines, 16_000, 64 * GIB, 2),
                List.of(new Group("flood", SMALL, new Rule.PreferLevelZones())), new int[tasks]);
    }

    /** Machines and tasks that are all alike. */
    public Workload uniform(int machines, int tasks) {
        return new Workload("uniform-" + thousands(machines),
                sized("one shape", machines, tasks), Policy.BINPACK,
                machines(machines, 16_000, 64 * GIB, 1),
                List.of(new Group("task", SMALL, new Rule.Anywhere())), new int[tasks]);
    }

    /** Tasks of three shapes, shuffled. */
    public Workload mixed(int machines, int tasks) {
        int[] groups = new int[tasks];
        for (int i = 0; i < tasks; i++) {
            groups[i] = MIX[i % MIX.length];
        }
        shuffle(groups, new SplittableRandom(seed));
        return new Workload("mixed-" + thousands(machines),
                sized("three shapes, shuffled", machines, tasks), Policy.BINPACK,
                machines(machines, 20_000, 80 * GIB, 1),
                List.of(new Group("small", SMALL, new Rule.Anywhere()),
                        new Group("middle", MIDDLE, new Rule.Anywhere()),
                        new Group("large", LARGE, new Rule.Anywhere())),
                groups);
    }

    /** Apps of {@code size} instances, at most one on a machine. */
    public Workload unique(int machines, int size) {
        return apps("unique-" + thousands(machines), "one of an app on a machine", machines, 1,
                size, new Rule.OnePerMachine());
    }

    /** Apps of {@code size} instances, level over three zones. */
    public Workload balance(int machines, int size) {
        return apps("balance-" + thousands(machines), "zones of an app level", machines, 3, size,
                new Rule.LevelZones(1));
    }

    private static Workload apps(String name, String about, int machines, int zones, int size,
            Rule rule) {
        int apps = machines / size;
        List<Group> groups = new ArrayList<>();
        int[] tasks = new int[apps * size];
        for (int app = 0; app < apps; app++) {
            groups.add(new Group("app-" + app, SMALL, rule));
            Arrays.fill(tasks, app * size, (app + 1) * size, app);
        }
        return new Workload(name, sized(about + ", apps of " + size, machines, tasks.length),
                Policy.BINPACK, machines(machines, 16_000, 64 * GIB, zones), groups, tasks);
    }

    /** One app grows on machines of four sizes in two uneven zones that are partly full. */
    public Workload flash(int machines, int before, int after, Policy policy) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Machine> all = new ArrayList<>();
        List<Group> groups = new ArrayList<>();
        groups.add(new Group("flash", new Need(2_000, 4 * GIB, 1), new Rule.LevelZones(1)));
        int[] residentGroups = new int[before + machines];
        int[] residentMachines = new int[before + machines];
        int[] sizes = exact(machines, new int[]{40, 30, 20, 10}, random);
        int[] zones = exact(machines, new int[]{55, 45}, random);
        for (int i = 0; i < machines; i++) {
            long cpus = 8_000L << sizes[i];
            Machine machine = new Machine(cpus, cpus / 1_000 * 4 * GIB, PORTS,
                    "zone-" + zones[i], "rack-" + zones[i] + "-" + i / MACHINES_PER_RACK,
                    Machine.PLAIN);
            all.add(machine);
            long used = random.nextLong(20, 61);
            groups.add(new Group("used-" + i,
                    new Need(machine.cpusMilli() * used / 100, machine.memMib() * used / 100, 0),
                    new Rule.Anywhere()));
            residentGroups[before + i] = 1 + i;
            residentMachines[before + i] = i;
        }
        int[] at = {0, 0};
        for (int i = 0; i < before; i++) {
            // In turn, so that the zones are level to begin with.
            int zone = i % 2;
            while (zones[at[zone]] != zone) {
                at[zone]++;
            }
            residentMachines[i] = at[zone]++;
        }
        return new Workload(policy == Policy.BINPACK ? "flash" : "flash-spread",
                "one app, " + before + " -> " + after + ", on " + machines
                        + " half-full machines of four sizes, zones level",
                policy, all, groups, residentGroups, residentMachines, new int[0],
                new int[after - before]);
    }

    /** {@code count} numbers, each as often as its weight says, shuffled. */
    private static int[] exact(int count, int[] percent, SplittableRandom random) {
        int[] values = new int[count];
        int from = 0;
        int sum = 0;
        for (int value = 0; value < percent.length; value++) {
            sum += percent[value];
            int to = (int) ((long) count * sum / 100);
            Arrays.fill(values, from, to, value);
            from = to;
        }
        shuffle(values, random);
        return values;
    }

    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }

    static List<Machine> machines(int count, long cpusMilli, long memMib, int zones) {
        List<Machine> machines = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int zone = i % zones;
            machines.add(new Machine(cpusMilli, memMib, PORTS, "zone-" + zone,
                    "rack-" + zone + "-" + i / zones / MACHINES_PER_RACK, Machine.PLAIN));
        }
        return machines;
    }

    static String sized(String about, int machines, int tasks) {
        return about + ", " + tasks + " tasks on " + machines + " machines";
    }

    static String thousands(int count) {
        return count % 1_000 == 0 ? count / 1_000 + "k" : Integer.toString(count);
    }
}
