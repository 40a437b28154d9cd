package io.springtide.master;

import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import java.time.Duration;
import java.util.Optional;

/** How the master itself is, and who leads. Any thread. */
public interface MasterStatus {

    /**
     * For so long nobody may lead before it is trouble: requests are held until then. A hand-over takes
     * some hundred milliseconds, on a machine with other things to do some seconds.
     */
    Duration INTERREGNUM = Duration.ofSeconds(5);

    /** It leads and takes commands. */
    boolean leads();

    /** Who leads as far as is known; empty between two reigns, or while the store is out of reach. */
    Optional<Leader> leader();

    /** The leader, if it is another master than this. */
    Optional<Addresses> elsewhere();

    /** How many facts are durable, as far as this master knows. */
    long position();

    /** How long ago this master was known to show everything that is durable; 0 if it leads. */
    long staleMs();

    /**
     * Hands the leadership over to another master, a moment later.
     *
     * @return false if it does not lead, or there can be no other
     */
    boolean abdicate();

    /** It is about to end: what it gets still is answered, but nothing more should be sent to it. */
    default boolean leaving() {
        return false;
    }

    /** It can answer reads and has a leader to send changes to, be it itself; and it means to stay. */
    default boolean ready() {
        return !leaving() && (leads() || leader().isPresent());
    }

    /** Where clients reach the leader, as {@code host:port}; empty if there is none. */
    default String leaderAddress() {
        return leader().map(leader -> leader.addresses().clients()).orElse("");
    }

    /** The highest that this master knows of, whether that reign lasts or not; 0 if it knows none. */
    default long epochHighest() {
        return epoch();
    }

    /** Of the reign that is known to last; 0 if there is none. */
    default long epoch() {
        return leader().map(Leader::epoch).orElse(0L);
    }
}
