package io.springtide.api.compose;

import java.util.ArrayList;
import java.util.List;

/** Collects what is found in a file, so that all of it can be told at once. */
final class Findings {
    /** Nobody reads more; a file can be a million lines of mistakes. */
    private static final int EACH_MAX = 200;

    private final List<Finding> warnings = new ArrayList<>();
    private final List<Finding> errors = new ArrayList<>();

    /** What is left out changes nothing of what runs. */
    void warn(String path, String text) {
        add(warnings, new Finding(path, text));
    }

    /** What is left out would change what runs, or cannot be understood. */
    void error(String path, String text) {
        add(errors, new Finding(path, text));
    }

    List<Finding> warnings() {
        return warnings;
    }

    List<Finding> errors() {
        return errors;
    }

    private static void add(List<Finding> list, Finding finding) {
        if (list.size() < EACH_MAX && !list.contains(finding)) {
            list.add(finding);
        }
    }
}
