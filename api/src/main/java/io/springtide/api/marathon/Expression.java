package io.springtide.api.marathon;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Regular expressions of constraints, judged before anybody runs them. RE2 matches in time linear in
 * the text, whatever the expression; what it cannot do is refused here.
 */
final class Expression {

    /** Reading an expression recurses into its groups: a long one would overflow the stack. */
    private static final int CHARACTERS_MAX = 1000;

    /** Steps of the machine it becomes: a bound on what a match costs for each character. */
    private static final int STEPS_MAX = 5_000;

    private static final String BROKEN = "is not a valid regular expression";

    private Expression() {}

    /** What is wrong with an expression; empty if nothing is. */
    static Optional<String> fault(String text) {
        if (text.length() > CHARACTERS_MAX) {
            return Optional.of("is not a regular expression of at most " + CHARACTERS_MAX
                    + " characters");
        }
        if (steps(text) > STEPS_MAX) {
            return Optional.of("is too large a regular expression: write smaller counts in {}");
        }
        try {
            return Pattern.compile(text).pattern().isEmpty()
                    ? Optional.of(BROKEN)
                    : Optional.empty();
        } catch (PatternSyntaxException refused) {
            return Optional.of(isJava(text)
                    ? "uses what regular expressions cannot do here: " + reason(text)
                            + " (the syntax is RE2's)"
                    : BROKEN);
        }
    }

    private static boolean isJava(String text) {
        try {
            return java.util.regex.Pattern.compile(text).flags() >= 0;
        } catch (java.util.regex.PatternSyntaxException broken) {
            return false;
        }
    }

    private static String reason(String text) {
        if (text.contains("(?=") || text.contains("(?!")) {
            return "lookahead, (?= or (?!, is not supported";
        }
        if (text.contains("(?<=") || text.contains("(?<!")) {
            return "lookbehind, (?<= or (?<!, is not supported";
        }
        if (text.contains("(?>")) {
            return "atomic groups, (?>, are not supported";
        }
        if (text.matches("(?s).*\\\\([1-9]|k<).*")) {
            return "backreferences, such as \\1, are not supported";
        }
        if (text.matches("(?s).*[*+?}]\\+.*")) {
            return "possessive quantifiers, such as *+, are not supported";
        }
        if (text.contains("&&")) {
            return "intersections of classes, &&, are not supported";
        }
        return "only what RE2 knows is supported, and counts up to 1000";
    }

    /**
     * How large the expression becomes when its counts are written out: {@code (a{100}){100}} is ten
     * thousand steps. Compiling it to find out would be what it is to prevent. Never too low for a
     * well-formed expression; broken ones are found by the parser.
     */
    private static long steps(String text) {
        Deque<Long> outer = new ArrayDeque<>();
        long sum = 0;
        long last = 0;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            switch (c) {
                case '\\' -> {
                    int quoted = quoted(text, at);
                    at += Math.max(1, quoted + 1);
                    sum += last + quoted;
                    last = 1;
                }
                case '[' -> {
                    at = endOfClass(text, at);
                    sum += last;
                    last = 1;
                }
                case '(' -> {
                    outer.push(sum + last);
                    sum = 0;
                    last = 0;
                }
                case ')' -> {
                    last = sum + last + 2;
                    sum = outer.isEmpty() ? 0 : outer.pop();
                }
                case '{' -> {
                    int end = text.indexOf('}', at);
                    long times = end < 0 ? 1 : times(text.substring(at + 1, end));
                    last = Math.min(last * times, Integer.MAX_VALUE) + 1;
                    at = times > 1 || end < 0 ? Math.max(at, end) : at;
                }
                default -> {
                    sum += last;
                    last = 1;
                }
            }
            at++;
        }
        while (!outer.isEmpty()) {
            sum += outer.pop();
        }
        return sum + last;
    }

    /** How many characters {@code \Q} at this place quotes. */
    private static int quoted(String text, int at) {
        if (!text.startsWith("\\Q", at)) {
            return 0;
        }
        int end = text.indexOf("\\E", at + 2);
        return (end < 0 ? text.length() : end) - at - 2;
    }

    private static int endOfClass(String text, int start) {
        int at = start + 1;
        // A bracket that comes first belongs to the class.
        if (at < text.length() && text.charAt(at) == '^') {
            at++;
        }
        at += text.startsWith("\\", at) ? 2 : 1;
        while (at < text.length() && text.charAt(at) != ']') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }

    private static long times(String counts) {
        long most = 1;
        for (String count : counts.split(",", 2)) {
            if (count.matches("[0-9]{1,9}")) {
                most = Math.max(most, Long.parseLong(count));
            } else if (!count.isEmpty()) {
                return 1;
            }
        }
        return most;
    }
}
