package io.springtide.master.store;

import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.JournalSeed;
import io.springtide.master.journal.SeededFolder;
import io.springtide.master.store.etcd.EtcdStore;
import io.springtide.master.store.zookeeper.ZooKeeperStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Opens stores of every kind. */
public final class Stores {

    /** So soon after its death a leader is replaced. */
    public static final Duration SESSION_STANDARD = Duration.ofSeconds(2);

    /** Below that, a busy machine alone ends reigns. */
    public static final Duration SESSION_MIN = Duration.ofSeconds(1);

    public static final Duration SESSION_MAX = Duration.ofMinutes(1);

    private Stores() {}

    /**
     * Begins an empty store with what a backup gives.
     *
     * @param aside whether a journal in a folder is to be kept under another name; a store that masters
     *        share must be empty all the same
     * @return where the former journal is now
     * @throws JournalException if the store is not empty, or cannot be reached
     */
    public static Optional<Path> restore(StoreUri uri, JournalSeed seed, boolean aside,
            long nowMs) {
        switch (uri.kind()) {
            case FILE -> {
                return SeededFolder.begin(Path.of(uri.path()), seed, aside, nowMs);
            }
            case ZOOKEEPER -> ZooKeeperStore.restore(uri.servers(), uri.path(), SESSION_STANDARD,
                    seed);
            case ETCD -> EtcdStore.restore(uri.servers(), uri.path(), SESSION_STANDARD, seed);
        }
        return Optional.empty();
    }

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
