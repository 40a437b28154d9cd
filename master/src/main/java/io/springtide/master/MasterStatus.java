package io.springtide.master;

/** How the master itself is. Any thread. */
public interface MasterStatus {

    /** It leads, has replayed its journal, and takes commands. */
    boolean ready();

    /** Where clients reach the leader, as {@code host:port}. */
    String leader();

    long epoch();

    /** How many facts are durable. */
    long position();
}
