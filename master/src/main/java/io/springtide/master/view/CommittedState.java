package io.springtide.master.view;

import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A second copy of the state that follows the journal. The outbox's thread writes, readers share a
 * lock with it; the engine's own copy is never touched by them.
 */
public final class CommittedState implements ClusterView {

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final List<CommitListener> listeners = new CopyOnWriteArrayList<>();
    private ClusterState state;
    private volatile long position;
    /** Position behind the newest fact that touched an app, where there has been one since the start. */
    private final Map<AppId, Long> revisions = new HashMap<>();
    private long revisionFirst;
    private volatile long revision;

    public CommittedState(ClusterState state, long position) {
        this.state = state;
        this.position = position;
        this.revisionFirst = position;
        this.revision = position;
    }

    /** Before the first fact comes through. */
    public void listen(CommitListener listener) {
        listeners.add(listener);
    }

    /** It hears nothing more. Between two facts. */
    public void unlisten(CommitListener listener) {
        listeners.remove(listener);
    }

    /**
     * Shows another state from now on, since the facts on the way to it are no longer kept. On the
     * thread that advances.
     *
     * @param newPosition how many facts it holds; more than are shown
     */
    public void leap(ClusterState newState, long newPosition) {
        lock.writeLock().lock();
        try {
            state = newState;
            position = newPosition;
            revisions.clear();
            revisionFirst = newPosition;
            revision = newPosition;
        } finally {
            lock.writeLock().unlock();
        }
        listeners.forEach(listener -> listener.leapt(newState));
    }

    /** How many facts it shows. */
    public long position() {
        return position;
    }

    @Override
    public <T> T read(Function<ClusterState, T> query) {
        lock.readLock().lock();
        try {
            return query.apply(state);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public Frozen freeze() {
        lock.readLock().lock();
        try {
            return new Frozen(position, StateSnapshot.encode(state));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** An encoded state; {@code position} is that of the first fact not in it. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Frozen(long position, byte[] encoded) {

        /** What masters compare. */
        public long hash() {
            return StateSnapshot.hash(encoded);
        }
    }

    /** Takes in facts that are durable. Outbox thread. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void advance(List<Event> events) {
        for (Event event : events) {
            listeners.forEach(listener -> listener.before(event, state));
            lock.writeLock().lock();
            try {
                state.apply(event);
                position++;
                revise(event);
            } finally {
                lock.writeLock().unlock();
            }
            listeners.forEach(listener -> listener.after(event, state));
        }
    }

    /** What is touched is a hint for an engine; here it says whose revision is over. */
    private void revise(Event event) {
        List<AppState> touched = state.drainTouched();
        for (AppState app : touched) {
            revisions.put(app.id(), position);
        }
        if (event instanceof Event.AppRemoved removed) {
            revisions.remove(removed.app());
            revision = position;
        } else if (!touched.isEmpty()) {
            revision = position;
        }
    }

    @Override
    public long revision(AppId app) {
        lock.readLock().lock();
        try {
            Long touched = revisions.get(app);
            if (touched != null) {
                return touched;
            }
            return state.app(app).isPresent() ? revisionFirst : position;
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public long revision() {
        return revision;
    }

    /** Nothing more is ready. Outbox thread. */
    public void batchEnd() {
        listeners.forEach(listener -> listener.batchEnd(state));
    }
}
