package io.springtide.bench.placement.engine;

import io.springtide.bench.placement.work.Policy;
import io.springtide.bench.placement.work.Rule;
import io.springtide.bench.placement.work.Workload;
import io.springtide.core.model.Shape;
import io.springtide.core.placement.Placement;
import io.springtide.core.placement.PlacementRound;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.state.AppState;
import org.jspecify.annotations.Nullable;

/** A workload that stands ready for Springtide's placer: state and queue, nothing placed yet. */
public final class PlacerQueue {

    private static final int CALLS_A_LOOK = 64;

    private final Placement placement;
    private final int[] groups;
    private final @Nullable AppState[] apps;
    /** Shapes of groups whose instances have nothing to do with each other: each is placed for itself. */
    private final @Nullable Shape[] independent;

    public PlacerQueue(Workload work) {
        CoreCluster cluster = new CoreCluster(work);
        placement = new Placement(cluster.state(), PlacementSettings.DEFAULT);
        groups = work.taskGroups();
        apps = new @Nullable AppState[work.groups().size()];
        independent = new @Nullable Shape[work.groups().size()];
        for (int group : groups) {
            if (apps[group] == null) {
                Shape shape = CoreShapes.shape(work, work.groups().get(group)).orElseThrow();
                apps[group] = cluster.appOf(group, shape, 0);
                if (work.groups().get(group).rule() instanceof Rule.Anywhere
                        && work.policy() == Policy.BINPACK) {
                    independent[group] = shape;
                }
            }
        }
    }

    /** Places all in one round, in order; leaves the state as it is, so that it may be done again. */
    public Outcome place(long limitNanos) {
        int[] machines = Outcome.nowhere(groups.length);
        int task = 0;
        int calls = 0;
        Meter meter = Meter.start(limitNanos);
        PlacementRound round = placement.round();
        // The clock is not looked at for each call: it would be a good part of a short one.
        while (task < groups.length && (calls++ % CALLS_A_LOOK != 0 || !meter.timeIsUp())) {
            int from = task;
            int group = groups[task];
            while (task < groups.length && groups[task] == group) {
                task++;
            }
            Shape shape = independent[group];
            AppState app = apps[group];
            int[] rows = shape != null
                    ? round.place(shape, task - from).agentRows()
                    : app != null ? round.place(app, task - from).agentRows() : new int[0];
            System.arraycopy(rows, 0, machines, from, rows.length);
        }
        return meter.stop(machines, task);
    }
}
