package io.springtide.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Times and amounts as people read them. */
final class Moments {
    private Moments() {}

    /** How long ago, in the two largest units; empty if the text is no time. */
    static String ago(String timestamp, Instant now) {
        if (timestamp.isEmpty()) {
            return "";
        }
        try {
            return span(Math.max(0, Duration.between(Instant.parse(timestamp), now).toSeconds()));
        } catch (DateTimeParseException ignored) {
            return timestamp;
        }
    }

    /** Seconds in the two largest units. */
    static String span(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + two(seconds % 60) + "s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + "h" + two(seconds % 3600 / 60) + "m";
        }
        return seconds / 86_400 + "d" + two(seconds % 86_400 / 3600) + "h";
    }

    /** A number without a needless fraction: 0.25, 4, 1.5. */
    static String amount(double value) {
        long thousandths = Math.round(value * 1000);
        if (thousandths % 1000 == 0) {
            return Long.toString(thousandths / 1000);
        }
        String text = Double.toString(thousandths / 1000.0);
        return text;
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
