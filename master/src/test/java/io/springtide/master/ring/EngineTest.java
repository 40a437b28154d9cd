package io.springtide.master.ring;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.KillSelection;
import io.springtide.core.model.PlacementPolicy;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RuntimeKind;
import io.springtide.core.model.Shape;
import io.springtide.core.model.Unreachable;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.Batch;
import io.springtide.master.journal.FileJournal;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalConfig;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.metrics.Registries;
import io.springtide.master.snapshot.Replay;
import io.springtide.master.view.CommitListener;
import io.springtide.master.view.CommittedState;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The way of a command, with a journal that can be held, broken, or is a real file. */
class EngineTest {

    private static final long WAIT_S = 20;

    @TempDir
    Path folder;

    @Test
    void answersOnlyWhatIsDurableAndShowsItInTheViewFirst() throws Exception {
        HeldJournal journal = new HeldJournal();
        CommittedState view = new CommittedState(new ClusterState(), 0);
        try (Engine engine = engine(view, journal, failure -> {})) {
            engine.start();
            CompletableFuture<Outcome> reply = engine.submit(submit("/a", 1));
            assertThat(journal.commitEntered.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
            assertThat(reply).isNotDone();
            assertThat(view.<Integer>read(state -> state.apps().size())).isZero();

            journal.release.countDown();
            assertThat(reply.get(WAIT_S, TimeUnit.SECONDS)).isInstanceOfSatisfying(
                    Outcome.Decided.class,
                    decided -> assertThat(decided.answer()).isInstanceOf(Answer.Accepted.class));
            assertThat(view.<Integer>read(state -> state.apps().size())).isOne();
        }
    }

    /** Goal: no processor is spent on waiting for a store. Method: what the stages use while one hangs for a second. */
    @Test
    void waitsForTheJournalWithoutSpinning() throws Exception {
        HeldJournal journal = new HeldJournal();
        try (Engine engine = engine(new CommittedState(new ClusterState(), 0), journal,
                failure -> {})) {
            engine.start();
            CompletableFuture<Outcome> reply = engine.submit(submit("/a", 1));
            assertThat(journal.commitEntered.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
            long before = commitThreadsNanos();
            Thread.sleep(1_000);
            assertThat(commitThreadsNanos() - before).isLessThan(100_000_000L);
            journal.release.countDown();
            assertThat(reply.get(WAIT_S, TimeUnit.SECONDS)).isInstanceOf(Outcome.Decided.class);
        }
    }

    private static long commitThreadsNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(one -> one.getName().startsWith("commit-"))
                .mapToLong(one -> Math.max(0, threads.getThreadCpuTime(one.threadId()))).sum();
    }

    @Test
    void saysBusyWhenTheRingIsFullAndLosesNothingOfWhatItTook() throws Exception {
        HeldJournal journal = new HeldJournal();
        CommittedState view = new CommittedState(new ClusterState(), 0);
        try (Engine engine = engine(view, journal, failure -> {})) {
            engine.start();
            List<CompletableFuture<Outcome>> replies = new ArrayList<>();
            CompletableFuture<Outcome> last = engine.submit(submit("/app-0", 1));
            replies.add(last);
            assertThat(journal.commitEntered.await(WAIT_S, TimeUnit.SECONDS)).isTrue();
            // The journal hangs: sooner or later both rings are full, whoever is in between.
            for (int i = 1; i < 200_000 && !last.isDone(); i++) {
                last = engine.submit(new Command.ResetBackoff(new AppId("/unknown")));
                replies.add(last);
            }
            assertThat(last.get()).isInstanceOf(Outcome.Busy.class);

            journal.release.countDown();
            for (CompletableFuture<Outcome> reply : replies.subList(0, replies.size() - 1)) {
                assertThat(reply.get(WAIT_S, TimeUnit.SECONDS)).isInstanceOf(Outcome.Decided.class);
            }
        }
    }

    @Test
    void stopsAndSaysThatNobodyKnowsWhenTheJournalFails() throws Exception {
        CompletableFuture<Throwable> fatal = new CompletableFuture<>();
        CommittedState view = new CommittedState(new ClusterState(), 0);
        HeldJournal journal = new HeldJournal();
        journal.broken = true;
        journal.release.countDown();
        try (Engine engine = engine(view, journal, fatal::complete)) {
            engine.start();
            CompletableFuture<Outcome> reply = engine.submit(submit("/a", 1));
            assertThat(fatal.get(WAIT_S, TimeUnit.SECONDS)).isInstanceOf(JournalException.class);
            assertThat(reply.get(WAIT_S, TimeUnit.SECONDS)).isInstanceOf(Outcome.Stopped.class);
            assertThat(view.<Integer>read(state -> state.apps().size())).isZero();
            assertThat(engine.submit(submit("/b", 1)).get(WAIT_S, TimeUnit.SECONDS))
                    .isInstanceOf(Outcome.Stopped.class);
        }
    }

    @Test
    void aReplayedJournalGivesTheStateThatTheViewShowed() throws Exception {
        byte[] shown;
        List<Event> heard = Collections.synchronizedList(new ArrayList<>());
        try (FileJournal journal = FileJournal.open(folder, JournalConfig.STANDARD)) {
            long epoch = journal.epochNext();
            CommittedState view = new CommittedState(new ClusterState(), 0);
            view.listen(new CommitListener() {
                @Override
                public void after(Event event, ClusterState state) {
                    heard.add(event);
                }
            });
            try (Engine engine = engine(view, journal, epoch, failure -> {})) {
                engine.start();
                engine.submit(new Command.FoundCluster(journal.clusterId())).get(WAIT_S,
                        TimeUnit.SECONDS);
                engine.submit(new Command.RegisterAgent(agent(), List.of())).get(WAIT_S,
                        TimeUnit.SECONDS);
                for (int i = 0; i < 20; i++) {
                    engine.submit(submit("/app-" + i, 10)).get(WAIT_S, TimeUnit.SECONDS);
                }
            }
            shown = view.freeze().encoded();
            assertThat(view.<Integer>read(ClusterState::instanceCount)).isEqualTo(200);
            assertThat(view.position()).isEqualTo(journal.positionNext()).isEqualTo(heard.size());
        }
        try (FileJournal journal = FileJournal.open(folder, JournalConfig.STANDARD)) {
            assertThat(StateSnapshot.encode(Replay.of(journal).state())).isEqualTo(shown);
        }
    }

    private static Engine engine(CommittedState view, Journal journal,
            java.util.function.Consumer<Throwable> fatal) {
        return engine(view, journal, 1, fatal);
    }

    private static Engine engine(CommittedState view, Journal journal, long epoch,
            java.util.function.Consumer<Throwable> fatal) {
        return new Engine(new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT), view,
                journal, epoch, 0,
                new EngineMetrics(Registries.empty()), fatal);
    }

