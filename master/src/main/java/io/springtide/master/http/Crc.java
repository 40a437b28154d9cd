package io.springtide.master.http;

import java.util.zip.CRC32;

/**
 * The checksum of gzip over texts that are put together from parts, without reading the parts again. A
 * checksum is a polynomial modulo P over bits; a text of n bytes behind it multiplies it by x^8n.
 *
 * <p>Polynomials are held as the checksum holds them: the highest bit is the coefficient of x^0.
 */
final class Crc {

    private static final int P = 0xEDB8_8320;
    private static final int ONE = 1 << 31;
    private static final int POWERS = 32;

    /** x^(8 * 2^i). */
    private static final int[] BYTES_POWER = new int[POWERS];

    static {
        // x^8, then its squares.
        int power = ONE >>> 8;
        for (int i = 0; i < POWERS; i++) {
            BYTES_POWER[i] = power;
            power = times(power, power);
        }
    }

    private Crc() {}

    static int of(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** What a checksum is to be multiplied by when so many bytes come behind it. */
    static int shift(int bytes) {
        int product = ONE;
        for (int i = 0; bytes >>> i != 0; i++) {
            if ((bytes >>> i & 1) != 0) {
                product = times(product, BYTES_POWER[i]);
            }
        }
        return product;
    }

    /**
     * The checksum of two texts, one behind the other.
     *
     * @param shift {@link #shift} of the length of the second
     */
    static int joined(int first, int second, int shift) {
        return times(first, shift) ^ second;
    }

    private static int times(int a, int b) {
        int product = 0;
        int rest = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= rest;
            }
            rest = (rest & 1) != 0 ? rest >>> 1 ^ P : rest >>> 1;
        }
        return product;
    }
}
