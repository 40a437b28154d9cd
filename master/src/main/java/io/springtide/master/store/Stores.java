package io.springtide.master.store;

import io.springtide.master.journal.JournalException;
import io.springtide.master.store.etcd.EtcdStore;
import io.springtide.master.store.zookeeper.ZooKeeperStore;
import java.nio.file.Path;
import java.time.Duration;

/** Opens stores of every kind. */
public final class Stores {

    /** So soon after its death a leader is replaced. */
    public static final Duration SESSION_STANDARD = Duration.ofSeconds(2);

    /** Below that, a busy machine alone ends reigns. */
    public static final Duration SESSION_MIN = Duration.ofSeconds(1);

    public static final Duration SESSION_MAX = Duration.ofMinutes(1);

    private Stores() {}

    /** Opens a store with the standard session. */
    public static Store open(StoreUri uri) {
        return open(uri, SESSION_STANDARD);
    }

    /**
     * Opens a store.
     *
     * @param session for how long a master may be cut off from a shared store and still lead; a folder
     *        has none
     * @throws JournalException if it cannot be reached, another master has it for itself, or it is
     *         damaged
     * @throws IllegalArgumentException if the session is too short or too long
     */
    public static Store open(StoreUri uri, Duration session) {
        if (session.compareTo(SESSION_MIN) < 0 || session.compareTo(SESSION_MAX) > 0) {
            throw new IllegalArgumentException(
                    "a session lasts " + SESSION_MIN.toSeconds() + " s to "
                            + SESSION_MAX.toSeconds() + " s, not " + session.toMillis() + " ms");
        }
        return switch (uri.kind()) {
            case FILE -> FileStore.open(Path.of(uri.path()));
            case ZOOKEEPER -> ZooKeeperStore.open(uri.servers(), uri.path(), session);
            case ETCD -> EtcdStore.open(uri.servers(), uri.path(), session);
        };
    }
}
