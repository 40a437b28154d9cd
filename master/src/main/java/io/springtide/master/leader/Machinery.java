package io.springtide.master.leader;

import io.springtide.core.SchedulerCore;
import io.springtide.master.agents.Timing;
import io.springtide.master.journal.Journal;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.ring.Engine;
import io.springtide.master.ring.ReignEngine;
import io.springtide.master.snapshot.SnapshotWriter;
import io.springtide.master.snapshot.Snapshots;
import io.springtide.master.view.CommittedState;
import java.time.InstantSource;
import java.util.function.Consumer;

/** What a reign runs on: its threads, timers and clocks. */
public interface Machinery {

    /** Threads of this process, and the machine's time. */
    Machinery THREADS = new Machinery() {

        @Override
        public ReignEngine engine(SchedulerCore core, CommittedState view, Journal journal,
                long epoch, long newestMs, EngineMetrics metrics, Consumer<Throwable> onFatal) {
            return new Engine(core, view, journal, epoch, newestMs, metrics, onFatal);
        }

        @Override
        public Timing timing() {
            return Timing.onThread();
        }

        @Override
        public Snapshots snapshots(CommittedState view, Journal journal, long epoch) {
            return new SnapshotWriter(view, journal, epoch);
        }
    };

    /**
     * An engine that has not been started.
     *
     * @param core at the same position as {@code view}
     * @param newestMs time of the newest fact replayed; 0 if there is none
     * @param onFatal told once if it has failed
     */
    ReignEngine engine(SchedulerCore core, CommittedState view, Journal journal, long epoch,
            long newestMs, EngineMetrics metrics, Consumer<Throwable> onFatal);

    /** For one gateway, which closes it. */
    Timing timing();

    /** What the time of day is. */
    default InstantSource clock() {
        return InstantSource.system();
    }

    /** Snapshots of a reign, not started. */
    Snapshots snapshots(CommittedState view, Journal journal, long epoch);
}
