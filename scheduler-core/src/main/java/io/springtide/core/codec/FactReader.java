package io.springtide.core.codec;

import io.springtide.core.Check;
import java.nio.charset.StandardCharsets;

/** Reads what {@link FactWriter} wrote. Damaged input ends in an {@link IllegalArgumentException}. */
public final class FactReader {

    private final byte[] bytes;
    private final int end;
    private int at;

    public FactReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private FactReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.at = start;
        this.end = end;
    }

    public boolean hasMore() {
        return at < end;
    }

    int fixed8() {
        Check.argument(at < end, "the bytes end too early");
        return bytes[at++] & 0xFF;
    }

    public long fixed64() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | fixed8();
        }
        return value;
    }

    public long number() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = fixed8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number does not end");
    }

    public int count() {
        long value = number();
        // Every counted thing takes at least a byte: a damaged count cannot ask for much memory.
        Check.argument(value >= 0 && value <= end - at + 1L, "a count is larger than what follows");
        return (int) value;
    }

    public int smallNumber() {
        long value = number();
        Check.argument(value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE,
                "a number is too large");
        return (int) value;
    }

    public long signed() {
        long value = number();
        return value >>> 1 ^ -(value & 1);
    }

    public boolean flag() {
        return fixed8() != 0;
    }

    public String text() {
        int length = count();
        Check.argument(length <= end - at, "a text ends too early");
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    /** The next part whose length was marked; this reader goes on behind it. */
    FactReader part() {
        int length = fixed8() << 24 | fixed8() << 16 | fixed8() << 8 | fixed8();
        Check.argument(length >= 0 && length <= end - at, "a part ends too early");
        FactReader part = new FactReader(bytes, at, at + length);
        at += length;
        return part;
    }
}
