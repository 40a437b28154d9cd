package io.springtide.master.store.zookeeper;

import io.springtide.master.store.ledger.Ledger.Fence;
import io.springtide.master.store.ledger.LedgerChange;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerException.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/** One {@code multi}: the fence, the folders that are missing, the changes, the folders that become empty. */
final class ZooKeeperTransaction {

    private static final int ANY_VERSION = -1;

    private final ZooKeeperConnection connection;
    private final ZooKeeper handle;
    private final Set<String> folders;
    private final Set<String> foldersCreated = new TreeSet<>();
    private final List<Op> steps = new ArrayList<>();

    /**
     * Begins one.
     *
     * @param folders known to exist; what this one creates is added at once, so that those that are
     *        sent behind it count on it
     */
    ZooKeeperTransaction(ZooKeeperConnection connection, ZooKeeper handle, Set<String> folders) {
        this.connection = connection;
        this.handle = handle;
        this.folders = folders;
    }

    ZooKeeperTransaction add(Fence fence, List<LedgerChange> changes) throws KeeperException {
        steps.add(Op.check(connection.path(ZooKeeperLedger.EPOCH), Math.toIntExact(fence.token())));
        Map<String, CompletableFuture<Boolean>> puts = new TreeMap<>();
        Map<String, Set<String>> deleted = new TreeMap<>();
        for (LedgerChange change : changes) {
            String path = connection.path(change.key());
            if (change instanceof LedgerChange.Put) {
                puts.put(path, exists(path));
            }
            if (change instanceof LedgerChange.Delete) {
                deleted.computeIfAbsent(parent(path), unused -> new HashSet<>())
                        .add(path.substring(path.lastIndexOf('/') + 1));
            }
        }
        for (LedgerChange change : changes) {
            String path = connection.path(change.key());
            switch (change) {
                case LedgerChange.Create create -> create(path, create.value());
                case LedgerChange.Put put -> {
                    if (connection.get(Objects.requireNonNull(puts.get(path)))) {
                        steps.add(Op.setData(path, put.value(), ANY_VERSION));
                    } else {
                        create(path, put.value());
                    }
                }
                case LedgerChange.Delete unused -> steps.add(Op.delete(path, ANY_VERSION));
                case LedgerChange.Expect unused -> steps.add(Op.check(path, ANY_VERSION));
            }
        }
        for (Map.Entry<String, Set<String>> folder : deleted.entrySet()) {
            deleteIfEmpty(folder.getKey(), folder.getValue());
        }
        return this;
    }

    private void create(String path, byte[] value) throws KeeperException {
        createFolder(parent(path));
        steps.add(create(path, value, CreateMode.PERSISTENT));
    }

    static Op create(String path, byte[] value, CreateMode mode) {
        return Op.create(path, value, ZooDefs.Ids.OPEN_ACL_UNSAFE, mode);
    }

    private void createFolder(String path) throws KeeperException {
        if (path.equals(connection.root()) || folders.contains(path)
                || foldersCreated.contains(path)) {
            return;
        }
        createFolder(parent(path));
        if (!connection.get(exists(path))) {
            steps.add(create(path, new byte[0], CreateMode.PERSISTENT));
        }
        foldersCreated.add(path);
    }

    /** A folder of the first level stays: there are few of them. */
    private void deleteIfEmpty(String path, Set<String> deleted) throws KeeperException {
        if (!parent(path).equals(connection.root())
                && deleted.containsAll(connection.get(children(handle, path)))) {
            steps.add(Op.delete(path, ANY_VERSION));
            folders.remove(path);
        }
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private CompletableFuture<Boolean> exists(String path) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        handle.exists(path, false, (int rc, String at, Object unused, Stat stat) -> {
            if (Code.get(rc) == Code.NONODE) {
                answer.complete(false);
            } else {
                ZooKeeperConnection.complete(answer, rc, at, true);
            }
        }, null);
        return answer;
    }

    /** Names below a node; none if there is no such node. */
    static CompletableFuture<List<String>> children(ZooKeeper handle, String path) {
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        handle.getChildren(path, false, (int rc, String at, Object unused, List<String> names) -> {
            if (Code.get(rc) == Code.NONODE) {
                answer.complete(List.of());
            } else {
                ZooKeeperConnection.complete(answer, rc, at, names);
            }
        }, null);
        return answer;
    }

    /** Sends it; the answer says what has gone wrong, if anything. */
    CompletableFuture<Optional<LedgerException>> send() {
        CompletableFuture<Optional<LedgerException>> answer = new CompletableFuture<>();
        folders.addAll(foldersCreated);
        handle.multi(steps, (rc, path, unused, results) -> answer.complete(
                rc == Code.OK.intValue()
                        ? Optional.empty()
                        : Optional.of(failure(rc, Optional.ofNullable(results)))),
                null);
        return answer;
    }

    private LedgerException failure(int rc, Optional<List<OpResult>> results) {
        boolean fenced = results.filter(all -> !all.isEmpty()
                && all.getFirst() instanceof OpResult.ErrorResult first
                && (first.getErr() == Code.BADVERSION.intValue()
                        || first.getErr() == Code.NONODE.intValue()))
                .isPresent();
        return fenced
                ? new LedgerException(Kind.FENCED,
                        connection.name() + ": another master has begun a new epoch")
                : connection.failure(KeeperException.create(Code.get(rc)));
    }
}
