package io.springtide.master.store.zookeeper;

import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerChange;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/**
 * A ledger in a ZooKeeper ensemble. Each transaction is one {@code multi} that begins with a check of
 * the epoch node's version. Folders are nodes without a value; they are created and deleted in the
 * transactions of what is in them.
 */
final class ZooKeeperLedger implements Ledger {

    /** Transactions under way: 14 MB at most. */
    private static final int IN_FLIGHT_MAX = 16;

    /** The node whose version is the fence. */
    static final String EPOCH = "epoch";

    private final ZooKeeperConnection connection;

    /** Known to exist. */
    private final Set<String> folders = ConcurrentHashMap.newKeySet();

    ZooKeeperLedger(ZooKeeperConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Optional<byte[]>> read(List<String> keys) {
        return connection.ride(handle -> {
            CompletableFuture<Boolean> sync = sync(handle);
            List<CompletableFuture<Optional<byte[]>>> answers = new ArrayList<>();
            for (String key : keys) {
                answers.add(data(handle, connection.path(key)));
            }
            connection.get(sync);
            List<Optional<byte[]>> values = new ArrayList<>();
            for (CompletableFuture<Optional<byte[]>> answer : answers) {
                values.add(connection.get(answer));
            }
            return values;
        });
    }

    @Override
    public List<String> list(String folder) {
        return connection.ride(handle -> {
            CompletableFuture<Boolean> sync = sync(handle);
            CompletableFuture<List<String>> children = ZooKeeperTransaction.children(handle,
                    connection.path(folder));
            connection.get(sync);
            return connection.get(children).stream().sorted().toList();
        });
    }

    /** The server that is asked catches up with the leader of the ensemble first. */
    private CompletableFuture<Boolean> sync(ZooKeeper handle) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        handle.sync(connection.root(),
                (rc, at, unused) -> ZooKeeperConnection.complete(answer, rc, at, true), null);
        return answer;
    }

    private static CompletableFuture<Optional<byte[]>> data(ZooKeeper handle, String path) {
        CompletableFuture<Optional<byte[]>> answer = new CompletableFuture<>();
        handle.getData(path, false, (rc, at, unused, bytes, stat) -> {
            if (Code.get(rc) == Code.NONODE) {
                answer.complete(Optional.empty());
            } else {
                ZooKeeperConnection.complete(answer, rc, at, Optional.ofNullable(bytes));
            }
        }, null);
        return answer;
    }

    @Override
    public void write(Fence fence, List<LedgerChange> changes) {
        writeAll(fence, List.of(changes));
    }

    @Override
    public void writeAll(Fence fence, List<List<LedgerChange>> transactions) {
        // One client for all: only within a session are they carried out in order.
        ZooKeeper handle = connection.handle();
        Deque<CompletableFuture<Optional<LedgerException>>> inFlight = new ArrayDeque<>();
        Optional<LedgerException> failure = Optional.empty();
        for (List<LedgerChange> changes : transactions) {
            if (inFlight.size() == IN_FLIGHT_MAX) {
                failure = outcome(inFlight.removeFirst());
            }
            if (failure.isPresent()) {
                break;
            }
            inFlight.add(send(handle, fence, changes));
        }
        while (!inFlight.isEmpty()) {
            Optional<LedgerException> next = outcome(inFlight.removeFirst());
            failure = failure.isPresent() ? failure : next;
        }
        if (failure.isPresent()) {
            folders.clear();
            throw failure.get();
        }
    }

    private CompletableFuture<Optional<LedgerException>> send(ZooKeeper handle, Fence fence,
            List<LedgerChange> changes) {
        try {
            return new ZooKeeperTransaction(connection, handle, folders).add(fence, changes)
                    .send();
        } catch (KeeperException e) {
            return CompletableFuture.completedFuture(Optional.of(connection.failure(e)));
        } catch (LedgerException e) {
            return CompletableFuture.completedFuture(Optional.of(e));
        }
    }

    private Optional<LedgerException> outcome(CompletableFuture<Optional<LedgerException>> sent) {
        try {
            return connection.get(sent);
        } catch (KeeperException e) {
            return Optional.of(connection.failure(e));
        } catch (LedgerException e) {
            return Optional.of(e);
        }
    }

    @Override
    public byte[] settle(String key, byte[] value) {
        return connection.ride(handle -> {
            createPath(handle, connection.path(key), value);
            return connection.get(data(handle, connection.path(key))).orElseThrow(
                    () -> new LedgerException(Kind.UNREACHABLE, connection.name()
                            + " does not show what was just written: " + key));
        });
    }

    /** Creates a node and those above it, unless they are there. */
    private void createPath(ZooKeeper handle, String path, byte[] value) throws KeeperException {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            createNode(handle, path.substring(0, slash), new byte[0]);
        }
        createNode(handle, path, value);
    }

    private void createNode(ZooKeeper handle, String path, byte[] value) throws KeeperException {
        CompletableFuture<Boolean> created = new CompletableFuture<>();
        handle.create(path, value, ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT,
                (rc, at, unused, name) -> ZooKeeperConnection.complete(created,
                        Code.get(rc) == Code.NODEEXISTS ? Code.OK.intValue() : rc, at, true),
                null);
        connection.get(created);
    }

    @Override
    public void awaitReachable() {
        connection.ride(handle -> connection.get(sync(handle)));
    }

    @Override
    public boolean await(String key, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            long seen = connection.changes();
            if (connection.ride(handle -> connection.get(isThere(handle, key)))) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0 || !connection.awaitChange(seen, Duration.ofNanos(left))) {
                return false;
            }
        }
    }

    private CompletableFuture<Boolean> isThere(ZooKeeper handle, String key) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        handle.exists(connection.path(key), connection.watcher(), (rc, at, unused, stat) -> {
            if (Code.get(rc) == Code.NONODE) {
                answer.complete(false);
            } else {
                ZooKeeperConnection.complete(answer, rc, at, true);
            }
        }, null);
        return answer;
    }

    @Override
    public String name() {
        return connection.name();
    }

    @Override
    public void close() {
        connection.close();
    }
}
