package io.springtide.master.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.marathon.Timestamps;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * JSON text under construction, for what is rendered a hundred thousand times in one answer: the very bytes
 * that a generator of Jackson writes, without its account of what may follow. Commas between members are
 * its own business within {@link #members} and {@link #tree}, else the caller's. One thread.
 */
final class JsonBytes {

    private static final int BYTES_FIRST = 16 * 1024;
    private static final int SMALL_BYTES_FIRST = 256;

    /** Larger ones are not kept for the next text. */
    private static final int BYTES_KEPT_MAX = 256 * 1024;

    private static final long DAY_MS = 86_400_000;

    /** The quote and {@code 2026-11-21T}. */
    private static final int DAY_LENGTH = 12;

    /** That of a time in quotes. */
    private static final int TIME_LENGTH = 26;

    /** Sixteen digits and a dash. */
    private static final int INSTANCE_LENGTH = 17;

    private static final byte[] HEX = ascii("0123456789abcdef");

    private static final int LONG_LENGTH_MAX = 20;

    /** Beyond it, times are formatted by those who know long years. */
    private static final long DAYS_MAX = 365L * 8_000;

    private byte[] bytes;
    private int size;
    private final byte[] day = new byte[DAY_LENGTH];
    private long dayNumber = -1;

    JsonBytes() {
        this(BYTES_FIRST);
    }

    private JsonBytes(int bytesFirst) {
        bytes = new byte[bytesFirst];
    }

    /** For a few words; it grows like any other. */
    static JsonBytes small() {
        return new JsonBytes(SMALL_BYTES_FIRST);
    }

    /** Bytes of ASCII, for {@link #raw}. */
    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A text in quotes, as bytes, for {@link #raw}. */
    static byte[] quoted(String text) {
        return small().text(text).take();
    }

    int size() {
        return size;
    }

    /** Hands over what was written, and begins anew. */
    byte[] take() {
        byte[] whole = Arrays.copyOf(bytes, size);
        if (bytes.length > BYTES_KEPT_MAX) {
            bytes = new byte[BYTES_FIRST];
        }
        size = 0;
        return whole;
    }

    /** Forgets what was written. */
    void clear() {
        size = 0;
    }

    /** What is JSON already. */
    JsonBytes raw(byte[] part) {
        reserve(part.length);
        System.arraycopy(part, 0, bytes, size, part.length);
        size += part.length;
        return this;
    }

    JsonBytes raw(char ascii) {
        reserve(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** What is JSON already, and ASCII throughout. */
    JsonBytes raw(String ascii) {
        int length = ascii.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size + i] = (byte) ascii.charAt(i);
        }
        size += length;
        return this;
    }

    /** A text in quotes. */
    JsonBytes text(String text) {
        int length = text.length();
        reserve(length + 2);
        int at = size;
        bytes[at++] = '"';
        for (int i = 0; i < length; i++) {
            char one = text.charAt(i);
            if (one < ' ' || one > '~' || one == '"' || one == '\\') {
                return escaped(text);
            }
            bytes[at++] = (byte) one;
        }
        bytes[at++] = '"';
        size = at;
        return this;
    }

    private JsonBytes escaped(String text) {
        return raw('"').raw(JsonStringEncoder.getInstance().quoteAsUTF8(text)).raw('"');
    }

    JsonBytes number(long number) {
        if (number < 0) {
            return raw(Long.toString(number));
        }
        reserve(LONG_LENGTH_MAX);
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        size += digits;
        long rest = number;
        for (int i = 1; i <= digits; i++) {
            bytes[size - i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** A time in quotes, as {@link Timestamps#format} has it. */
    JsonBytes time(long timeMs) {
        if (timeMs < 0 || timeMs >= DAYS_MAX * DAY_MS) {
            return text(Timestamps.format(timeMs));
        }
        long number = timeMs / DAY_MS;
        if (number != dayNumber) {
            System.arraycopy(quoted(Timestamps.format(timeMs)), 0, day, 0, DAY_LENGTH);
            dayNumber = number;
        }
        reserve(TIME_LENGTH);
        System.arraycopy(day, 0, bytes, size, DAY_LENGTH);
        size += DAY_LENGTH;
        int ofDay = (int) (timeMs - number * DAY_MS);
        int seconds = ofDay / 1_000;
        int ms = ofDay - seconds * 1_000;
        int minutes = seconds / 60;
        pair(minutes / 60, ':');
        pair(minutes % 60, ':');
        pair(seconds - minutes * 60, '.');
        bytes[size++] = (byte) ('0' + ms / 100);
        pair(ms % 100, 'Z');
        bytes[size++] = '"';
        return this;
    }

    /** Where there is room. */
    private void pair(int number, char behind) {
        bytes[size++] = (byte) ('0' + number / 10);
        bytes[size++] = (byte) ('0' + number % 10);
        bytes[size++] = (byte) behind;
    }

    /** The number of an instance, as {@link TaskIds#instanceId} has it. */
    JsonBytes instance(long number) {
        reserve(INSTANCE_LENGTH);
        int at = size;
        for (int shift = 60; shift >= 0; shift -= 4) {
            bytes[at++] = HEX[(int) (number >>> shift) & 15];
            if (shift == 48) {
                bytes[at++] = '-';
            }
        }
        size = at;
        return this;
    }

    /** A whole value. */
    JsonBytes tree(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> raw('{').members((ObjectNode) node).raw('}');
            case ARRAY -> {
                raw('[');
                for (int i = 0; i < node.size(); i++) {
                    if (i > 0) {
                        raw(',');
                    }
                    tree(node.get(i));
                }
                raw(']');
            }
            case STRING -> text(node.textValue());
            case NUMBER -> {
                if (node.isInt() || node.isLong()) {
                    number(node.longValue());
                } else {
                    raw(node.asText());
                }
            }
            case BOOLEAN, NULL -> raw(node.asText());
            case BINARY, MISSING, POJO ->
                throw new IllegalStateException("not JSON: " + node.getNodeType());
        }
        return this;
    }

    /** What is in an object, without its braces, so that more can follow. */
    JsonBytes members(ObjectNode node) {
        boolean any = false;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (any) {
                raw(',');
            }
            any = true;
            text(member.getKey()).raw(':').tree(member.getValue());
        }
        return this;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
