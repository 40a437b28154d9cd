package io.springtide.master.nodes;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is in the way of a pool as a whole, the newest of each kind. Timer's thread. */
final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    private final String pool;
    private final Map<Kind, Trouble> present = new EnumMap<>(Kind.class);

    /** What can go wrong. */
    enum Kind {
        LIST, ORDER, LATE
    }

    /**
     * One of them.
     *
     * @param sinceMs when it was first met
     * @param newestMs when it was met last
     */
    record Trouble(String sentence, long sinceMs, long newestMs) {}

    Troubles(String pool) {
        this.pool = pool;
    }

    void met(Kind kind, String sentence, long nowMs) {
        Trouble before = present.get(kind);
        present.put(kind,
                new Trouble(sentence, before == null ? nowMs : before.sinceMs, nowMs));
        LOG.warn("nodes_trouble pool={} why=\"{}\"", pool, sentence);
    }

    void over(Kind kind) {
        present.remove(kind);
    }

    /** It has not been met for so long that nobody needs to see it any more. */
    void overIfOlder(Kind kind, long ms, long nowMs) {
        present.computeIfPresent(kind,
                (same, trouble) -> nowMs - trouble.newestMs > ms ? null : trouble);
    }

    Optional<Trouble> of(Kind kind) {
        return Optional.ofNullable(present.get(kind));
    }

    List<Trouble> all() {
        return List.copyOf(present.values());
    }
}
