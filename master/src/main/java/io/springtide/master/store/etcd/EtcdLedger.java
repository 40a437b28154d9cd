package io.springtide.master.store.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch.Watcher;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.springtide.master.store.ledger.Ledger;
import io.springtide.master.store.ledger.LedgerChange;
import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A ledger in an etcd cluster. Each transaction compares the create revision of the leader's key, which
 * is the fence.
 */
final class EtcdLedger implements Ledger {

    /** The key whose create revision is the fence. */
    static final String LEADER = "leader";

    /** Keys of one answer. */
    private static final int PAGE = 1000;

    /** Until a key is looked for again, should a watch have been lost without a word. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final EtcdConnection connection;

    EtcdLedger(EtcdConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Optional<byte[]>> read(List<String> keys) {
        return connection.ride(client -> {
            List<CompletableFuture<GetResponse>> answers = keys.stream()
                    .map(key -> client.getKVClient().get(connection.key(key))).toList();
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                    .thenApply(unused -> answers.stream().map(CompletableFuture::join)
                            .map(EtcdLedger::value).toList());
        });
    }

    private static Optional<byte[]> value(GetResponse answer) {
        return answer.getKvs().stream().findFirst().map(KeyValue::getValue)
                .map(ByteSequence::getBytes);
    }

    @Override
    public List<String> list(String folder) {
        return names(folder, Integer.MAX_VALUE);
    }

    @Override
    public Optional<String> first(String folder) {
        return names(folder, 1).stream().findFirst();
    }

    /** Folders are not etcd's: whatever has been passed over is one name. */
    private List<String> names(String folder, int atMost) {
        List<String> names = new ArrayList<>();
        ByteSequence from = connection.key(folder + "/");
        // '0' comes after '/'.
        GetOption option = GetOption.builder().withRange(connection.key(folder + "0"))
                .withKeysOnly(true).withLimit(Math.min(PAGE, atMost)).build();
        int prefix = from.size();
        while (true) {
            ByteSequence start = from;
            GetResponse page = connection.ride(client -> client.getKVClient().get(start, option));
            for (KeyValue key : page.getKvs()) {
                String name = key.getKey().toString(StandardCharsets.UTF_8).substring(prefix)
                        .split("/", 2)[0];
                if (names.isEmpty() || !names.getLast().equals(name)) {
                    names.add(name);
                }
            }
            if (!page.isMore() || names.size() >= atMost) {
                return names;
            }
            from = connection.key(folder + "/" + names.getLast() + "0");
        }
    }

    @Override
    public void write(Fence fence, List<LedgerChange> changes) {
        List<Cmp> conditions = new ArrayList<>();
        List<Op> steps = new ArrayList<>();
        conditions.add(created(connection.key(LEADER), Cmp.Op.EQUAL, fence.token()));
        for (LedgerChange change : changes) {
            ByteSequence key = connection.key(change.key());
            switch (change) {
                case LedgerChange.Create create -> {
                    conditions.add(created(key, Cmp.Op.EQUAL, 0));
                    steps.add(put(key, create.value()));
                }
                case LedgerChange.Put put -> steps.add(put(key, put.value()));
                case LedgerChange.Delete unused -> {
                    conditions.add(created(key, Cmp.Op.GREATER, 0));
                    steps.add(Op.delete(key, DeleteOption.DEFAULT));
                }
                case LedgerChange.Expect unused -> conditions
                        .add(created(key, Cmp.Op.GREATER, 0));
            }
        }
        TxnResponse answer = connection.ask(client -> client.getKVClient().txn()
                .If(conditions.toArray(Cmp[]::new)).Then(steps.toArray(Op[]::new))
                .Else(Op.get(connection.key(LEADER), GetOption.DEFAULT)).commit());
        if (!answer.isSucceeded()) {
            boolean fenced = answer.getGetResponses().getFirst().getKvs().stream()
                    .noneMatch(leader -> leader.getCreateRevision() == fence.token());
            throw fenced
                    ? new LedgerException(Kind.FENCED,
                            connection.name() + ": this master's lease is over")
                    : new LedgerException(Kind.CONFLICT, connection.name()
                            + ": a key is there that should not be, or the other way round");
        }
    }

    static Cmp created(ByteSequence key, Cmp.Op relation, long revision) {
        return new Cmp(key, relation, CmpTarget.createRevision(revision));
    }

    private static Op put(ByteSequence key, byte[] value) {
        return Op.put(key, ByteSequence.from(value), PutOption.DEFAULT);
    }

    @Override
    public byte[] settle(String key, byte[] value) {
        ByteSequence at = connection.key(key);
        connection.ride(client -> client.getKVClient().txn()
                .If(created(at, Cmp.Op.EQUAL, 0)).Then(put(at, value)).commit());
        return read(List.of(key)).getFirst()
                .orElseThrow(() -> new LedgerException(Kind.UNREACHABLE, connection.name()
                        + " does not show what was just written: " + key));
    }

    @Override
    public void awaitReachable() {
        connection.ride(client -> client.getKVClient().get(connection.key(LEADER)));
    }

    @Override
    public boolean await(String key, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            CountDownLatch seen = new CountDownLatch(1);
            EtcdConnection.Link link = connection.link();
            Watcher watcher = link.client().getWatchClient().watch(connection.key(key),
                    event -> seen.countDown(), failure -> seen.countDown());
            try {
                Optional<Boolean> found = await(key, link, seen, deadline);
                if (found.isPresent()) {
                    return found.get();
                }
            } finally {
                watcher.close();
            }
        }
    }

    /** Empty if the watch is of no use any more. */
    private Optional<Boolean> await(String key, EtcdConnection.Link link, CountDownLatch seen,
            long deadline) throws InterruptedException {
        while (!isThere(key)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return Optional.of(false);
            }
            if (connection.link().number() != link.number() || seen.getCount() == 0) {
                return Optional.empty();
            }
            boolean event = seen.await(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
            if (event) {
                return isThere(key) ? Optional.of(true) : Optional.empty();
            }
        }
        return Optional.of(true);
    }

    private boolean isThere(String key) {
        GetOption option = GetOption.builder().withCountOnly(true).build();
        return connection.ride(client -> client.getKVClient().get(connection.key(key), option))
                .getCount() > 0;
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
