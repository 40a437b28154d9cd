package io.springtide.api.marathon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what is wrong with a document, by path, each error once. For one thread. */
public final class Violations {

    /** A hostile body can be wrong in a hundred thousand places; nobody reads so far. */
    static final int PATHS_MAX = 200;

    /** Some errors quote what was given, which can be long. */
    static final int ERROR_CHARACTERS_MAX = 1000;

    private final Map<String, Set<String>> errors = new LinkedHashMap<>();

    /** One error at one place. */
    static Violations of(String path, String error) {
        Violations one = new Violations();
        one.add(path, error);
        return one;
    }

    /** Adds an error; the empty path means the document as a whole. */
    void add(String path, String error) {
        String where = path.isEmpty() ? "/" : shortened(path);
        if (errors.size() < PATHS_MAX || errors.containsKey(where)) {
            errors.computeIfAbsent(where, unused -> new LinkedHashSet<>()).add(shortened(error));
        }
    }

    private static String shortened(String text) {
        return text.length() <= ERROR_CHARACTERS_MAX
                ? text
                : text.substring(0, ERROR_CHARACTERS_MAX) + "...";
    }

    /** Adds an error if {@code rule} does not hold. */
    void require(boolean rule, String path, String error) {
        if (!rule) {
            add(path, error);
        }
    }

    /** Whether nothing is wrong so far. */
    boolean isEmpty() {
        return errors.isEmpty();
    }

    /** All of them, in order of appearance. */
    List<MarathonError.Problem> problems() {
        List<MarathonError.Problem> problems = new ArrayList<>();
        errors.forEach((path, found) -> problems
                .add(new MarathonError.Problem(path, List.copyOf(found))));
        return List.copyOf(problems);
    }

    /** Ends the reader phase. */
    void refuseUnreadable() {
        if (!isEmpty()) {
            throw new RequestRefused(MarathonError.unreadable(this));
        }
    }

    /** Ends a phase of rules. */
    void refuseNotValid() {
        if (!isEmpty()) {
            throw new RequestRefused(MarathonError.notValid(this));
        }
    }
}
