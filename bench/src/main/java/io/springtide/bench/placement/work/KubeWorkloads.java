package io.springtide.bench.placement.work;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The shapes of kube-scheduler's own performance suite (test/integration/scheduler_perf of
 * kubernetes/kubernetes), as far as they are about placement: the same machines, instances and rules,
 * with the pods it begins with dealt out over the machines in turn. Only the shapes are comparable: that
 * suite measures through an API server and its store.
 */
final class KubeWorkloads {

    private static final int NODES = 5_000;
    private static final Need POD = new Need(100, 500, 0);
    private static final Need LARGE_CPU = new Need(9_000, 500, 0);
    private static final int CHURN_EVERY = 100;

    private KubeWorkloads() {}

    static Map<String, Supplier<Workload>> all() {
        Map<String, Supplier<Workload>> all = new LinkedHashMap<>();
        all.put("kube-basic", () -> pods("kube-basic", "SchedulingBasic", NODES, 1, 5_000, 50_000,
                new Rule.Anywhere(), new Rule.Anywhere()));
        all.put("kube-daemonset", KubeWorkloads::daemonset);
        all.put("kube-node-affinity", () -> pods("kube-node-affinity", "SchedulingNodeAffinity",
                NODES, 1, 5_000, 10_000, new Rule.OnlyKind(Machine.PLAIN),
                new Rule.OnlyKind(Machine.PLAIN)));
        all.put("kube-spread-hard", () -> pods("kube-spread-hard", "TopologySpreading", NODES, 3,
                5_000, 5_000, new Rule.Anywhere(), new Rule.LevelZones(5)));
        all.put("kube-spread-soft", () -> pods("kube-spread-soft", "PreferredTopologySpreading",
                NODES, 3, 5_000, 5_000, new Rule.Anywhere(), new Rule.PreferLevelZones()));
        all.put("kube-anti-affinity", () -> grown("kube-anti-affinity",
                "SchedulingPodAntiAffinity", NODES, 1_000, 2_000, new Rule.OnePerMachine()));
        all.put("kube-anti-affinity-ns", () -> grown("kube-anti-affinity-ns",
                "RequiredPodAntiAffinityWithNSSelector", 6_000, 4_000, 2_000,
                new Rule.OnePerMachine()));
        all.put("kube-keep-off", () -> pods("kube-keep-off", "SchedulingPodMatchingAntiAffinity",
                NODES, 1, 1_000, 5_000, new Rule.Anywhere(), new Rule.KeepOff(0)));
        all.put("kube-anti-affinity-soft", () -> grown("kube-anti-affinity-soft",
                "SchedulingPreferredPodAntiAffinity", NODES, 5_000, 5_000,
                new Rule.PreferApart()));
        all.put("kube-affinity", () -> grown("kube-affinity", "SchedulingPodAffinity", NODES,
                5_000, 5_000, new Rule.OneZone()));
        all.put("kube-mixed", KubeWorkloads::mixed);
        all.put("kube-unschedulable", KubeWorkloads::unschedulable);
        all.put("kube-churn", KubeWorkloads::churn);
        all.put("kube-preemption", KubeWorkloads::preemption);
        return all;
    }

    /** Pods of one group on nodes that hold pods of another. */
    private static Workload pods(String name, String origin, int nodes, int zones, int before,
            int measured, Rule ruleBefore, Rule rule) {
        List<Group> groups = List.of(new Group("before", POD, ruleBefore),
                new Group("measured", POD, rule));
        int[] tasks = new int[measured];
        Arrays.fill(tasks, 1);
        return new Workload(name, about(origin, nodes, before, measured), Policy.SPREAD,
                nodes(nodes, zones), groups, new int[before], inTurn(before, nodes), new int[0],
                tasks);
    }

    /** More pods of the group that runs there already. */
    private static Workload grown(String name, String origin, int nodes, int before, int measured,
            Rule rule) {
        return new Workload(name, about(origin, nodes, before, measured), Policy.SPREAD,
                nodes(nodes, 1), List.of(new Group("app", POD, rule)), new int[before],
                inTurn(before, nodes), new int[0], new int[measured]);
    }

