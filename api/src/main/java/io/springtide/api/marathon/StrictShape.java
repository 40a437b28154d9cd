package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Shapes of documents of our own. Unlike Marathon's, they refuse fields that they do not know: nobody
 * but us writes them, and a wish that is silently ignored is hard to find.
 */
final class StrictShape {

    /** Mistyping: two letters wrong at most. */
    private static final int EDITS_MAX = 2;

    private static final int NAME_CHARACTERS_MAX = 64;

    private StrictShape() {}

    /** Reads a whole number. */
    static JsonNode whole(JsonNode value, String path, Violations violations, int min,
            int max) {
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(number >= min && number <= max) || number != Math.rint(number)) {
            violations.add(path, "must be a whole number from " + min + " to " + max);
            return value;
        }
        return IntNode.valueOf((int) number);
    }

    /** One of some words, in any case. */
    static Shape oneOf(Literal... words) {
        Shape known = Shape.literal(words);
        return (value, path, violations) -> {
            Violations unsaid = new Violations();
            JsonNode read = known.read(value, path, unsaid);
            if (!unsaid.isEmpty()) {
                violations.add(path, "must be one of " + words(words)
                        + meant(value.asText(), Arrays.stream(words).map(Literal::json).toList()));
            }
            return read;
        };
    }

    /** A text that matches an expression as a whole. */
    static Shape text(int lengthMax, String pattern, String otherwise) {
        return (value, path, violations) -> {
            violations.require(value.isTextual() && value.textValue().length() <= lengthMax
                    && value.textValue().matches(pattern), path, otherwise);
            return value;
        };
    }

    /** An object of these fields and no others. */
    static Shape object(List<Shape.Field> fields) {
        Shape lenient = Shape.object(fields.toArray(Shape.Field[]::new));
        List<String> names = fields.stream().map(Shape.Field::name).toList();
        return (value, path, violations) -> {
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                if (!names.contains(entry.getKey())) {
                    violations.add(path + "/" + entry.getKey(), "is not known; "
                            + String.join(", ", names) + " are"
                            + meant(entry.getKey(), names));
                }
            }
            return lenient.read(value, path, violations);
        };
    }

    /** All of them, with commas. */
    static String words(Literal... words) {
        return Arrays.stream(words).map(Literal::json).collect(Collectors.joining(", "));
    }

    // ------------------------------------------------------------ did you mean

    private static String meant(String given, List<String> known) {
        if (given.isEmpty() || given.length() > NAME_CHARACTERS_MAX) {
            return "";
        }
        String best = "";
        int edits = EDITS_MAX + 1;
        for (String name : known) {
            int distance = distance(given.toLowerCase(Locale.ROOT),
                    name.toLowerCase(Locale.ROOT));
            if (distance < edits && distance < name.length()) {
                best = name;
                edits = distance;
            }
        }
        return best.isEmpty() ? "" : "; did you mean '" + best + "'?";
    }

    /** How many letters have to be put in, taken out or changed. */
    private static int distance(String left, String right) {
        int[] before = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            before[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] now = new int[right.length() + 1];
            now[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int changed = before[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(changed, Math.min(before[j], now[j - 1]) + 1);
            }
            before = now;
        }
        return before[right.length()];
    }
}
