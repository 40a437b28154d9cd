package io.springtide.master.store.etcd;

import io.springtide.master.store.ledger.LedgerException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A lease that is kept by a thread of its own until it is let go or lost. */
final class EtcdLease {

    /** Renewals in the time of a lease. */
    private static final int RENEWALS = 5;

    private final EtcdConnection connection;
    private final long id;
    private final Runnable onLost;
    private final CountDownLatch letGo = new CountDownLatch(1);
    private volatile @Nullable String lost;

    /**
     * Keeps a lease.
     *
     * @param askedNanos when it was asked for: from then on it counts
     * @param onLost told when it is lost
     */
    EtcdLease(EtcdConnection connection, long id, long askedNanos, Runnable onLost) {
        this.connection = connection;
        this.id = id;
        this.onLost = onLost;
        Thread.ofPlatform().name("lease").daemon(true).start(() -> keep(askedNanos));
    }

    /** Why it is lost; empty as long as it may be held. */
    Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    /** Stops to renew it. */
    void letGo() {
        letGo.countDown();
    }

    private void keep(long askedNanos) {
        Duration session = connection.session();
        long renewed = askedNanos;
        try {
            while (!letGo.await(session.toMillis() / RENEWALS, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                if (renew(session.dividedBy(RENEWALS))) {
                    renewed = now;
                } else if (lost == null && System.nanoTime() - renewed > session.toNanos()) {
                    lost = "the lease in " + connection.name()
                            + " could not be renewed for " + session.toMillis() + " ms";
                }
                if (lost != null) {
                    onLost.run();
                    return;
                }
            }
        } catch (InterruptedException e) {
            lost = "the thread that renews the lease was interrupted";
            onLost.run();
        }
    }

    private boolean renew(Duration atMost) {
        try {
            boolean alive = connection
                    .ask(client -> client.getLeaseClient().keepAliveOnce(id), atMost).getTTL() > 0;
            if (!alive) {
                lost = "the lease in " + connection.name() + " has run out";
            }
            return alive;
        } catch (LedgerException e) {
            // jetcd reports a lease that is gone by this word.
            if (String.valueOf(e.getMessage()).contains("lease not found")) {
                lost = "the lease in " + connection.name() + " has run out";
            }
            return false;
        }
    }
}