    /** All for one node out of many. */
    private static Workload daemonset() {
        int nodes = 15_000;
        List<Machine> machines = new ArrayList<>(nodes(nodes, 1));
        machines.add(new Machine(4_000_000, 20_000_000, 0, "zone-0", "rack-0", "target"));
        return new Workload("kube-daemonset", about("SchedulingDaemonset", nodes, 0, 30_000),
                Policy.SPREAD, machines,
                List.of(new Group("daemon", POD, new Rule.OnlyKind("target"))), new int[30_000]);
    }

    /** Plain pods among those of every rule. */
    private static Workload mixed() {
        int each = 2_000;
        List<Group> groups = List.of(new Group("plain", POD, new Rule.Anywhere()),
                new Group("affinity", POD, new Rule.OneZone()),
                new Group("anti-affinity", POD, new Rule.OnePerMachine()),
                new Group("affinity-soft", POD, new Rule.Anywhere()),
                new Group("anti-affinity-soft", POD, new Rule.PreferApart()));
        int[] before = new int[groups.size() * each];
        for (int i = 0; i < before.length; i++) {
            before[i] = i / each;
        }
        return new Workload("kube-mixed",
                about("MixedSchedulingBasePod", NODES, before.length, 5_000), Policy.SPREAD,
                nodes(NODES, 1), groups, before, inTurn(before.length, NODES), new int[0],
                new int[5_000]);
    }

    /** Many wait that fit nowhere; they must not be in the way. */
    private static Workload unschedulable() {
        int[] waiting = new int[20_000];
        Arrays.fill(waiting, 1);
        return new Workload("kube-unschedulable",
                "Unschedulable, 10000 tasks on 5000 machines, 20000 wait in vain", Policy.SPREAD,
                nodes(NODES, 1), List.of(new Group("measured", POD, new Rule.Anywhere()),
                        new Group("waiting", LARGE_CPU, new Rule.Anywhere())),
                new int[0], new int[0], waiting, new int[10_000]);
    }

    /** Now and then one that fits nowhere. */
    private static Workload churn() {
        int measured = 10_000;
        int[] tasks = new int[measured + measured / CHURN_EVERY];
        for (int i = 0; i < tasks.length; i++) {
            tasks[i] = i % (CHURN_EVERY + 1) == CHURN_EVERY ? 1 : 0;
        }
        return new Workload("kube-churn", about("SchedulingWithMixedChurn", NODES, 0, measured)
                + ", every 100th fits nowhere", Policy.SPREAD, nodes(NODES, 1),
                List.of(new Group("measured", POD, new Rule.Anywhere()),
                        new Group("churn", LARGE_CPU, new Rule.Anywhere())),
                tasks);
    }

    /** Every machine is full of what may be evicted. */
    private static Workload preemption() {
        int before = 4 * NODES;
        int[] tasks = new int[5_000];
        Arrays.fill(tasks, 1);
        return new Workload("kube-preemption", about("PreemptionBasic", NODES, before, 5_000),
                Policy.SPREAD, nodes(NODES, 1),
                List.of(new Group("low", new Need(900, 500, 0), new Rule.Anywhere()),
                        new Group("high", new Need(3_000, 500, 0), new Rule.Anywhere(), 10)),
                new int[before], inTurn(before, NODES), new int[0], tasks);
    }

    private static List<Machine> nodes(int count, int zones) {
        return Workloads.machines(count, 4_000, 32 * 1_024, zones);
    }

    private static int[] inTurn(int count, int nodes) {
        int[] machines = new int[count];
        for (int i = 0; i < count; i++) {
            machines[i] = i % nodes;
        }
        return machines;
    }

    private static String about(String origin, int nodes, int before, int measured) {
        return Workloads.sized(origin, nodes, measured)
                + (before == 0 ? "" : " that hold " + before);
    }
}
