package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Shape;
import io.springtide.core.state.AppState;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Springtide's whole core, as a master drives it: apps are submitted, and decided and applied until
 * nothing follows. A group with a rule is one app; tasks without one that follow each other in the queue
 * are one app too, so that a shuffled queue is as many apps as it has changes.
 */
public final class SpringtideCore implements PlacementEngine {

    private static final int SETTLES_MAX = 1_000_000;

    @Override
    public String name() {
        return "springtide-core";
    }

    @Override
    public String about() {
        return "Springtide's core: submit, decide and apply, until all runs";
    }

    @Override
    public boolean peer() {
        return false;
    }

    @Override
    public Optional<String> refusal(Workload work) {
        return CoreShapes.refusal(work);
    }

    @Override
    public Outcome run(Workload work, long limitNanos) {
        CoreCluster cluster = new CoreCluster(work);
        SchedulerCore core = new SchedulerCore(cluster.state(), CoreSettings.DEFAULT);
        submit(core, waiting(work));
        Map<AppId, List<Integer>> tasksByApp = tasksByApp(work);
        List<Command.AppChange> changes = changes(work, core, tasksByApp);
        long firstNew = core.state().instanceNext();
        Meter meter = Meter.start(limitNanos);
        int tried = 0;
        for (int from = 0; from < changes.size() && !meter.timeIsUp();) {
            int to = Math.min(changes.size(), from + Command.SubmitApps.CHANGES_MAX);
            submit(core, changes.subList(from, to));
            from = to;
            tried = from;
        }
        Outcome measured = meter.stop();
        int[] machines = Outcome.nowhere(work.taskCount());
        int triedTasks = 0;
        for (Command.AppChange change : changes.subList(0, tried)) {
            AppId id = change.spec().id();
            List<Integer> tasks = tasksByApp.getOrDefault(id, List.of());
            collect(core.state().app(id).orElseThrow(), firstNew, tasks, machines);
            triedTasks += tasks.size();
        }
        return new Outcome(machines, triedTasks, measured.nanos(), measured.allocatedBytes());
    }

    private static List<Command.AppChange> waiting(Workload work) {
        int[] counts = new int[work.groups().size()];
        for (int group : work.waitingGroups()) {
            counts[group]++;
        }
        List<Command.AppChange> changes = new ArrayList<>();
        for (int group = 0; group < counts.length; group++) {
            if (counts[group] > 0) {
                changes.add(change(work, CoreCluster.app(group), group, counts[group],
                        Command.AppChange.ABSENT));
            }
        }
        return changes;
    }

    private static Map<AppId, List<Integer>> tasksByApp(Workload work) {
        int[] groups = work.taskGroups();
        boolean[] oneApp = new boolean[work.groups().size()];
        for (int group : work.residentGroups()) {
            oneApp[group] = true;
        }
        Map<AppId, List<Integer>> byApp = new LinkedHashMap<>();
        int from = 0;
        for (int task = 0; task < groups.length; task++) {
            int group = groups[task];
            if (task > 0 && groups[task - 1] != group) {
                from = task;
            }
            boolean whole = oneApp[group]
                    || !(work.groups().get(group).rule() instanceof Rule.Anywhere);
            // Leading zeros: among equals the core takes the lowest id first.
            AppId id = whole
                    ? CoreCluster.app(group)
                    : new AppId(String.format("/queue/%07d", from));
            byApp.computeIfAbsent(id, unused -> new ArrayList<>()).add(task);
        }
        return byApp;
    }

    private static List<Command.AppChange> changes(Workload work, SchedulerCore core,
            Map<AppId, List<Integer>> tasksByApp) {
        List<Command.AppChange> changes = new ArrayList<>();
        tasksByApp.forEach((id, tasks) -> {
            int residents = core.state().app(id).map(app -> app.instances().size()).orElse(0);
            changes.add(change(work, id, work.taskGroups()[tasks.getFirst()],
                    residents + tasks.size(), Command.AppChange.ANY));
        });
        return changes;
    }

    private static Command.AppChange change(Workload work, AppId id, int group, int instances,
            long base) {
        Shape shape = CoreShapes.shape(work, work.groups().get(group)).orElseThrow();
        return new Command.AppChange(CoreCluster.spec(id, instances, shape), base);
    }

    static void submit(SchedulerCore core, List<Command.AppChange> changes) {
        Decision decision = core.decide(new Command.SubmitApps(changes, false),
                CoreCluster.NOW_MS);
        if (decision.answer() instanceof Answer.Refused refused) {
            throw new IllegalStateException("the core refused the work: " + refused.detail());
        }
        decision.events().forEach(core::apply);
        for (int i = 0; i < SETTLES_MAX; i++) {
            Decision settled = core.decide(new Command.Settle(), CoreCluster.NOW_MS);
            if (settled.events().isEmpty()) {
                return;
            }
            settled.events().forEach(core::apply);
        }
        throw new IllegalStateException("the core does not come to rest");
    }

    /** Instances have rising numbers in the order in which they were placed. */
    private static void collect(AppState app, long firstNew, List<Integer> tasks,
            int[] machines) {
        InstanceList instances = app.instances();
        long[] placed = new long[instances.size()];
        int count = 0;
        for (int i = 0; i < instances.size(); i++) {
            if (instances.get(i).number() >= firstNew) {
                placed[count++] = instances.get(i).number() << 32 | instances.get(i).agentRow();
            }
        }
        Arrays.sort(placed, 0, count);
        for (int i = 0; i < count; i++) {
            machines[tasks.get(i)] = (int) placed[i];
        }
    }
}
