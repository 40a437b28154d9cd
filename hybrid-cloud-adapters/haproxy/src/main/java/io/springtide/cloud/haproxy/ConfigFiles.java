package io.springtide.cloud.haproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration on disk: whole at every moment, and seen by HAProxy's own eyes before it takes the
 * place of the one before.
 */
final class ConfigFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigFiles.class);
    private static final Set<PosixFilePermission> OURS = PosixFilePermissions
            .fromString("rw-r-----");
    /** As JDKs say that there is no such program; what else keeps one from starting may pass. */
    private static final Pattern NOT_THERE = Pattern.compile("error[=:] ?2\\b");
    private static final int CHECK_SECONDS = 30;
    private static final int COMPLAINT_MAX = 400;

    private final HaproxySettings settings;
    private String written = "";
    private String checked = "";
    private boolean noProgram;

    ConfigFiles(HaproxySettings settings) {
        this.settings = settings;
    }

    /** The secret of the sticky cookies: made once, and kept beside the configuration. */
    String cookieKey() throws IOException {
        Path file = Path.of(settings.config() + ".secret");
        if (!Files.exists(file)) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            put(file, HexFormat.of().formatHex(random) + "\n",
                    PosixFilePermissions.fromString("rw-------"));
        }
        String key = Files.readString(file).strip();
        if (!key.matches("[0-9a-f]{16,200}")) {
            throw new IOException(file + " does not hold a key of 16 or more hexadecimal digits;"
                    + " remove it, and a new one is made");
        }
        return key;
    }

    /** The operator's own lines. */
    String global() throws IOException {
        return settings.global().isPresent() ? Files.readString(settings.global().get()) : "";
    }

    /**
     * Writes it, if it is not what was written last.
     *
     * @return why HAProxy would not take it, and then the one before stays; empty if it is written
     * @throws IOException if the disk does not take it
     */
    Optional<String> write(ConfigText config, Map<String, Map<String, ServerState>> servers)
            throws IOException, InterruptedException {
        String text = config.text(servers);
        if (text.equals(written) && Files.exists(settings.config())) {
            return Optional.empty();
        }
        put(Path.of(config.routesFile()), config.routes(), OURS);
        put(Path.of(config.wildcardsFile()), config.wildcards(), OURS);
        if (!checked.equals(config.structure())) {
            Path candidate = Path.of(settings.config() + ".new");
            put(candidate, text, OURS);
            Optional<String> complaint = check(candidate);
            Files.deleteIfExists(candidate);
            if (complaint.isPresent()) {
                return complaint;
            }
            checked = config.structure();
        }
        put(settings.config(), text, OURS);
        written = text;
        return Optional.empty();
    }

    /** Removes the maps of configurations that nobody uses any more. */
    void tidy(ConfigText config) throws IOException {
        Path folder = settings.config().toAbsolutePath().getParent();
        String name = settings.config().getFileName().toString();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder,
                name + ".*.{routes,wildcards}")) {
            for (Path file : files) {
                if (!file.toString().equals(config.routesFile())
                        && !file.toString().equals(config.wildcardsFile())) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Optional<String> check(Path candidate) throws IOException, InterruptedException {
        if (noProgram) {
            return Optional.empty();
        }
        Path complaints = Files.createTempFile("springtide-haproxy", ".log");
        try {
            Process process;
            try {
                process = new ProcessBuilder(settings.program(), "-c", "-f", candidate.toString())
                        .redirectErrorStream(true).redirectOutput(complaints.toFile()).start();
            } catch (IOException e) {
                if (!NOT_THERE.matcher(String.valueOf(e.getMessage())).find()) {
                    return Optional.of("'" + settings.program() + "', which checks it, cannot be"
                            + " started now: " + e.getMessage());
                }
                noProgram = true;
                LOG.warn("haproxy: '{}' is not here, so configurations are used unchecked",
                        settings.program());
                return Optional.empty();
            }
            if (!process.waitFor(CHECK_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of("the check took longer than " + CHECK_SECONDS + " s");
            }
            if (process.exitValue() == 0) {
                return Optional.empty();
            }
            String said = Files.readString(complaints, StandardCharsets.ISO_8859_1).lines()
                    .filter(l -> l.contains("ALERT")).findFirst()
                    .orElse("exit code " + process.exitValue());
            return Optional.of(said.substring(0, Math.min(COMPLAINT_MAX, said.length())));
        } finally {
            Files.deleteIfExists(complaints);
        }
    }

    private static void put(Path file, String text, Set<PosixFilePermission> rights)
            throws IOException {
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(),
                file.getFileName().toString(), ".part");
        try {
            Files.writeString(part, text);
            Files.setPosixFilePermissions(part, rights);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(file + " cannot be replaced in one step on this file system", e);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
