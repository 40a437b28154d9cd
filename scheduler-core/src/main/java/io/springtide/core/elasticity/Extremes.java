package io.springtide.core.elasticity;

import java.util.ArrayDeque;

/**
 * The largest and the smallest of the numbers of a while. Looks back a little further than asked for: by
 * no more than a part in {@link #PARTS}, so that it takes little room however often it is told.
 */
final class Extremes {

    private static final int PARTS = 512;

    private final long windowMs;
    private final long widthMs;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();

    /** What was said within a part of the time. */
    private record Part(long number, int smallest, int largest) {}

    Extremes(long windowMs) {
        this.windowMs = windowMs;
        this.widthMs = Math.max(1, windowMs / PARTS);
    }

    void note(long atMs, int value) {
        long number = Math.floorDiv(atMs, widthMs);
        Part last = parts.peekLast();
        if (last != null && last.number >= number) {
            parts.removeLast();
            parts.addLast(new Part(last.number, Math.min(last.smallest, value),
                    Math.max(last.largest, value)));
        } else {
            parts.addLast(new Part(number, value, value));
        }
        while (parts.size() > 1 && (parts.getFirst().number + 1) * widthMs <= atMs - windowMs) {
            parts.removeFirst();
        }
    }

    /** The largest of the window that ends with the last number. */
    int largest() {
        return parts.stream().mapToInt(Part::largest).max().orElse(0);
    }

    /** The smallest of it. */
    int smallest() {
        return parts.stream().mapToInt(Part::smallest).min().orElse(0);
    }
}
