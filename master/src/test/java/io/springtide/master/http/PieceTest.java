package io.springtide.master.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PieceTest {

    private final Random random = new Random(7);

    @Test
    void checksumsOfPartsGiveThatOfTheWhole() {
        for (int length : new int[]{0, 1, 2, 3, 64, 255, 256, 4_096, 70_001}) {
            byte[] first = bytes(random.nextInt(5_000));
            byte[] second = bytes(length);
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(first);
            both.writeBytes(second);
            assertThat(Crc.joined(Crc.of(first), Crc.of(second), Crc.shift(length)))
                    .as("%d and %d bytes", first.length, length).isEqualTo(Crc.of(
                            both.toByteArray()));
        }
    }

    @Test
    void packedPiecesInAnyOrderAreOneGzipStream() throws Exception {
        for (int round = 0; round < 50; round++) {
            ByteArrayOutputStream gzip = new ByteArrayOutputStream();
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            gzip.writeBytes(new byte[]{0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff});
            int crc = 0;
            int length = 0;
            for (int i = random.nextInt(20); i >= 0; i--) {
                byte[] text = random.nextBoolean()
                        ? bytes(random.nextInt(30_000))
                        : "{\"state\":\"TASK_RUNNING\"}".repeat(random.nextInt(2_000)).getBytes(
                                StandardCharsets.UTF_8);
                Piece piece = random.nextInt(3) == 0
                        ? Piece.literal("],[", true)
                        : Piece.plain(text).packed();
                plain.writeBytes(piece.length() == 3
                        ? "],[".getBytes(StandardCharsets.UTF_8)
                        : text);
                gzip.writeBytes(piece.bytes());
                crc = Crc.joined(crc, piece.crc(), piece.shift());
                length += piece.length();
            }
            gzip.writeBytes(new byte[]{3, 0});
            for (int number : new int[]{crc, length}) {
                for (int shift = 0; shift < 32; shift += 8) {
                    gzip.write(number >>> shift);
                }
            }
            assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.toByteArray()))
                    .readAllBytes()).isEqualTo(plain.toByteArray());
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
