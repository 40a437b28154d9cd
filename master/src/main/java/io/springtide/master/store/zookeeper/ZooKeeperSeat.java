package io.springtide.master.store.zookeeper;

import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerException.Kind;
import io.springtide.master.store.ledger.Seat;
import io.springtide.master.store.ledger.SeatText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * The seat as an ephemeral node, which lasts as long as its owner's session: a lost connection alone
 * ends nothing. Who creates it raises the epoch node in the same transaction; the version that this
 * gives to the epoch node is the fence.
 */
final class ZooKeeperSeat implements Seat {

    private static final String LEADER = "leader";

    private final ZooKeeperConnection connection;
    private final String leaderPath;
    private final String epochPath;
    private long seen;
    private long lostAtTake;
    private boolean sitting;

    ZooKeeperSeat(ZooKeeperConnection connection) {
        this.connection = connection;
        this.leaderPath = connection.path(LEADER);
        this.epochPath = connection.path(ZooKeeperLedger.EPOCH);
    }

    /** A node as it was read. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Node(byte[] value, Stat stat) {}

    @Override
    public Optional<Leader> holder() {
        seen = connection.changes();
        Optional<Node> node = connection.ride(handle -> {
            Optional<Node> found = connection.get(read(handle, leaderPath));
            if (found.isPresent() && !sitting
                    && found.get().stat().getEphemeralOwner() == handle.getSessionId()) {
                // Of a try to sit down whose answer was lost.
                connection.get(delete(handle, found.get().stat().getVersion()));
                return Optional.empty();
            }
            return found;
        });
        return node.flatMap(found -> SeatText.leader(found.value()));
    }

    private CompletableFuture<Optional<Node>> read(ZooKeeper handle, String path) {
        CompletableFuture<Optional<Node>> answer = new CompletableFuture<>();
        CompletableFuture<Boolean> watching = new CompletableFuture<>();
        // Tells of its creation; what follows tells of its end.
        handle.exists(path, connection.watcher(), (rc, at, unused, stat) -> watching.complete(true),
                null);
        handle.getData(path, connection.watcher(), (rc, at, unused, value, stat) -> {
            if (Code.get(rc) == Code.NONODE) {
                answer.complete(Optional.empty());
            } else {
                ZooKeeperConnection.complete(answer, rc, at, rc == Code.OK.intValue()
                        ? Optional.of(new Node(value, stat))
                        : Optional.empty());
            }
        }, null);
        return watching.thenCombine(answer, (unused, node) -> node);
    }

    private CompletableFuture<Boolean> delete(ZooKeeper handle, int version) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        handle.delete(leaderPath, version, (rc, at, unused) -> ZooKeeperConnection.complete(answer,
                Code.get(rc) == Code.NONODE ? Code.OK.intValue() : rc, at, true), null);
        return answer;
    }

    @Override
    public Optional<Term> take(Addresses self) {
        long lostBefore = connection.sessionsLost();
        try {
            ZooKeeper handle = connection.handle();
            Optional<Node> epochNode = connection.get(read(handle, epochPath));
            long epoch = epochNode.map(node -> SeatText.epoch(epochPath, node.value())).orElse(0L)
                    + 1;
            Op raise = epochNode.isPresent()
                    ? Op.setData(epochPath, SeatText.epoch(epoch),
                            epochNode.get().stat().getVersion())
                    : ZooKeeperTransaction.create(epochPath, SeatText.epoch(epoch),
                            CreateMode.PERSISTENT);
            byte[] text = SeatText.of(new Leader(epoch, self), UUID.randomUUID().toString());
            List<OpResult> results = connection.get(multi(handle, List.of(raise,
                    ZooKeeperTransaction.create(leaderPath, text, CreateMode.EPHEMERAL))));
            long version = results.getFirst() instanceof OpResult.SetDataResult set
                    ? set.getStat().getVersion()
                    : 0;
            sitting = true;
            lostAtTake = lostBefore;
            return Optional.of(
                    new Term(epoch, new Ledger.Fence(version), handle.getSessionId()));
        } catch (KeeperException e) {
            LedgerException failure = connection.failure(e);
            if (failure.kind() == Kind.CONFLICT) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static CompletableFuture<List<OpResult>> multi(ZooKeeper handle, List<Op> steps) {
        CompletableFuture<List<OpResult>> answer = new CompletableFuture<>();
        handle.multi(steps, (int rc, @Nullable String at, @Nullable Object unused,
                @Nullable List<OpResult> results) -> ZooKeeperConnection.complete(answer, rc,
                        String.valueOf(at), results == null ? List.of() : results),
                null);
        return answer;
    }

    @Override
    public Optional<String> ended(Term term) {
        seen = connection.changes();
        if (connection.sessionsLost() != lostAtTake) {
            return Optional.of("the session with " + connection.name()
                    + " was lost: no answer for " + connection.session().toMillis() + " ms");
        }
        try {
            ZooKeeper handle = connection.handle();
            Optional<Node> node = connection.get(read(handle, leaderPath));
            return node.isPresent() && node.get().stat().getEphemeralOwner() == term.id()
                    ? Optional.empty()
                    : Optional.of("the seat of the leader in " + connection.name()
                            + " was taken away");
        } catch (KeeperException | LedgerException e) {
            // A lost connection is no lost session.
            return Optional.empty();
        }
    }

    @Override
    public void leave(Term term) {
        sitting = false;
        try {
            ZooKeeper handle = connection.handle();
            Optional<Node> node = connection.get(read(handle, leaderPath));
            if (node.isPresent() && node.get().stat().getEphemeralOwner() == term.id()) {
                connection.get(delete(handle, node.get().stat().getVersion()));
            }
        } catch (KeeperException | LedgerException e) {
            // Then it goes with the session, or is found by holder().
            return;
        }
    }

    @Override
    public void awaitChange(Duration atMost) throws InterruptedException {
        connection.awaitChange(seen, atMost);
    }

    @Override
    public void wake() {
        connection.changed();
    }

    @Override
    public void close() {
        // The ledger's connection is the seat's; the session ends with it.
    }
}
