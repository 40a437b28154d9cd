package io.springtide.master.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C, as the format uses it. */
final class Checksum {

    private Checksum() {}

    static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Over some bytes of a buffer, whose position and limit stay as they are. */
    static int of(ByteBuffer bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(offset, length));
        return (int) crc.getValue();
    }
}
