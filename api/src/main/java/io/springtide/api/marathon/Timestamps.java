package io.springtide.api.marathon;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Marathon's times and versions: ISO-8601 in UTC with milliseconds, {@code 2014-03-01T23:29:30.158Z}. */
public final class Timestamps {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private static final long DAY_MS = 86_400_000;
    private static final long YEAR_10000_MS = 253_402_300_800_000L;
    private static final int TEXT_MAX = 64;

    private Timestamps() {}

    /** Formats milliseconds since 1970. */
    public static String format(long timeMs) {
        if (timeMs < 0 || timeMs >= YEAR_10000_MS) {
            return FORMAT.format(Instant.ofEpochMilli(timeMs));
        }
        // By hand: a list of all tasks has half a million of them.
        LocalDate date = LocalDate.ofEpochDay(timeMs / DAY_MS);
        int ofDay = (int) (timeMs % DAY_MS);
        byte[] text = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);
        digits(text, 4, date.getYear());
        digits(text, 7, date.getMonthValue());
        digits(text, 10, date.getDayOfMonth());
        digits(text, 13, ofDay / 3_600_000);
        digits(text, 16, ofDay / 60_000 % 60);
        digits(text, 19, ofDay / 1_000 % 60);
        digits(text, 23, ofDay % 1_000);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void digits(byte[] text, int end, int number) {
        int rest = number;
        for (int i = end - 1; rest > 0; i--) {
            text[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
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
