package io.springtide.api.compose;

import java.util.List;

/** Guards against keys that nobody knows: a mistyped one would be left out without a word. */
final class Keys {
    private Keys() {}

    /** Notes every key of a mapping that is not among these; those that begin with x- are anybody's. */
    static void check(Node node, List<String> known) {
        node.fields().forEach((key, value) -> {
            if (!known.contains(key) && !key.startsWith("x-")) {
                value.error("there is no such key; known here are " + String.join(", ", known));
            }
        });
    }
}
