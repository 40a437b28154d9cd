package io.springtide.api.compose;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time and amounts of memory as Compose files write them. */
final class Units {
    private static final Pattern PART = Pattern
            .compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(us|ms|s|m|h)");
    private static final Pattern BYTES = Pattern.compile(
            "([0-9]{1,15}(?:\\.[0-9]{1,9})?) ?(b|k|kb|kib|m|mb|mib|g|gb|gib|t|tb|tib)?");
    private static final double MIB = 1024.0 * 1024;

    private Units() {}

    /** Seconds of {@code 90s}, {@code 1m30s}, {@code 500ms}, {@code 1h5m}; rounded up to whole ones. */
    static Optional<Long> seconds(Node node) {
        if (!node.present()) {
            return Optional.empty();
        }
        String text = node.text().strip();
        if (text.equals("0")) {
            return Optional.of(0L);
        }
        Matcher parts = PART.matcher(text);
        double seconds = 0;
        int at = 0;
        while (at < text.length() && parts.find(at) && parts.start() == at) {
            seconds += Double.parseDouble(parts.group(1)) * secondsOf(parts.group(2));
            at = parts.end();
        }
        if (text.isEmpty() || at < text.length()) {
            node.error("'" + text + "' is no length of time; write it like 30s, 1m30s or 500ms");
            return Optional.empty();
        }
        return Optional.of((long) Math.ceil(seconds - 1e-9));
    }

    private static double secondsOf(String unit) {
        return switch (unit) {
            case "us" -> 1e-6;
            case "ms" -> 1e-3;
            case "s" -> 1;
            case "m" -> 60;
            default -> 3600;
        };
    }

    /** MiB of {@code 512M}, {@code 1.5gb} or a number of bytes; rounded up to whole ones. */
    static Optional<Long> mebibytes(Node node) {
        if (!node.present()) {
            return Optional.empty();
        }
        String text = node.text().strip().toLowerCase(Locale.ROOT);
        Matcher matcher = BYTES.matcher(text);
        if (!matcher.matches()) {
            node.error("'" + node.text() + "' is no amount of memory; write it like 512M or 1.5gb");
            return Optional.empty();
        }
        String unit = matcher.group(2) == null ? "b" : matcher.group(2);
        double bytes = Double.parseDouble(matcher.group(1)) * switch (unit.charAt(0)) {
            case 'k' -> 1024;
            case 'm' -> MIB;
            case 'g' -> MIB * 1024;
            case 't' -> MIB * 1024 * 1024;
            default -> 1;
        };
        return Optional.of((long) Math.ceil(bytes / MIB));
    }
}
