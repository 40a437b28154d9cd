package io.springtide.master.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.PutOption;
import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.Seat;
import io.springtide.master.store.ledger.SeatText;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The seat as a key with a lease. Who creates it raises the epoch key in the same transaction; its
 * create revision is the fence.
 */
final class EtcdSeat implements Seat {

    private static final String EPOCH = "epoch";

    /** From a lease to its end if nobody is left to renew it. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final EtcdConnection connection;
    private final ByteSequence leaderKey;
    private final ByteSequence epochKey;
    private final Object monitor = new Object();
    private boolean changed;
    private long watched = -1;
    private @Nullable Watcher watcher;
    private @Nullable EtcdLease lease;

    EtcdSeat(EtcdConnection connection) {
        this.connection = connection;
        this.leaderKey = connection.key(EtcdLedger.LEADER);
        this.epochKey = connection.key(EPOCH);
    }

    @Override
    public Optional<Leader> holder() {
        watch();
        return leader().flatMap(found -> SeatText.leader(found.getValue().getBytes()));
    }

    /** A connection that was given up has taken its watch along. */
    private void watch() {
        EtcdConnection.Link link = connection.link();
        if (link.number() != watched) {
            watched = link.number();
            watcher = link.client().getWatchClient().watch(leaderKey, event -> wake(),
                    failure -> wake());
        }
    }

    private Optional<KeyValue> leader() {
        return connection.ride(client -> client.getKVClient().get(leaderKey)).getKvs().stream()
                .findFirst();
    }

    @Override
    public Optional<Term> take(Addresses self) {
        Optional<KeyValue> epochFound = connection
                .ride(client -> client.getKVClient().get(epochKey)).getKvs().stream().findFirst();
        long epoch = epochFound
                .map(found -> SeatText.epoch(EPOCH, found.getValue().getBytes())).orElse(0L) + 1;
        long seconds = Math.max(1, connection.session().plusMillis(999).toSeconds());
        long askedNanos = System.nanoTime();
        long id = connection.ask(client -> client.getLeaseClient().grant(seconds)).getID();
        boolean sits = false;
        try {
            Leader text = new Leader(epoch, self);
            ByteSequence value = ByteSequence
                    .from(SeatText.of(text, UUID.randomUUID().toString()));
            TxnResponse answer = connection.ask(client -> client.getKVClient().txn()
                    .If(EtcdLedger.created(leaderKey, Cmp.Op.EQUAL, 0),
                            new Cmp(epochKey, Cmp.Op.EQUAL, CmpTarget.modRevision(
                                    epochFound.map(KeyValue::getModRevision).orElse(0L))))
                    .Then(Op.put(leaderKey, value, PutOption.builder().withLeaseId(id).build()),
                            Op.put(epochKey, ByteSequence.from(SeatText.epoch(epoch)),
                                    PutOption.DEFAULT))
                    .commit());
            sits = answer.isSucceeded();
            if (!sits) {
                return Optional.empty();
            }
            lease = new EtcdLease(connection, id, askedNanos, this::wake);
            return Optional.of(new Term(epoch,
                    new Ledger.Fence(answer.getHeader().getRevision()), id));
        } finally {
            if (!sits) {
                // If the answer was lost and the key is there, it goes with the lease.
                revoke(id);
            }
        }
    }

    private void revoke(long id) {
        try {
            connection.ask(client -> client.getLeaseClient().revoke(id), GRACE);
        } catch (LedgerException e) {
            // Nobody renews it: it ends by itself.
            return;
        }
    }

    @Override
    public Optional<String> ended(Term term) {
        EtcdLease held = lease;
        if (held == null) {
            return Optional.of("the lease was given back");
        }
        if (held.lost().isPresent()) {
            return held.lost();
        }
        try {
            watch();
            boolean mine = connection.ask(client -> client.getKVClient().get(leaderKey)).getKvs()
                    .stream().anyMatch(key -> key.getCreateRevision() == term.fence().token());
            return mine
                    ? Optional.empty()
                    : Optional.of("the lease in " + connection.name() + " is over");
        } catch (LedgerException e) {
            // No answer is no lost lease: whoever renews it knows.
            return held.lost();
        }
    }

    @Override
    public void leave(Term term) {
        EtcdLease held = lease;
        lease = null;
        if (held != null) {
            held.letGo();
        }
        revoke(term.id());
    }

    @Override
    public void awaitChange(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (monitor) {
            while (!changed) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (leftMs <= 0) {
                    return;
                }
                monitor.wait(leftMs);
            }
            changed = false;
        }
    }

    @Override
    public void wake() {
        synchronized (monitor) {
            changed = true;
            monitor.notifyAll();
        }
    }

    @Override
    public void close() {
        if (watcher != null) {
            watcher.close();
        }
    }
}
