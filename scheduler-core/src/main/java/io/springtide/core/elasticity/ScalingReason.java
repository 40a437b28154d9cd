package io.springtide.core.elasticity;

import io.springtide.core.Check;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Why a count was changed, for people: kept with the state.
 *
 * @param kind one word: {@link #TARGET}, {@link #SCHEDULE}, {@link #BURST}, {@link #LIMITS},
 *     {@link #POLICY}, {@link #USER}
 * @param sentence what was seen and what follows
 * @param numbers what was seen, by name
 */
public record ScalingReason(String kind, String sentence, SortedMap<String, String> numbers) {

    /** A measured load. */
    public static final String TARGET = "target";
    /** A schedule. */
    public static final String SCHEDULE = "schedule";
    /** A flood. */
    public static final String BURST = "burst";
    /** The count lay outside the bounds. */
    public static final String LIMITS = "limits";
    /** The policy was set, changed or removed. */
    public static final String POLICY = "policy";
    /** Somebody asked for it. */
    public static final String USER = "user";

    public static final int KIND_LENGTH_MAX = 32;
    public static final int SENTENCE_LENGTH_MAX = 500;
    public static final int NUMBERS_MAX = 64;
    public static final int NUMBER_LENGTH_MAX = 120;

    public ScalingReason {
        numbers = Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
        Check.argument(!kind.isEmpty() && kind.length() <= KIND_LENGTH_MAX,
                "a reason's kind has 1 to 32 characters");
        Check.argument(sentence.length() <= SENTENCE_LENGTH_MAX,
                "a reason's sentence has at most 500 characters");
        Check.argument(numbers.size() <= NUMBERS_MAX, "a reason has at most 64 numbers");
        numbers.forEach((name, value) -> Check.argument(name.length() <= NUMBER_LENGTH_MAX
                && value.length() <= NUMBER_LENGTH_MAX,
                "a number of a reason, and its name, have at most 120 characters"));
    }

    /** A reason without numbers. */
    public ScalingReason(String kind, String sentence) {
        this(kind, sentence, Collections.emptySortedMap());
    }

    /** The same of texts of any length and number: what is too long is cut off. */
    public static ScalingReason cut(String kind, String sentence,
            SortedMap<String, String> numbers) {
        TreeMap<String, String> few = new TreeMap<>();
        numbers.forEach((name, value) -> {
            if (few.size() < NUMBERS_MAX) {
                few.put(cut(name, NUMBER_LENGTH_MAX), cut(value, NUMBER_LENGTH_MAX));
            }
        });
        return new ScalingReason(cut(kind, KIND_LENGTH_MAX), cut(sentence, SENTENCE_LENGTH_MAX),
                few);
    }

    private static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        // Half a character is none.
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }
}
