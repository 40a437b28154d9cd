package io.springtide.cloud.ingress.feed;

import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an ingress keeps over a restart: the last table, and the secret of its cookies. */
public final class DataFolder {

    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final int SECRET_BYTES = 32;
    private static final String TABLE = "table.json";
    private static final String SECRET = "cookie.secret";

    private final Path folder;

    /** @throws IOException if the folder cannot be made */
    public DataFolder(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.toAbsolutePath().normalize());
    }

    /** The table that was kept last. Empty if there is none, or if it cannot be read, which is logged. */
    public Optional<TrafficTable> table() {
        Path file = folder.resolve(TABLE);
        try {
            return Optional.of(TrafficJson.readTable(Files.readAllBytes(file)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException broken) {
            LOG.warn("table-unreadable {}: {}; nothing is served until a master answers", file,
                    broken.getMessage());
            return Optional.empty();
        }
    }

    /** Keeps a table: after a crash at any moment the file is the old one or this one, and whole. */
    public void keep(TrafficTable table) throws IOException {
        Path fresh = folder.resolve(TABLE + ".new");
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(TrafficJson.write(table));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(fresh, folder.resolve(TABLE), StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** The secret of this folder; drawn at the first call, readable for its owner only. */
    public byte[] secret() throws IOException {
        Path file = folder.resolve(SECRET);
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            FileAttribute<?> owner = PosixFilePermissions
                    .asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Path fresh = folder.resolve(SECRET + ".new");
            Files.deleteIfExists(fresh);
            try (FileChannel channel = FileChannel.open(fresh,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
                channel.write(ByteBuffer.wrap(secret));
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            return secret;
        }
    }
}
