package io.springtide.master.http;

import java.util.Optional;

/**
 * Names an event on the stream: the journal's position of the fact it tells, and its number among what
 * that fact gives, from 0. Written {@code 4711.0}.
 */
record EventId(long position, int index) implements Comparable<EventId> {

    /** Of what tells no fact. */
    static final EventId NONE = new EventId(-1, 0);

    private static final int DIGITS_MAX = 18;
    private static final int INDEX_DIGITS_MAX = 9;

    /** Reads what {@link #toString} has written; empty if it is anything else. */
    static Optional<EventId> parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0 || !number(text.substring(0, dot), DIGITS_MAX)
                || !number(text.substring(dot + 1), INDEX_DIGITS_MAX)) {
            return Optional.empty();
        }
        return Optional.of(new EventId(Long.parseLong(text.substring(0, dot)),
                Integer.parseInt(text.substring(dot + 1))));
    }

    private static boolean number(String text, int digitsMax) {
        return !text.isEmpty() && text.length() <= digitsMax
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    @Override
    public int compareTo(EventId other) {
        int byPosition = Long.compare(position, other.position);
        return byPosition != 0 ? byPosition : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return position + "." + index;
    }
}
