package io.springtide.api.marathon;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Marathon's times and versions: ISO-8601 in UTC with milliseconds, {@code 2014-03-01T23:29:30.158Z}. */
public final class Timestamps {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final int TEXT_MAX = 64;

    private Timestamps() {}

    /** Formats milliseconds since 1970. */
    public static String format(long timeMs) {
        return FORMAT.format(Instant.ofEpochMilli(timeMs));
    }

    /**
     * Reads a time with any offset; parts of a millisecond are dropped.
     *
     * @return milliseconds since 1970
     * @throws RequestRefused 422 with Marathon's sentence
     */
    public static long parse(String text) {
        if (text.length() <= TEXT_MAX) {
            try {
                return OffsetDateTime.parse(text).toInstant().toEpochMilli();
            } catch (DateTimeException | ArithmeticException ignored) {
                // Told below, with what was given.
            }
        }
        String shown = text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
        throw new RequestRefused(MarathonError.of(422, "Invalid timestamp provided '" + shown
                + "'. Expecting ISO-8601 datetime string."));
    }
}
