package io.springtide.master.store.zookeeper;

import io.springtide.master.store.ledger.LedgerException;
import io.springtide.master.store.ledger.LedgerException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.state.ConnectionState;
import org.apache.curator.framework.state.SessionConnectionStateErrorPolicy;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;

/**
 * A session with an ensemble, and the next one when it is lost. Curator keeps it; what is asked goes to
 * ZooKeeper's own client, which alone keeps requests in order. Any thread.
 */
final class ZooKeeperConnection implements AutoCloseable {

    private static final long PAUSE_MS = 20;

    private final String name;
    private final String root;
    private final Duration session;
    private final CuratorFramework client;
    private final AtomicLong changes = new AtomicLong();
    private final Object monitor = new Object();
    private final AtomicLong sessionsLost = new AtomicLong();
    private final Watcher watcher = event -> changed();

    /**
     * Begins a session.
     *
     * @param root path of everything that is the cluster's
     * @throws LedgerException if no server answers in time
     */
    ZooKeeperConnection(String name, String servers, String root, Duration session,
            Duration patience) {
        this.name = name;
        this.root = root;
        this.session = session;
        int sessionMs = Math.toIntExact(session.toMillis());
        this.client = CuratorFrameworkFactory.builder().connectString(servers)
                .sessionTimeoutMs(sessionMs).connectionTimeoutMs(sessionMs)
                .retryPolicy(new RetryOneTime((int) PAUSE_MS)).ensembleTracker(false)
                .connectionStateErrorPolicy(new SessionConnectionStateErrorPolicy())
                .zookeeperFactory(new Factory()).build();
        client.getConnectionStateListenable().addListener((unused, state) -> {
            if (state == ConnectionState.LOST) {
                sessionsLost.incrementAndGet();
            }
            changed();
        });
        client.start();
        connect(patience);
    }

    private void connect(Duration patience) {
        boolean connected = false;
        try {
            connected = client.blockUntilConnected(Math.toIntExact(patience.toMillis()),
                    TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!connected) {
                client.close();
            }
        }
        if (!connected) {
            throw new LedgerException(Kind.UNREACHABLE,
                    "no ZooKeeper server of " + name + " answered within " + patience);
        }
    }

    /** Its clients wait less between two servers than ZooKeeper's do. */
    private static final class Factory implements ZookeeperFactory {

        @Override
        public ZooKeeper newZooKeeper(String servers, int sessionMs, Watcher watcher,
                boolean canBeReadOnly) throws Exception {
            return new ZooKeeper(servers, sessionMs, watcher, canBeReadOnly,
                    new QuickHosts(servers));
        }

        @Override
        public ZooKeeper newZooKeeper(String servers, int sessionMs, Watcher watcher,
                boolean canBeReadOnly, ZKClientConfig config) throws Exception {
            return new ZooKeeper(servers, sessionMs, watcher, canBeReadOnly,
                    new QuickHosts(servers), config);
        }
    }

    String name() {
        return name;
    }

    Duration session() {
        return session;
    }

    /** The full path of a key. */
    String path(String key) {
        return root + "/" + key;
    }

    String root() {
        return root;
    }

    /** One for all watches: the client keeps one of a kind for each path. */
    Watcher watcher() {
        return watcher;
    }

    /** How often a session was lost so far. */
    long sessionsLost() {
        return sessionsLost.get();
    }

    /** Counts what the watcher has heard. */
    long changes() {
        return changes.get();
    }

    void changed() {
        changes.incrementAndGet();
        synchronized (monitor) {
            monitor.notifyAll();
        }
    }

    /** Waits until something is heard that was not counted yet; false if the time has passed before. */
    boolean awaitChange(long seen, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (monitor) {
            while (changes.get() == seen) {
                long leftMs = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (leftMs <= 0) {
                    return false;
                }
                monitor.wait(leftMs);
            }
            return true;
        }
    }

    /**
     * The client of the session that runs now.
     *
     * @throws LedgerException if there is none
     */
    ZooKeeper handle() {
        try {
            return client.getZookeeperClient().getZooKeeper();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(Kind.UNREACHABLE, "interrupted", e);
        } catch (Exception e) { // Curator declares no less
            throw new LedgerException(Kind.UNREACHABLE, name + " is out of reach: "
                    + e.getMessage(), e);
        }
    }

    /** Passes on what the client's thread was told. */
    static <T> void complete(CompletableFuture<T> answer, int code, String path, T value) {
        if (code == Code.OK.intValue()) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(KeeperException.create(Code.get(code), path));
        }
    }

    /**
     * Waits for an answer.
     *
     * @throws KeeperException if it is a failure
     * @throws LedgerException if none comes: what was asked for may have happened or not
     */
    <T> T get(CompletableFuture<T> answer) throws KeeperException {
        try {
            // The client itself gives up when the connection is lost; this is for a bug in it.
            return answer.get(4 * session.toMillis() + 5_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(Kind.UNKNOWN, "interrupted", e);
        } catch (TimeoutException e) {
            throw new LedgerException(Kind.UNKNOWN, name + " does not answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KeeperException refused) {
                throw refused;
            }
            throw new IllegalStateException("an answer of ZooKeeper could not be read", e);
        }
    }

    /** A question that may be asked again without harm. */
    interface Question<T> {
        T ask(ZooKeeper handle) throws KeeperException;
    }

    /**
     * Asks until there is an answer, for as long as a session lasts.
     *
     * @throws LedgerException if there is none, or if it is a refusal
     */
    <T> T ride(Question<T> question) {
        long deadline = System.nanoTime() + session.toNanos();
        while (true) {
            LedgerException failure;
            try {
                return question.ask(handle());
            } catch (KeeperException e) {
                failure = failure(e);
            } catch (LedgerException e) {
                failure = e;
            }
            boolean lost = failure.kind() == Kind.UNKNOWN || failure.kind() == Kind.UNREACHABLE;
            if (!lost || System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
                throw lost
                        ? new LedgerException(Kind.UNREACHABLE, failure.getMessage(), failure)
                        : failure;
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a refusal by ZooKeeper means, the fence apart. */
    LedgerException failure(KeeperException e) {
        Kind kind = switch (e.code()) {
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT, SESSIONEXPIRED, SESSIONMOVED,
                    SESSIONCLOSEDREQUIRESASLAUTH ->
                Kind.UNKNOWN;
            case NODEEXISTS, NONODE, BADVERSION, NOTEMPTY -> Kind.CONFLICT;
            default -> Kind.REFUSED;
        };
        return new LedgerException(kind, name + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        client.close();
    }
}
