package io.springtide.master.journal;

/**
 * What one turn of the engine has decided, encoded.
 *
 * @param position of the first event
 * @param timeMs when it was decided, by the leader's clock
 * @param count of events, at least 1
 * @param payload the encoded events, one after the other; not changed by anybody afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record Batch(long epoch, long position, long timeMs, int count, byte[] payload) {

    public Batch {
        if (epoch < 0 || position < 0 || count < 1 || position > Long.MAX_VALUE - count) {
            throw new IllegalArgumentException("no batch has epoch " + epoch + ", position "
                    + position + " and " + count + " events");
        }
    }

    /** Where the next batch starts. */
    public long positionEnd() {
        return position + count;
    }
}
