package io.springtide.api.marathon;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The fields of an object that has passed its {@link Shape}, so that their types are as expected.
 *
 * @param node the object
 */
record Fields(JsonNode node) {

    /** A number as Marathon prints it: 1 and not 1.0, but 0.1. */
    static ValueNode number(double value) {
        // Adding zero turns -0.0 into 0.0.
        double plain = value + 0.0;
        return plain == Math.rint(plain) && Math.abs(plain) < 1L << 53
                ? LongNode.valueOf((long) plain)
                : DoubleNode.valueOf(plain);
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** Whether there is an array or object with something in it. */
    boolean hasItems(String name) {
        return !node.path(name).isEmpty();
    }

    Optional<String> text(String name) {
        return has(name) ? Optional.of(node.path(name).textValue()) : Optional.empty();
    }

    String textOr(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    OptionalInt integer(String name) {
        return has(name) ? OptionalInt.of(node.path(name).intValue()) : OptionalInt.empty();
    }

    int integerOr(String name, int otherwise) {
        return integer(name).orElse(otherwise);
    }

    double numberOr(String name, double otherwise) {
        return has(name) ? node.path(name).doubleValue() : otherwise;
    }

    boolean boolOr(String name, boolean otherwise) {
        return has(name) ? node.path(name).booleanValue() : otherwise;
    }

    Optional<Boolean> bool(String name) {
        return has(name) ? Optional.of(node.path(name).booleanValue()) : Optional.empty();
    }

    <E extends Enum<E> & Literal> E literalOr(String name, E otherwise) {
        String word = textOr(name, otherwise.json());
        for (E known : otherwise.getDeclaringClass().getEnumConstants()) {
            if (known.json().equalsIgnoreCase(word)) {
                return known;
            }
        }
        throw new IllegalArgumentException("unknown word for " + name + ": " + word);
    }

    /** The fields of an inner object; none if it is not there. */
    Fields in(String name) {
        return new Fields(node.path(name));
    }

    Optional<Fields> object(String name) {
        return has(name) ? Optional.of(in(name)) : Optional.empty();
    }

    <T> List<T> list(String name, Function<JsonNode, T> read) {
        List<T> items = new ArrayList<>();
        for (JsonNode item : node.path(name)) {
            items.add(read.apply(item));
        }
        return List.copyOf(items);
    }

    <T> List<T> objects(String name, Function<Fields, T> read) {
        return list(name, item -> read.apply(new Fields(item)));
    }

    List<String> texts(String name) {
        return list(name, JsonNode::textValue);
    }

    <T> Map<String, T> map(String name, Function<JsonNode, T> read) {
        Map<String, T> map = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : node.path(name).properties()) {
            map.put(entry.getKey(), read.apply(entry.getValue()));
        }
        return Copies.sorted(map);
    }

    Map<String, String> textMap(String name) {
        return map(name, JsonNode::textValue);
    }

    /** The object itself, to be changed. */
    ObjectNode open() {
        return (ObjectNode) node;
    }
}
