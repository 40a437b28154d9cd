package io.springtide.agent.fetch;

/** Hears how far something that is being fetched has come, from any thread. */
@FunctionalInterface
public interface FetchProgress {

    /** So many bytes of those that are known to be fetched are here; both may grow. */
    void bytes(long done, long total);
}
