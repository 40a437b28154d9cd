package io.springtide.api.compose;

import io.springtide.api.client.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a file and where it stands. Reading it as what it is not is noted, and yields nothing. */
record Node(Json json, String path, Findings findings) {

    Node get(String key) {
        return new Node(json.get(key), path.isEmpty() ? key : path + "." + key, findings);
    }

    boolean present() {
        return !json.isMissing();
    }

    boolean isObject() {
        return json instanceof Json.Obj;
    }

    boolean isList() {
        return json instanceof Json.Arr;
    }

    boolean isScalar() {
        return !isObject() && !isList() && present();
    }

    /** Items of a list; of what is missing, none. */
    List<Node> items() {
        if (present() && !isList()) {
            error("must be a list");
        }
        List<Node> items = new ArrayList<>();
        for (Json item : json.items()) {
            items.add(new Node(item, path + "[" + items.size() + "]", findings));
        }
        return items;
    }

    /** A list, or one thing in place of a list of one. */
    List<Node> itemOrItems() {
        return isScalar() || isObject() ? List.of(this) : items();
    }

    Map<String, Node> fields() {
        if (present() && !isObject()) {
            error("must be a mapping");
        }
        Map<String, Node> fields = new LinkedHashMap<>();
        json.fields().keySet().forEach(key -> fields.put(key, get(key)));
        return fields;
    }

    /** A scalar as text; empty for what is missing. */
    String text() {
        if (present() && !isScalar()) {
            error("must be a text");
        }
        return json.text();
    }

    boolean flag() {
        String text = text();
        if (!text.isEmpty() && !text.equals("true") && !text.equals("false")) {
            error("must be true or false, not '" + text + "'");
        }
        return text.equals("true");
    }

    /** A whole number in a range. */
    Optional<Long> whole(long min, long max) {
        if (!present()) {
            return Optional.empty();
        }
        String text = text();
        if (text.matches("[0-9]{1,12}")) {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return Optional.of(number);
            }
        }
        error("must be a whole number from " + min + " to " + max + ", not '" + text + "'");
        return Optional.empty();
    }

    /** A number of 0 or more. */
    Optional<Double> number() {
        if (!present()) {
            return Optional.empty();
        }
        String text = text();
        if (text.matches("[0-9]{0,9}(\\.[0-9]{1,9})?") && !text.isEmpty()) {
            return Optional.of(Double.valueOf(text));
        }
        error("must be a number of 0 or more, not '" + text + "'");
        return Optional.empty();
    }

    /** Pairs, written as a mapping or as a list of {@code name=value}; a name alone has no value. */
    Map<String, Optional<String>> pairs() {
        Map<String, Optional<String>> pairs = new LinkedHashMap<>();
        if (isList()) {
            for (Node item : items()) {
                String text = item.text();
                int equals = text.indexOf('=');
                pairs.put(equals < 0 ? text : text.substring(0, equals),
                        equals < 0 ? Optional.empty() : Optional.of(text.substring(equals + 1)));
            }
        } else {
            fields().forEach((name, value) -> pairs.put(name,
                    value.present() ? Optional.of(value.text()) : Optional.empty()));
        }
        if (pairs.containsKey("")) {
            error("has a pair without a name");
            pairs.remove("");
        }
        return pairs;
    }

    void warn(String text) {
        findings.warn(path, text);
    }

    void error(String text) {
        findings.error(path, text);
    }
}
