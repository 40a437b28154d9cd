package io.springtide.master.store;

import io.springtide.master.journal.Batch;
import io.springtide.master.journal.Journal;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Log;
import io.springtide.master.journal.Snapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A store that several masters of one process share: fenced and durable as long as the test lasts. */
public final class MemoryCluster {

    private final Object lock = new Object();
    private final List<Batch> committed = new ArrayList<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final Deque<Member> waiting = new ArrayDeque<>();
    private long epoch;
    private boolean reachable = true;
    private @Nullable Member leading;

    /** One master's way to it. */
    public Store open() {
        return new Member();
    }

    /** Whether anything can be read or written. */
    public void reachable(boolean now) {
        synchronized (lock) {
            reachable = now;
            lock.notifyAll();
        }
        elect();
    }

    /** The leader's session is over, whether it knows it or not; somebody else is elected. */
    public void depose() {
        Member deposed;
        synchronized (lock) {
            deposed = leading;
            leading = null;
            epoch++; // from here on nothing of the old reign is taken
        }
        if (deposed != null) {
            deposed.end("its session is over");
        }
        elect();
    }

    private void elect() {
        Member elected;
        long reign;
        synchronized (lock) {
            elected = leading == null && reachable ? waiting.poll() : null;
            if (elected == null) {
                return;
            }
            leading = elected;
            reign = ++epoch;
        }
        elected.begin(reign);
    }

    private void expectReachable() {
        if (!reachable) {
            throw new JournalException("the store is out of reach");
        }
    }

    private long position() {
        return committed.isEmpty() ? 0 : committed.getLast().positionEnd();
    }

    private class MemoryLog implements Log {

        @Override
        public void read(long from, BatchReader reader) {
            List<Batch> copy;
            synchronized (lock) {
                expectReachable();
                copy = List.copyOf(committed);
            }
            copy.stream().filter(batch -> batch.positionEnd() > from).forEach(reader::onBatch);
        }

        @Override
        public boolean await(long position, Duration atMost) throws InterruptedException {
            long deadline = System.nanoTime() + atMost.toNanos();
            synchronized (lock) {
                while (position() <= position) {
                    expectReachable();
                    long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (leftMs <= 0) {
                        return false;
                    }
                    lock.wait(leftMs);
                }
                return true;
            }
        }

        @Override
        public Optional<Snapshot> snapshotLatest() {
            return snapshotUpTo(Long.MAX_VALUE);
        }

        @Override
        public Optional<Snapshot> snapshotUpTo(long position) {
            synchronized (lock) {
                return snapshots.reversed().stream().filter(one -> one.position() <= position)
                        .findFirst();
            }
        }

        @Override
        public long sizeBytes() {
            return 0;
        }
    }

    private final class Fenced extends MemoryLog implements Journal {

        private final long reign;
        private final List<Batch> appended = new ArrayList<>();

        Fenced(long reign) {
            this.reign = reign;
        }

        @Override
        public long positionNext() {
            synchronized (lock) {
                return appended.isEmpty() ? position() : appended.getLast().positionEnd();
            }
        }

        @Override
        public void append(Batch batch) {
            appended.add(batch);
        }

        @Override
        public void commit() {
            synchronized (lock) {
                expectReachable();
                if (reign != epoch) {
                    throw new JournalException("epoch " + reign + " is over");
                }
                committed.addAll(appended);
                appended.clear();
                lock.notifyAll();
            }
        }

        @Override
        public void snapshotSave(Snapshot snapshot) {
            synchronized (lock) {
                snapshots.add(snapshot);
            }
        }

        @Override
        public void truncateBefore(long position) {}

        @Override
        public void close() {}
    }

    private final class Member implements Store, Election {

        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private @Nullable Addresses self;
        private @Nullable Candidate candidate;

        @Override
        public void campaign(Addresses newSelf, Candidate newCandidate) {
            synchronized (lock) {
                self = newSelf;
                candidate = newCandidate;
                waiting.add(this);
            }
            elect();
        }

        private void begin(long reign) {
            Candidate standing = candidate;
            if (standing != null) {
                thread.execute(() -> standing.elected(new Reign(reign, new Fenced(reign))));
            }
        }

        private void end(String why) {
            Candidate standing = candidate;
            if (standing != null) {
                thread.execute(() -> standing.deposed(why));
            }
            synchronized (lock) {
                waiting.add(this);
            }
        }

        @Override
        public Optional<Leader> leader() {
            synchronized (lock) {
                return leading == null || leading.self == null || !reachable
                        ? Optional.empty()
                        : Optional.of(new Leader(epoch, leading.self));
            }
        }

        @Override
        public void resign() {
            synchronized (lock) {
                if (leading != this) {
                    return;
                }
            }
            depose();
        }

        @Override
        public String clusterId() {
            return "5f0c9e1ad2b34c77";
        }

        @Override
        public Log log() {
            return new MemoryLog();
        }

        @Override
        public Election election() {
            return this;
        }

        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public String name() {
            return "memory";
        }

        @Override
        public void close() {
            synchronized (lock) {
                waiting.remove(this);
                if (leading == this) {
                    leading = null;
                    epoch++;
                }
            }
            thread.shutdown();
            elect();
        }
    }
}
