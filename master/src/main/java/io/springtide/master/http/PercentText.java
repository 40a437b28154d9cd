package io.springtide.master.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Paths and queries as they were meant. Whatever is no text is refused with 400. */
final class PercentText {

    private PercentText() {}

    /**
     * The names of a path. Empty ones are dropped, so that doubled and trailing slashes do not matter;
     * {@code %2F} separates like a slash, since clients send ids that way.
     */
    static List<String> segments(String rawPath) {
        List<String> segments = new ArrayList<>();
        for (String segment : decode(rawPath, false).split("/", -1)) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return List.copyOf(segments);
    }

    /** Resolves escapes; control characters are refused, they have no place in anything we name. */
    static String decode(String raw, boolean plusIsBlank) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                boolean whole = i + 2 < raw.length();
                int high = whole ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = whole ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw Errors.badRequest("The URI has a broken escape at character " + (i + 1));
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else if (c == '+' && plusIsBlank) {
                bytes.write(' ');
            } else if (c > 0x7e || c < ' ') {
                throw Errors.badRequest("The URI has a character that must be escaped, at "
                        + (i + 1));
            } else {
                bytes.write(c);
            }
        }
        String text = utf8(bytes.toByteArray());
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw Errors.badRequest("The URI has a control character");
        }
        return text;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException broken) {
            throw Errors.badRequest("The URI is not UTF-8");
        }
    }
}
