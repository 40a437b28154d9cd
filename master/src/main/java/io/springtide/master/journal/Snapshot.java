package io.springtide.master.journal;

/**
 * The whole state at one position.
 *
 * @param position of the first event that is not in it
 * @param stateHash over the payload's meaning, as the core computes it
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Snapshot(long epoch, long position, long timeMs, long stateHash, byte[] payload) {}
