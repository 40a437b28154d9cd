package io.springtide.api.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A backup comes back as it was, or not at all. */
class BackupFileTest {

    private static final BackupHeader HEADER = new BackupHeader(0x90fbf7f91c34d109L, 7, 123_456,
            1_700_000_000_000L, -5, 300, "1.2.3 äöü");

    @TempDir
    Path folder;

    private static byte[] payload() {
        byte[] payload = new byte[300];
        new SplittableRandom(1).nextBytes(payload);
        return payload;
    }

    private static byte[] whole() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(HEADER.encode());
        whole.writeBytes(payload());
        whole.writeBytes(BackupFile.digest(HEADER.encode(), payload()));
        return whole.toByteArray();
    }

    private BackupHeader store(byte[] bytes, boolean replace) throws IOException {
        return BackupFile.store(new ByteArrayInputStream(bytes), folder.resolve("b"), replace,
                come -> {
                });
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        }
    }

    @Test
    void comesBackAsItWas() throws IOException {
        assertThat(store(whole(), false)).isEqualTo(HEADER);
        BackupFile.Backup read = BackupFile.read(folder.resolve("b"));
        assertThat(read.header()).isEqualTo(HEADER);
        assertThat(read.payload()).isEqualTo(payload());
        assertThat(read.header().clusterText()).isEqualTo("90fbf7f91c34d109");
        assertThat(files()).hasSize(1);
    }

    /** Every bit of every byte: as a file, and on the way. */
    @Test
    void refusesEveryFlippedBit() throws IOException {
        byte[] whole = whole();
        Path file = folder.resolve("damaged");
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = whole.clone();
                damaged[at] = (byte) (damaged[at] ^ 1 << bit);
                Files.write(file, damaged);
                assertThatThrownBy(() -> BackupFile.read(file)).as("byte %d bit %d", at, bit)
                        .isInstanceOf(BackupException.class);
            }
            byte[] damaged = whole.clone();
            damaged[at] = (byte) ~damaged[at];
            assertThatThrownBy(() -> store(damaged, false)).isInstanceOf(BackupException.class);
        }
        assertThat(files()).as("nothing is left of what was refused").containsExactly(file);
    }

    @Test
    void refusesWhatIsCutShortOrTooLong() throws IOException {
        byte[] whole = whole();
        Path file = folder.resolve("damaged");
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            Files.write(file, cut);
            assertThatThrownBy(() -> BackupFile.read(file)).as("%d bytes", length)
                    .isInstanceOf(BackupException.class);
            assertThatThrownBy(() -> store(cut, false)).isInstanceOf(BackupException.class);
        }
        byte[] longer = Arrays.copyOf(whole, whole.length + 1);
        Files.write(file, longer);
        assertThatThrownBy(() -> BackupFile.read(file)).isInstanceOf(BackupException.class);
        assertThatThrownBy(() -> store(longer, false)).isInstanceOf(BackupException.class);
    }

    @Test
    void replacesAFileOnlyIfItIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("b"), "precious");
        assertThatThrownBy(() -> store(whole(), false))
                .isInstanceOf(FileAlreadyExistsException.class);
        byte[] cut = Arrays.copyOf(whole(), 200);
        assertThatThrownBy(() -> store(cut, true)).isInstanceOf(BackupException.class);
        assertThat(file).hasContent("precious");
        store(whole(), true);
        assertThat(BackupFile.read(file).header()).isEqualTo(HEADER);
    }

    @Test
    void aLaterFormatIsNamed() throws IOException {
        byte[] later = whole();
        later[11] = 2;
        Path file = Files.write(folder.resolve("later"), later);
        assertThatThrownBy(() -> BackupFile.read(file)).isInstanceOf(BackupException.class)
                .hasMessageContaining("format 2");
    }
}
