package io.springtide.bench.placement.engine;

import com.netflix.fenzo.SchedulingResult;
import com.netflix.fenzo.TaskScheduler;
import com.netflix.fenzo.VMAssignmentResult;
import com.netflix.fenzo.VirtualMachineLease;
import com.netflix.fenzo.plugins.BinPackingFitnessCalculators;
import com.netflix.fenzo.plugins.SpreadingFitnessCalculators;
import io.springtide.bench.placement.work.Machine;
import io.springtide.bench.placement.work.Need;
import io.springtide.bench.placement.work.Policy;
import io.springtide.bench.placement.work.Workload;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Netflix Fenzo: all tasks in one scheduling run, as its documentation advises, with its own fitness
 * calculators for cpu and memory. What runs already is told to it as running tasks; what waits in vain
 * is not offered to it at all, which is in its favour.
 */
public final class FenzoEngine implements PlacementEngine {

    private static final long NEVER_SECONDS = 1_000_000;
    private static final double GOOD_ENOUGH = 0.5;

    /** How Fenzo is used. */
    public enum Use {
        /** Best candidate of all, with constraints that cost O(1) a candidate. */
        FAIR("fenzo", "Fenzo 1.0.1, best of all machines; rules rewritten to O(1)"),
        /** With the constraints that come with it. */
        STOCK("fenzo-stock", "Fenzo 1.0.1 with the constraints that come with it"),
        /** Content with the first candidate that is good enough. */
        GOOD_ENOUGH("fenzo-good-enough",
                "Fenzo 1.0.1, content with a fitness of 0.5; rules rewritten to O(1)");

        private final String engine;
        private final String about;

        Use(String engine, String about) {
            this.engine = engine;
            this.about = about;
        }
    }

    private final Use use;

    public FenzoEngine(Use use) {
        this.use = use;
    }

    @Override
    public String name() {
        return use.engine;
    }

    @Override
    public String about() {
        return use.about;
    }

    @Override
    public boolean peer() {
        return true;
    }

    @Override
    public Optional<String> refusal(Workload work) {
        if (work.wantsEviction()) {
            return Optional.of("does not evict");
        }
        if (use == Use.STOCK && work.rules().stream().noneMatch(FenzoRules::hasStock)) {
            return Optional.of("no constraint of its own is concerned");
        }
        return Optional.empty();
    }

    @Override
    public Outcome run(Workload work, long limitNanos) {
        FenzoRules rules = new FenzoRules(work, use == Use.STOCK);
        TaskScheduler scheduler = scheduler(work);
        try {
            List<FenzoTask> tasks = tasks(work, rules);
            List<VirtualMachineLease> leases = leases(work);
            runResidents(work, scheduler);
            // A first, empty run takes the machines in: not a part of placing.
            throwFirst(scheduler.scheduleOnce(List.of(), leases));
            Meter meter = Meter.start(limitNanos);
            Queue queue = new Queue(tasks, rules, meter);
            SchedulingResult result = scheduler.scheduleOnce(queue, List.of());
            Outcome measured = meter.stop();
            throwFirst(result);
            return new Outcome(machines(work, result, rules), queue.handedOut, measured.nanos(),
                    measured.allocatedBytes());
        } finally {
            scheduler.shutdown();
        }
    }

    /**
     * The tasks as Fenzo reads them, one after the other: ends early when the time is up, and tells the
     * rules between two tasks where the one before has gone.
     */
    private static final class Queue extends AbstractList<FenzoTask> {
        private final List<FenzoTask> tasks;
        private final FenzoRules rules;
        private final Meter meter;
        private int handedOut;

        Queue(List<FenzoTask> tasks, FenzoRules rules, Meter meter) {
            this.tasks = tasks;
            this.rules = rules;
            this.meter = meter;
        }

        @Override
        public FenzoTask get(int index) {
            return tasks.get(index);
        }

        @Override
        public int size() {
            return tasks.size();
        }

        @Override
        public Iterator<FenzoTask> iterator() {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return handedOut < tasks.size() && !meter.timeIsUp();
                }

                @Override
                public FenzoTask next() {
                    if (handedOut == tasks.size()) {
                        throw new NoSuchElementException();
                    }
                    if (handedOut > 0) {
                        rules.settle(tasks.get(handedOut - 1));
                    }
                    return tasks.get(handedOut++);
                }
            };
        }
    }

    private static int[] machines(Workload work, SchedulingResult result, FenzoRules rules) {
        int[] machines = Outcome.nowhere(work.taskCount());
        for (VMAssignmentResult onMachine : result.getResultMap().values()) {
            int machine = rules.machine(onMachine.getHostname());
            onMachine.getTasksAssigned().forEach(assigned -> machines[((FenzoTask) assigned
                    .getRequest()).number] = machine);
        }
        return machines;
    }

    private TaskScheduler scheduler(Workload work) {
        TaskScheduler.Builder builder = new TaskScheduler.Builder()
                .withLeaseOfferExpirySecs(NEVER_SECONDS).withLeaseRejectAction(lease -> {
                }).disableShortfallEvaluation()
                .withFitnessCalculator(work.policy() == Policy.BINPACK
                        ? BinPackingFitnessCalculators.cpuMemBinPacker
                        : SpreadingFitnessCalculators.cpuMemSpreader);
        return (use == Use.GOOD_ENOUGH
                ? builder.withFitnessGoodEnoughFunction(fitness -> fitness >= GOOD_ENOUGH)
                : builder).build();
    }

    private static List<FenzoTask> tasks(Workload work, FenzoRules rules) {
        List<FenzoTask> tasks = new ArrayList<>();
        for (int task = 0; task < work.taskCount(); task++) {
            int group = work.taskGroups()[task];
            tasks.add(new FenzoTask(task, group, work.groups().get(group), rules.hard(group),
                    rules.soft(group)));
        }
        return tasks;
    }

    private static List<VirtualMachineLease> leases(Workload work) {
        int count = work.machines().size();
        long[] cpusUsed = new long[count];
        long[] memUsed = new long[count];
        int[] portsUsed = new int[count];
        for (int i = 0; i < work.residentGroups().length; i++) {
            Need need = work.groups().get(work.residentGroups()[i]).need();
            int machine = work.residentMachines()[i];
            cpusUsed[machine] += need.cpusMilli();
            memUsed[machine] += need.memMib();
            portsUsed[machine] += need.ports();
        }
        List<VirtualMachineLease> leases = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Machine machine = work.machines().get(i);
            leases.add(new FenzoLease(i, machine, machine.cpusMilli() - cpusUsed[i],
                    machine.memMib() - memUsed[i], machine.ports() - portsUsed[i]));
        }
        return leases;
    }

    private static void runResidents(Workload work, TaskScheduler scheduler) {
        for (int i = 0; i < work.residentGroups().length; i++) {
            int group = work.residentGroups()[i];
            scheduler.getTaskAssigner().call(
                    new FenzoTask(-1 - i, group, work.groups().get(group), List.of(), List.of()),
                    FenzoLease.hostname(work.residentMachines()[i]));
        }
    }

    private static void throwFirst(SchedulingResult result) {
        if (!result.getExceptions().isEmpty()) {
            throw new IllegalStateException("Fenzo failed", result.getExceptions().getFirst());
        }
    }
}
