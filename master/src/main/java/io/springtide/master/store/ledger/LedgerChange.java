package io.springtide.master.store.ledger;

/** One step of a transaction. */
public sealed interface LedgerChange {

    String key();

    /** Fails if the key exists. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Create(String key, byte[] value) implements LedgerChange {}

    /** Creates or overwrites. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Put(String key, byte[] value) implements LedgerChange {}

    /** Fails if the key does not exist. */
    record Delete(String key) implements LedgerChange {}

    /** Changes nothing; fails if the key does not exist. */
    record Expect(String key) implements LedgerChange {}
}
