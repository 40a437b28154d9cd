package io.springtide.master.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a journal folder is: format, identity and birth, as a text that a person can read. */
record ClusterFile(long id) {

    static final String NAME = "cluster";

    private static final int FORMAT = 1;
    private static final int BYTES_MAX = 1024;
    private static final Pattern FORM = Pattern.compile(
            "(springtide journal\nformat ([0-9]{1,9})\nid ([0-9a-f]{16})\ncreated [^\n]*\n)"
                    + "checksum ([0-9a-f]{8})\n");

    static String idText(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    /** Makes up an identity and writes it. */
    static ClusterFile create(Path folder) throws IOException {
        return create(folder, new SecureRandom().nextLong());
    }

    /** Writes one of a cluster that has an identity already. */
    static ClusterFile create(Path folder, long id) throws IOException {
        String text = "springtide journal\nformat " + FORMAT + "\nid " + idText(id) + "\ncreated "
                + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n";
        AtomicFile.write(folder.resolve(NAME), ByteBuffer.wrap(bytes(text + "checksum "
                + HexFormat.of().toHexDigits(checksum(text)) + "\n")));
        return new ClusterFile(id);
    }

    /** Reads the file; empty if there is none. */
    static Optional<ClusterFile> read(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(Files.size(file) > BYTES_MAX
                ? ""
                : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        if (!form.matches() || checksum(form.group(1)) != HexFormat.fromHexDigits(form.group(4))) {
            throw new JournalException(
                    file + " is damaged: restore it from a backup of this folder;"
                            + " its four facts never change");
        }
        int format = Integer.parseInt(form.group(2));
        if (format != FORMAT) {
            throw new JournalException(file + " has format " + format + ", this release reads "
                    + FORMAT + ": start the release that wrote it");
        }
        return Optional.of(new ClusterFile(HexFormat.fromHexDigitsToLong(form.group(3))));
    }

    private static int checksum(String text) {
        byte[] bytes = bytes(text);
        return Checksum.of(bytes, 0, bytes.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
