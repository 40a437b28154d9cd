package io.springtide.bench.sim;

import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerChange;
import io.springtide.master.store.ledger.LedgerException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The store itself: named values, the epoch, the seat of the leader and the sessions of the masters. One
 * strictly consistent whole; that it is several machines shows only in when it answers.
 */
final class StoreServer {

    /** What counts as a session, in the store and in a master's own mind. */
    static final long SESSION_NANOS = 2 * Timeline.SECOND;

    private static final long LOOK_NANOS = 200 * Timeline.MS;

    final Actor actor = new Actor("store", Network.STORE);
    private final Timeline timeline;
    private final Seams seams;
    private final Map<String, byte[]> values = new HashMap<>();
    /** In order, for whoever asks what is in a folder; single values are asked for far more often. */
    private final TreeSet<String> keys = new TreeSet<>();
    private long pingedNanos;
    private long sessions;
    private long epoch;
    private long sitting = -1;
    private @Nullable Leader leader;
    private int outages;
    private long writes;
    /** Writes take so many times as long. */
    int slowness = 1;
    /** Of so many millionths of the writes nobody knows what became of them. */
    int unknownPpm;
    private Runnable onWrite = () -> {};
    private FencedWrite onUnfenced = (token, now) -> {};

    /** Told of a write that the store took though its fence had fallen. */
    interface FencedWrite {
        void taken(long token, long epochNow);
    }

    StoreServer(Timeline timeline, Seams seams) {
        this.timeline = timeline;
        this.seams = seams;
        timeline.after(LOOK_NANOS, actor, this::look);
    }

    void listen(Runnable written, FencedWrite unfenced) {
        onWrite = written;
        onUnfenced = unfenced;
    }

    /** How many transactions it has taken. */
    long writes() {
        return writes;
    }

    boolean up() {
        return outages == 0;
    }

    void outage(boolean begins) {
        outages = Math.max(0, outages + (begins ? 1 : -1));
        if (outages == 0) {
            // An ensemble that finds together again gives every session its time anew.
            pingedNanos = timeline.nowNanos();
        }
    }

    /** Everything is gone. */
    void wipe() {
        values.clear();
        keys.clear();
        sitting = -1;
        leader = null;
        writes++;
    }

    void heal() {
        outages = 1;
        outage(false);
        slowness = 1;
        unknownPpm = 0;
    }

    // ------------------------------------------------------------ sessions and the seat

    /** Of one life of one master. */
    long newSession() {
        return ++sessions;
    }

    void ping(long session) {
        if (session == sitting) {
            pingedNanos = timeline.nowNanos();
        }
    }

    boolean vacant() {
        return sitting < 0;
    }

    boolean seated(long session, long term) {
        return sitting == session && epoch == term;
    }

    Optional<Leader> leader() {
        return Optional.ofNullable(leader);
    }

    /** Sits down; with this every older fence has fallen. */
    long take(long session, Addresses self) {
        sitting = session;
        epoch++;
        leader = new Leader(epoch, self);
        pingedNanos = timeline.nowNanos();
        return epoch;
    }

    void leave(long session, long term) {
        if (seated(session, term)) {
            sitting = -1;
            leader = null;
        }
    }

    /** The session of whoever leads ends. */
    void expire() {
        sitting = -1;
        leader = null;
    }

    private void look() {
        if (up() && sitting >= 0 && timeline.nowNanos() - pingedNanos > SESSION_NANOS) {
            expire();
        }
        timeline.after(LOOK_NANOS, actor, this::look);
    }

    // ------------------------------------------------------------ values

    List<Optional<byte[]>> read(List<String> keys) {
        List<Optional<byte[]>> found = new ArrayList<>(keys.size());
        for (String key : keys) {
            found.add(Optional.ofNullable(values.get(key)));
        }
        return found;
    }

    List<String> list(String folder) {
        TreeSet<String> names = new TreeSet<>();
        for (String key : keys.subSet(folder + "/", folder + "0")) {
            int end = key.indexOf('/', folder.length() + 1);
            names.add(key.substring(folder.length() + 1, end < 0 ? key.length() : end));
        }
        return List.copyOf(names);
    }

    Optional<String> first(String folder) {
        String key = keys.ceiling(folder + "/");
        if (key == null || !key.startsWith(folder + "/")) {
            return Optional.empty();
        }
        int end = key.indexOf('/', folder.length() + 1);
        return Optional.of(key.substring(folder.length() + 1, end < 0 ? key.length() : end));
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    byte[] settle(String key, byte[] value) {
        keys.add(key);
        return values.computeIfAbsent(key, unused -> value);
    }

    /** All of it or nothing. */
    void carryOut(Ledger.Fence fence, List<LedgerChange> changes) {
        if (fence.token() != epoch) {
            if (seams.fenced()) {
                throw new LedgerException(LedgerException.Kind.FENCED,
                        "epoch " + fence.token() + " is over");
            }
            onUnfenced.taken(fence.token(), epoch);
        }
        for (LedgerChange change : changes) {
            boolean there = values.containsKey(change.key());
            boolean conflict = switch (change) {
                case LedgerChange.Create unused -> there;
                case LedgerChange.Put unused -> false;
                case LedgerChange.Delete unused -> !there;
                case LedgerChange.Expect unused -> !there;
            };
            if (conflict) {
                throw new LedgerException(LedgerException.Kind.CONFLICT, change.key());
            }
        }
        for (LedgerChange change : changes) {
            switch (change) {
                case LedgerChange.Create(String key, byte[] value) -> put(key, value);
                case LedgerChange.Put(String key, byte[] value) -> put(key, value);
                case LedgerChange.Delete(String key) -> {
                    values.remove(key);
                    keys.remove(key);
                }
                case LedgerChange.Expect unused -> {
                }
            }
        }
        writes++;
        onWrite.run();
    }

    private void put(String key, byte[] value) {
        if (values.put(key, value) == null) {
            keys.add(key);
        }
    }
}
