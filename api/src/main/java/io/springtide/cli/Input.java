package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Definitions that users hand over: in a file, or on standard input, which is written {@code -}. */
final class Input {
    /** The master takes no longer bodies than 1 MiB. */
    private static final int BYTES_MAX = 1 << 20;

    private Input() {}

    /** How messages call it. */
    static String name(String what) {
        return what.equals("-") ? "Standard input" : what;
    }

    /** The bytes. @throws CliException if there is no such file, or it is too long */
    static byte[] bytes(Terminal terminal, String what) {
        if (what.equals("-")) {
            return bounded(terminal.in());
        }
        Path file = Path.of(what);
        try (InputStream in = Files.newInputStream(file)) {
            return bounded(in);
        } catch (NoSuchFileException missing) {
            throw new CliException(Exit.NOT_FOUND, "There is no file " + file + ".", "", missing);
        } catch (IOException broken) {
            throw new CliException(Exit.FAILED,
                    "Cannot read " + file + ": " + broken.getMessage() + ".", "", broken);
        }
    }

    /** The document. @throws CliException if it is no JSON */
    static Json json(Terminal terminal, String what) {
        return json(what, bytes(terminal, what));
    }

    static Json json(String what, byte[] bytes) {
        try {
            return JsonText.parse(bytes);
        } catch (JsonText.MalformedJson broken) {
            throw new CliException(Exit.INVALID,
                    name(what) + " is not JSON: " + broken.getMessage() + ".", "", broken);
        }
    }

    /** The text. @throws CliException if it is not in UTF-8 */
    static String text(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException broken) {
            throw new CliException(Exit.INVALID, name(what) + " is not text in UTF-8.", "",
                    broken);
        }
    }

    private static byte[] bounded(InputStream in) {
        try {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new CliException(Exit.INVALID, "The definition is longer than 1 MiB.", "");
            }
            return bytes;
        } catch (IOException broken) {
            throw new CliException(Exit.FAILED,
                    "Cannot read the definition: " + broken.getMessage() + ".", "", broken);
        }
    }
}