    private static Command submit(String id, int instances) {
        Shape shape = new Shape(new Resources(100, 32, 0, 0), List.of(0), RuntimeKind.PROCESS,
                PlacementPolicy.SPREAD);
        AppSpec spec = new AppSpec(new AppId(id), "{}", instances, shape, Backoff.DEFAULT,
                Upgrade.DEFAULT,
                KillSelection.YOUNGEST_FIRST, Unreachable.DEFAULT, 3_000, false, List.of(0));
        return new Command.SubmitApps(
                List.of(new Command.AppChange(spec, Command.AppChange.ABSENT)), false);
    }

    private static AgentSpec agent() {
        return new AgentSpec(new AgentId("agent-1"), 7, "127.0.0.1", "", "site-a", "r1",
                new TreeMap<>(),
                new Resources(64_000, 65_536, 10_000, 0), List.of(new PortRange(31_000, 32_000)),
                RuntimeKind.PROCESS.bit());
    }

    /** Keeps everything in memory; waits in commit until it is let go. */
    private static final class HeldJournal implements Journal {

        final CountDownLatch commitEntered = new CountDownLatch(1);
        final CountDownLatch release = new CountDownLatch(1);
        volatile boolean broken;
        private long position;

        @Override
        public long positionNext() {
            return position;
        }

        @Override
        public void append(Batch batch) {
            position = batch.position() + batch.count();
        }

        @Override
        public void commit() {
            commitEntered.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (broken) {
                throw new JournalException("no space left");
            }
        }

        @Override
        public void read(long from, BatchReader reader) {}

        @Override
        public boolean await(long from, Duration atMost) {
            return false;
        }

        @Override
        public Optional<Snapshot> snapshotUpTo(long position) {
            return Optional.empty();
        }

        @Override
        public Optional<Snapshot> snapshotLatest() {
            return Optional.empty();
        }

        @Override
        public void snapshotSave(Snapshot snapshot) {}

        @Override
        public void truncateBefore(long before) {}

        @Override
        public long sizeBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
