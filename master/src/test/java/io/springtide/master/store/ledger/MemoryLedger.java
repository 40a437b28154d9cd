package io.springtide.master.store.ledger;

import io.springtide.master.store.ledger.LedgerException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A ledger in memory that can be made to fail as a real one does: before a write, after it, in the
 * middle of several, and by a write that comes late.
 */
final class MemoryLedger implements Ledger {

    private final TreeMap<String, byte[]> values = new TreeMap<>();
    private final List<Late> late = new ArrayList<>();
    private long fence;
    private Optional<SplittableRandom> faults = Optional.empty();
    private int faultsPercent;
    private boolean down;
    private int readsUntil;
    private Optional<Runnable> interposed = Optional.empty();
    int transactions;
    int valuesRead;

    /** A write that was given up by the one who sent it, and still is under way. */
    private record Late(Fence fence, List<LedgerChange> changes) {}

    /** From now on so many of a hundred writes go wrong, as drawn. */
    synchronized void failBy(SplittableRandom random, int percent) {
        faults = Optional.of(random);
        faultsPercent = percent;
    }

    /** The store is out of reach, or no longer. */
    synchronized void down(boolean isDown) {
        down = isDown;
    }

    /** Begins a reign; with it the fence of the one before falls. */
    synchronized Fence fence() {
        fence++;
        return new Fence(fence);
    }

    /** What was given up arrives now. */
    synchronized void deliverLate() {
        for (Late write : late) {
            try {
                carryOut(write.fence(), write.changes());
            } catch (LedgerException ignored) {
                // As it should be: nobody waits for it.
            }
        }
        late.clear();
    }

    /** Has something happen once, after so many reads of values and before the next one. */
    synchronized void beforeRead(int after, Runnable what) {
        readsUntil = after;
        interposed = Optional.of(what);
    }

    synchronized Map<String, byte[]> values() {
        return new TreeMap<>(values);
    }

    /** Something that no journal does. */
    synchronized void set(String key, byte[] value) {
        values.put(key, value);
        notifyAll();
    }

    synchronized void remove(String key) {
        values.remove(key);
    }

    synchronized void clear() {
        values.clear();
    }

    @Override
    public synchronized List<Optional<byte[]>> read(List<String> keys) {
        expectUp();
        if (interposed.isPresent() && readsUntil-- == 0) {
            Runnable what = interposed.get();
            interposed = Optional.empty();
            what.run();
        }
        valuesRead += keys.size();
        return keys.stream().map(key -> Optional.ofNullable(values.get(key))).toList();
    }

    @Override
    public synchronized List<String> list(String folder) {
        expectUp();
        TreeSet<String> names = new TreeSet<>();
        for (String key : values.subMap(folder + "/", folder + "0").keySet()) {
            names.add(key.substring(folder.length() + 1).split("/", 2)[0]);
        }
        return List.copyOf(names);
    }

    @Override
    public synchronized void write(Fence by, List<LedgerChange> changes) {
        if (changes.isEmpty() || changes.size() > CHANGES_MAX
                || bytes(changes) > TRANSACTION_BYTES_MAX) {
            throw new AssertionError("a transaction of " + changes.size() + " changes with "
                    + bytes(changes) + " bytes");
        }
        if (changes.stream().map(LedgerChange::key).distinct().count() != changes.size()) {
            throw new AssertionError("a key occurs twice: " + changes);
        }
        expectUp();
        if (faults.isPresent() && faults.get().nextInt(100) < faultsPercent) {
            switch (faults.get().nextInt(4)) {
                case 0 -> throw new LedgerException(Kind.UNREACHABLE, "drawn");
                case 1 -> late.add(new Late(by, changes));
                case 2 -> {
                }
                default -> carryOut(by, changes);
            }
            if (faults.get().nextInt(3) == 0) {
                deliverLate();
            }
            throw new LedgerException(Kind.UNKNOWN, "drawn");
        }
        carryOut(by, changes);
    }

    @Override
    public void writeAll(Fence by, List<List<LedgerChange>> all) {
        // As ZooKeeper does: what fails stops nothing that was sent behind it.
        Optional<LedgerException> failure = Optional.empty();
        for (List<LedgerChange> changes : all) {
            try {
                write(by, changes);
            } catch (LedgerException e) {
                failure = failure.isPresent() ? failure : Optional.of(e);
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static int bytes(List<LedgerChange> changes) {
        int bytes = 0;
        for (LedgerChange change : changes) {
            bytes += change.key().length() + switch (change) {
                case LedgerChange.Create create -> create.value().length;
                case LedgerChange.Put put -> put.value().length;
                case LedgerChange.Delete unused -> 0;
                case LedgerChange.Expect unused -> 0;
            };
        }
        return bytes;
    }

    private void carryOut(Fence by, List<LedgerChange> changes) {
        if (by.token() != fence) {
            throw new LedgerException(Kind.FENCED, "fence " + by.token() + " has fallen");
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
                throw new LedgerException(Kind.CONFLICT, change.toString());
            }
        }
        for (LedgerChange change : changes) {
            switch (change) {
                case LedgerChange.Create(String key, byte[] value) ->
                    values.put(key, value.clone());
                case LedgerChange.Put(String key, byte[] value) -> values.put(key, value.clone());
                case LedgerChange.Delete(String key) -> values.remove(key);
                case LedgerChange.Expect unused -> {
                }
            }
        }
        transactions++;
        notifyAll();
    }

    @Override
    public synchronized byte[] settle(String key, byte[] value) {
        expectUp();
        values.putIfAbsent(key, value);
        return values.get(key);
    }

    @Override
    public synchronized void awaitReachable() {
        expectUp();
        if (faults.isPresent() && faults.get().nextInt(4) == 0) {
            throw new LedgerException(Kind.UNREACHABLE, "drawn: the session is over");
        }
    }

    @Override
    public synchronized boolean await(String key, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!values.containsKey(key)) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    private void expectUp() {
        if (down) {
            throw new LedgerException(Kind.UNREACHABLE, "the store is down");
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public void close() {
        // Nothing to let go of.
    }

    @Override
    public String toString() {
        return Arrays.toString(values.keySet().toArray());
    }
}
