package io.springtide.api.marathon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The absolute id of an app or group, such as {@code /shop/cart}; the root is {@code /}.
 *
 * @param path begins with a slash, ends without one, contains no empty, {@code .} or {@code ..} segment
 */
public record PathId(String path) implements Comparable<PathId> {

    /** The group above all. */
    public static final PathId ROOT = new PathId("/");

    private static final List<String> RESERVED = List.of("restart", "tasks", "versions", ".", "..");

    /**
     * Accepts canonical paths only.
     *
     * @throws IllegalArgumentException if it is not canonical; {@link #resolve} makes it so
     */
    public PathId {
        if (!path.equals("/") && !isCanonical(path)) {
            throw new IllegalArgumentException("not an absolute, canonical id: " + path);
        }
    }

    /**
     * Whether Marathon's pattern accepts {@code text}, relative or absolute. Written by hand: the pattern itself, run
     * by {@code java.util.regex}, overflows the stack on long ids.
     */
    public static boolean isWellFormed(String text) {
        for (String segment : segmentsOf(text)) {
            if (!segment.isEmpty() && !segment.equals("..") && !isName(segment)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads an id from a request's path or body.
     *
     * @param text absolute, or relative to {@code base}; double and trailing slashes are forgiven
     * @return empty if it is not well-formed
     */
    public static Optional<PathId> resolve(String text, PathId base) {
        boolean absolute = text.startsWith("/");
        List<String> resolved = new ArrayList<>(absolute ? List.of() : base.segments());
        for (String segment : segmentsOf(text)) {
            if (segment.equals("..")) {
                if (!resolved.isEmpty()) {
                    resolved.removeLast();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                if (!isName(segment)) {
                    return Optional.empty();
                }
                resolved.add(segment);
            }
        }
        return Optional.of(new PathId("/" + String.join("/", resolved)));
    }

    /** The names from the top down; none for the root. */
    public List<String> segments() {
        return isRoot() ? List.of() : segmentsOf(path.substring(1));
    }

    /** Whether this is the root. */
    public boolean isRoot() {
        return path.length() == 1;
    }

    /** The group around it; the root's is the root. */
    public PathId parent() {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ROOT : new PathId(path.substring(0, slash));
    }

    /** The last name; empty for the root. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether it lies in {@code group}, at any depth. */
    public boolean isBelow(PathId group) {
        return !isRoot() && (group.isRoot() || path.startsWith(group.path + "/"));
    }

    /** The name of the uppermost group around it; empty if it lies in the root itself. */
    public Optional<String> topGroup() {
        int second = path.indexOf('/', 1);
        return second < 0 ? Optional.empty() : Optional.of(path.substring(1, second));
    }

    /** Whether its last name would hide an endpoint such as {@code /v2/apps/x/tasks}. */
    public boolean isReserved() {
        return RESERVED.contains(name());
    }

    @Override
    public int compareTo(PathId other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }

    private static boolean isCanonical(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            return false;
        }
        return segmentsOf(path.substring(1)).stream().allMatch(PathId::isName);
    }

    private static List<String> segmentsOf(String text) {
        List<String> segments = new ArrayList<>();
        int start = 0;
        for (int slash = text.indexOf('/'); slash >= 0; slash = text.indexOf('/', start)) {
            segments.add(text.substring(start, slash));
            start = slash + 1;
        }
        segments.add(text.substring(start));
        return List.copyOf(segments);
    }

    /** Labels joined by dots; a label has lower-case letters, digits and inner dashes. */
    private static boolean isName(String segment) {
        char before = '.';
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            boolean edge = before == '.' || before == '-';
            if (!letter && !(c == '-' && before != '.') && !(c == '.' && !edge)) {
                return false;
            }
            before = c;
        }
        return before != '.' && before != '-';
    }
}
