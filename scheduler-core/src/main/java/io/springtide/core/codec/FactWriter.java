package io.springtide.core.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes numbers and texts into a growing array. Small numbers take few bytes. */
public final class FactWriter {

    private byte[] bytes;
    private int size;

    public FactWriter(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    public int size() {
        return size;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    public void clear() {
        size = 0;
    }

    void fixed8(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    /** Eight bytes, most significant first. */
    public void fixed64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** Seven bits a byte, lowest first; negative numbers are allowed and take ten bytes. */
    public void number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) ((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** A number that may well be negative. */
    public void signed(long value) {
        number(value << 1 ^ value >> 63);
    }

    public void flag(boolean value) {
        fixed8(value ? 1 : 0);
    }

    public void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        number(utf8.length);
        room(utf8.length);
        System.arraycopy(utf8, 0, bytes, size, utf8.length);
        size += utf8.length;
    }

    /** Leaves room for a length that is known only later; returns where. */
    int lengthMark() {
        room(4);
        size += 4;
        return size;
    }

    void lengthSet(int mark) {
        int length = size - mark;
        bytes[mark - 4] = (byte) (length >>> 24);
        bytes[mark - 3] = (byte) (length >>> 16);
        bytes[mark - 2] = (byte) (length >>> 8);
        bytes[mark - 1] = (byte) length;
    }

    private void room(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
