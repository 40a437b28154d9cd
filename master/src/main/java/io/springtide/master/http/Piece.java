package io.springtide.master.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * A part of an answer, ready to be sent: as it is, or deflated on its own, so that deflated parts one after
 * the other are a whole gzip stream. Never changed.
 *
 * @param bytes that go out
 * @param length of the text, before deflating
 * @param crc of the text, and {@code shift} to go with it, see {@link Crc}; 0 if it is not deflated
 */
@SuppressWarnings("ArrayRecordComponent") // written, never compared or changed
record Piece(byte[] bytes, int length, int crc, int shift) {

    /** What a table of pieces needs for each, beside the bytes. */
    static final int OVERHEAD_BYTES = 120;

    private static final int LEVEL = 1;
    private static final int STORED_HEADER_BYTES = 5;

    /** One for each thread that packs: it holds memory outside of the heap, and is slow to make. */
    private static final ThreadLocal<Deflater> DEFLATERS = ThreadLocal
            .withInitial(() -> new Deflater(LEVEL, true));

    static Piece plain(byte[] text) {
        return new Piece(text, text.length, 0, 0);
    }

    /** A few bytes, too few to be worth deflating: they become a stored block. */
    static Piece literal(String text, boolean packed) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        if (!packed) {
            return plain(plain);
        }
        byte[] block = new byte[STORED_HEADER_BYTES + plain.length];
        block[1] = (byte) plain.length;
        block[2] = (byte) (plain.length >>> 8);
        block[3] = (byte) ~plain.length;
        block[4] = (byte) (~plain.length >>> 8);
        System.arraycopy(plain, 0, block, STORED_HEADER_BYTES, plain.length);
        return new Piece(block, plain.length, Crc.of(plain), Crc.shift(plain.length));
    }

    /** The same, deflated; ends at a whole byte, and refers to nothing before it. */
    Piece packed() {
        Deflater deflater = DEFLATERS.get();
        deflater.reset();
        deflater.setInput(bytes);
        byte[] out = new byte[bytes.length / 4 + 64];
        int size = 0;
        while (true) {
            size += deflater.deflate(out, size, out.length - size, Deflater.SYNC_FLUSH);
            if (size < out.length) {
                break;
            }
            out = Arrays.copyOf(out, out.length * 2);
        }
        return new Piece(Arrays.copyOf(out, size), bytes.length, Crc.of(bytes),
                Crc.shift(bytes.length));
    }
}
