package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Group;
import io.springtide.bench.placement.work.Machine;
import io.springtide.bench.placement.work.Need;
import io.springtide.bench.placement.work.Policy;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.state.ClusterState;
import java.util.ArrayList;
import java.util.List;

/** A cluster in Springtide's core that is filled by ten apps, for a look at what its state weighs. */
public final class FilledCluster {

    private static final int APPS = 10;
    private static final long GIB = 1_024;

    private final SchedulerCore core;
    private final List<Command.AppChange> changes = new ArrayList<>();
    private final int instances;

    /** Registers the agents; nothing runs yet. */
    public FilledCluster(int machines, int instances) {
        this.instances = instances;
        List<Machine> all = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            all.add(new Machine(128_000, 512 * GIB, 1_000, "zone-" + i % 2,
                    "rack-" + i % 2 + "-" + i / 80, Machine.PLAIN));
        }
        Group group = new Group("app", new Need(1_000, 2 * GIB, 1), new Rule.Anywhere());
        Workload work = new Workload("memory", "", Policy.SPREAD, all, List.of(group),
                new int[0]);
        core = new SchedulerCore(new CoreCluster(work).state(), CoreSettings.DEFAULT);
        for (int app = 0; app < APPS; app++) {
            int share = (int) ((long) instances * (app + 1) / APPS
                    - (long) instances * app / APPS);
            changes.add(new Command.AppChange(CoreCluster.spec(CoreCluster.app(app), share,
                    CoreShapes.shape(work, group).orElseThrow()), Command.AppChange.ABSENT));
        }
    }

    /** Places all; how many nanoseconds it took. */
    public long fill() {
        long start = System.nanoTime();
        SpringtideCore.submit(core, changes);
        return System.nanoTime() - start;
    }

    public ClusterState state() {
        return core.state();
    }

    /** Throws unless all have been placed. */
    public void requireFull() {
        if (core.state().instanceCount() != instances) {
            throw new IllegalStateException("only " + core.state().instanceCount() + " of "
                    + instances + " instances were placed");
        }
    }
}
