package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a value has to look like: the first phase of reading, which knows types and ranges but no rules.
 *
 * <p>What comes out is the value without nulls and unknown fields, its words in canonical case. What is wrong goes to
 * the {@link Violations} with play-json's codes, since clients print them.
 */
interface Shape {

    /** Reads a value that is not null; what is returned has no meaning if it caused a violation. */
    JsonNode read(JsonNode value, String path, Violations violations);

    /** Anything; used for what is checked later. */
    static Shape any() {
        return (value, path, violations) -> value;
    }

    /** Any text. */
    static Shape text() {
        return text(0, Integer.MAX_VALUE, any -> true);
    }

    /** Text of at least one character. */
    static Shape word() {
        return text(1, Integer.MAX_VALUE, any -> true);
    }

    /** Text of a length and a pattern. */
    static Shape text(int lengthMin, int lengthMax, Predicate<String> pattern) {
        return (value, path, violations) -> {
            if (!value.isTextual()) {
                violations.add(path, "error.expected.jsstring");
                return value;
            }
            String text = value.textValue();
            violations.require(text.length() >= lengthMin, path, "error.minLength");
            violations.require(text.length() <= lengthMax, path, "error.maxLength");
            violations.require(pattern.test(text), path, "error.pattern");
            return value;
        };
    }

    /** True or false. */
    static Shape bool() {
        return (value, path, violations) -> {
            violations.require(value.isBoolean(), path, "error.expected.jsboolean");
            return value;
        };
    }

    /** An integer of 32 bits, from 0. */
    static Shape integer() {
        return integer(0, Integer.MAX_VALUE);
    }

    /** An integer of 32 bits. */
    static Shape integer(int min, int max) {
        Shape whole = whole(Integer.MIN_VALUE, Integer.MAX_VALUE, min, max);
        return (value, path, violations) -> {
            JsonNode read = whole.read(value, path, violations);
            return read.isNumber() ? IntNode.valueOf(read.intValue()) : read;
        };
    }

    /** An integer of 64 bits, from 0. */
    static Shape longInteger() {
        // Beyond 2^53 a double, as most clients use it, no longer tells neighbours apart.
        return whole(-(1L << 53), 1L << 53, 0, 1L << 53);
    }

    private static Shape whole(long lowest, long highest, long min, long max) {
        return (value, path, violations) -> {
            if (!value.isNumber()) {
                violations.add(path, "error.expected.jsnumber");
                return value;
            }
            double number = value.doubleValue();
            // The range is judged as a double first: 1e400 must not become a digit string.
            if (!(number >= lowest && number <= highest) || number != Math.rint(number)) {
                violations.add(path, "error.expected.int");
                return MissingNode.getInstance();
            }
            long exact = value.isIntegralNumber() ? value.longValue() : (long) number;
            violations.require(exact >= min, path, "error.min");
            violations.require(exact <= max, path, "error.max");
            return LongNode.valueOf(exact);
        };
    }

    /** Any finite number from {@code min} to {@code max}. */
    static Shape number(double min, double max) {
        return (value, path, violations) -> {
            if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                violations.add(path, "error.expected.jsnumber");
                return value;
            }
            double number = value.doubleValue();
            violations.require(number >= min, path, "error.min");
            violations.require(number <= max, path, "error.max");
            return Fields.number(number);
        };
    }

    /** A number from 0. */
    static Shape number() {
        return number(0, Double.MAX_VALUE);
    }

    /** One of some words, in any case. */
    static Shape literal(Literal... words) {
        return literal(Arrays.stream(words).map(Literal::json).toArray(String[]::new));
    }

    /** One of some words, in any case. */
    static Shape literal(String... words) {
        List<String> known = List.of(words);
        return (value, path, violations) -> {
            for (String word : known) {
                if (word.equalsIgnoreCase(value.textValue())) {
                    return TextNode.valueOf(word);
                }
            }
            violations.add(path, "error.unknown.enum.literal");
            return value;
        };
    }

    /** An array. */
    static Shape list(Shape item) {
        return (value, path, violations) -> {
            ArrayNode read = JsonNodeFactory.instance.arrayNode();
            if (!value.isArray()) {
                violations.add(path, "error.expected.jsarray");
                return read;
            }
            for (int i = 0; i < value.size(); i++) {
                read.add(item.read(value.get(i), path + "(" + i + ")", violations));
            }
            return read;
        };
    }

    /** An object whose names are data; a null value is a name left out. */
    static Shape map(Shape item) {
        return (value, path, violations) -> {
            ObjectNode read = JsonNodeFactory.instance.objectNode();
            if (!value.isObject()) {
                violations.add(path, "error.expected.jsobject");
                return read;
            }
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                if (!entry.getValue().isNull()) {
                    read.set(entry.getKey(),
                            item.read(entry.getValue(), path + "/" + entry.getKey(), violations));
                }
            }
            return read;
        };
    }

    /** A field of an object. */
    record Field(String name, Shape shape, boolean required) {}

    /** A field that may be left out. */
    static Field maybe(String name, Shape shape) {
        return new Field(name, shape, false);
    }

    /** A field that must be there. */
    static Field must(String name, Shape shape) {
        return new Field(name, shape, true);
    }

    /** An object of known fields; others are ignored. */
    static Shape object(Field... fields) {
        List<Field> known = List.of(fields);
        return (value, path, violations) -> {
            ObjectNode read = JsonNodeFactory.instance.objectNode();
            if (!value.isObject()) {
                violations.add(path, "error.expected.jsobject");
                return read;
            }
            for (Field field : known) {
                JsonNode given = value.path(field.name());
                String where = path + "/" + field.name();
                if (!given.isMissingNode() && !given.isNull()) {
                    read.set(field.name(), field.shape().read(given, where, violations));
                } else if (field.required()) {
                    violations.add(where, undefined(field.name(), value));
                }
            }
            return read;
        };
    }

    /** Marathon's sentence for a field that is missing. */
    static String undefined(String name, JsonNode object) {
        List<String> keys = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (keys.size() == 20) {
                keys.add("...");
                break;
            }
            String key = entry.getKey();
            keys.add("'" + (key.length() > 40 ? key.substring(0, 40) + "..." : key) + "'");
        }
        return "'" + name + "' is undefined on object. Available keys are "
                + String.join(", ", keys);
    }
}
