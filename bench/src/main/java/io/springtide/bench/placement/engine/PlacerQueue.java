package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Workload;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.state.AppState;
import org.jspecify.annotations.Nullable;

/** A workload that stands ready for Springtide's placer: state and queue, nothing placed yet. */
public final class PlacerQueue {

    private static final int CALLS_A_LOOK = 64;

    private final CoreCluster cluster;
    private final int[] groups;
    private final @Nullable AppState[] apps;

    public PlacerQueue(Workload work) {
        cluster = new CoreCluster(work);
        groups = work.taskGroups();
        apps = new @Nullable AppState[work.groups().size()];
        for (int group : groups) {
            if (apps[group] == null) {
                Shape shape = CoreShapes.shape(work, work.groups().get(group)).orElseThrow();
                apps[group] = cluster.appOf(group, shape, 0);
            }
        }
    }

    /** Places all in one round, in order; leaves the state as it is, so that it may be done again. */
    public Outcome place(long limitNanos) {
        int[] machines = Outcome.nowhere(groups.length);
        int task = 0;
        int calls = 0;
        Meter meter = Meter.start(limitNanos);
        PlacementRound round = new PlacementRound(cluster.state());
        // The clock is not looked at for each call: it would be a good part of a short one.
        while (task < groups.length && (calls++ % CALLS_A_LOOK != 0 || !meter.timeIsUp())) {
            int from = task;
            int group = groups[task];
            while (task < groups.length && groups[task] == group) {
                task++;
            }
            AppState app = apps[group];
            if (app != null) {
                int[] rows = round.place(app, task - from).agentRows();
                System.arraycopy(rows, 0, machines, from, rows.length);
            }
        }
        return meter.stop(machines, task);
    }
}
