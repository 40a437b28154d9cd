package io.springtide.api.client;

import java.util.List;
import java.util.Map;

/**
 * A JSON value as a small immutable tree. Asking for what is not there never fails: a missing field
 * is {@link #nothing()}, whose text is empty and whose number is 0, so that a client survives servers
 * older and newer than itself.
 *
 * <p>Behaviour sits in methods instead of pattern switches, because the command line pays for every
 * bootstrap of a switch with milliseconds at each start.
 */
public sealed interface Json {
    /** An object; fields keep the order in which they came. */
    record Obj(Map<String, Json> fields) implements Json {
        @Override
        public Json get(String key) {
            return fields.getOrDefault(key, Nothing.VALUE);
        }

        @Override
        public String toString() {
            return JsonText.compact(this);
        }
    }

    /** An array. */
    record Arr(List<Json> items) implements Json {
        @Override
        public String toString() {
            return JsonText.compact(this);
        }
    }

    /** A string. */
    record Text(String value) implements Json {
        @Override
        public String text() {
            return value;
        }

        @Override
        public String toString() {
            return JsonText.compact(this);
        }
    }

    /** A number, kept exactly as it was written. */
    record Num(String literal) implements Json {
        @Override
        public String text() {
            return literal;
        }

        @Override
        public double asDouble() {
            return Double.parseDouble(literal);
        }

        @Override
        public long asLong() {
            try {
                return Long.parseLong(literal);
            } catch (NumberFormatException ignored) {
                // 3.0 or 1e3, or beyond the range: the nearest long.
                return (long) asDouble();
            }
        }

        @Override
        public String toString() {
            return literal;
        }
    }

    /** A truth value. */
    record Bool(boolean value) implements Json {
        @Override
        public String text() {
            return String.valueOf(value);
        }

        @Override
        public boolean asBoolean() {
            return value;
        }

        @Override
        public String toString() {
            return text();
        }
    }

    /** The one value of "not there". */
    enum Nothing implements Json {
        VALUE;

        @Override
        public boolean isMissing() {
            return true;
        }

        @Override
        public String toString() {
            return "null";
        }
    }

    /** The field of that name, or {@link #nothing()}; also on values that are no objects. */
    default Json get(String key) {
        return Nothing.VALUE;
    }

    /** Fields of an object; empty for everything else. */
    default Map<String, Json> fields() {
        return Map.of();
    }

    /** Items of an array; empty for everything else. */
    default List<Json> items() {
        return List.of();
    }

    /** A scalar as text; empty for objects, arrays and what is missing. */
    default String text() {
        return "";
    }

    /** The number, or 0 where there is none. */
    default long asLong() {
        return 0;
    }

    /** The number, or 0 where there is none. */
    default double asDouble() {
        return 0;
    }

    /** True for JSON's {@code true} alone. */
    default boolean asBoolean() {
        return false;
    }

    /** True for a missing field and for {@code null}. */
    default boolean isMissing() {
        return false;
    }

    /** The scalar as text, or the given words where there is none. */
    default String textOr(String otherwise) {
        String text = text();
        return text.isEmpty() ? otherwise : text;
    }

    /** What a missing field, and JSON's {@code null}, look like. */
    static Json nothing() {
        return Nothing.VALUE;
    }

    /** A string value. */
    static Json of(String value) {
        return new Text(value);
    }

    /** A whole number. */
    static Json of(long value) {
        return new Num(Long.toString(value));
    }

    /** A truth value. */
    static Json of(boolean value) {
        return new Bool(value);
    }

    /** A number from its literal. @throws IllegalArgumentException if it is none that JSON can carry */
    static Json number(String literal) {
        double value = Double.parseDouble(literal);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("not a JSON number: " + literal);
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? new Num(Long.toString((long) value))
                : new Num(Double.toString(value));
    }

    /** An array of the given items. */
    static Json array(List<Json> items) {
        return new Arr(List.copyOf(items));
    }
}
