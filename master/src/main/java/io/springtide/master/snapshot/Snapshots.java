package io.springtide.master.snapshot;

/** Sees to it that replaying a journal never takes long. */
public interface Snapshots extends AutoCloseable {

    /** Begins; once. */
    void start();

    /** Writes no more. Idempotent. */
    @Override
    void close();
}
