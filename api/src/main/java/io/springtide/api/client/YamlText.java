package io.springtide.api.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 as {@link Json}: {@code no} and {@code 22:22} are texts, {@code <<} merges mappings.
 * Everything is bounded, since a short text can stand for a huge one: length, depth, aliases, and the
 * number of values that come out.
 */
public final class YamlText {
    /** As for definitions in JSON. */
    public static final int CHARS_MAX = 1 << 20;

    private static final int DEPTH_MAX = 100;
    private static final int ALIASES_MAX = 200;

    /** With aliases of aliases a few lines can name billions of values. */
    private static final int VALUES_MAX = 100_000;

    private int values;

    private YamlText() {}

    /** Parses one document. @throws MalformedYaml if the text is not one, or is beyond a limit */
    public static Json parse(String text) {
        if (text.length() > CHARS_MAX) {
            throw new MalformedYaml("it is longer than " + CHARS_MAX + " characters");
        }
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(CHARS_MAX)
                .setMaxAliasesForCollections(ALIASES_MAX).setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false).setAllowNonScalarKeys(false).build();
        try {
            checkDepth(settings, text);
            return new YamlText().value(new Load(settings).loadFromString(text), 0);
        } catch (MarkedYamlEngineException broken) {
            throw new MalformedYaml(broken.getProblem() + place(broken.getProblemMark()));
        } catch (YamlEngineException broken) {
            String message = broken.getMessage();
            throw new MalformedYaml(message == null ? "it cannot be read" : message);
        }
    }

    /** Before anything is built by recursion. */
    private static void checkDepth(LoadSettings settings, String text) {
        int depth = 0;
        for (Event event : new Parse(settings).parseString(text)) {
            Event.ID id = event.getEventId();
            if (id == Event.ID.SequenceStart || id == Event.ID.MappingStart) {
                depth++;
                if (depth > DEPTH_MAX) {
                    throw new MalformedYaml("it is nested deeper than " + DEPTH_MAX + " levels"
                            + place(event.getStartMark()));
                }
            } else if (id == Event.ID.SequenceEnd || id == Event.ID.MappingEnd) {
                depth--;
            }
        }
    }

    private static String place(Optional<Mark> mark) {
        return mark.map(at -> " (line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1)
                + ")").orElse("");
    }

    private Json value(@Nullable Object value, int depth) {
        values++;
        if (values > VALUES_MAX || depth > DEPTH_MAX) {
            throw new MalformedYaml("its aliases stand for more than " + VALUES_MAX
                    + " values, or for themselves");
        }
        if (value == null) {
            return Json.nothing();
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, depth);
        }
        if (value instanceof List<?> list) {
            List<Json> items = new ArrayList<>(list.size());
            for (Object item : list) {
                items.add(value(item, depth + 1));
            }
            return new Json.Arr(Collections.unmodifiableList(items));
        }
        if (value instanceof Boolean bool) {
            return Json.of(bool.booleanValue());
        }
        if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
            throw new MalformedYaml("it has a number that is none: " + number);
        }
        if (value instanceof Number number) {
            return new Json.Num(number.toString());
        }
        if (value instanceof String text) {
            return Json.of(text);
        }
        throw new MalformedYaml("it has a value of the kind "
                + value.getClass().getSimpleName() + ", which JSON does not know");
    }

    private Json object(Map<?, ?> map, int depth) {
        Map<String, Json> fields = new LinkedHashMap<>();
        Map<String, Json> merged = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            Json value = value(entry.getValue(), depth + 1);
            if (key.equals("<<")) {
                merge(merged, value);
            } else {
                fields.put(key, value);
            }
        }
        // What stands in a mapping goes before what is merged into it.
        merged.forEach(fields::putIfAbsent);
        return new Json.Obj(Collections.unmodifiableMap(fields));
    }

    private static void merge(Map<String, Json> into, Json from) {
        if (from instanceof Json.Obj object) {
            object.fields().forEach(into::putIfAbsent);
        } else if (from instanceof Json.Arr && !from.items().isEmpty()
                && from.items().stream().allMatch(item -> item instanceof Json.Obj)) {
            from.items().forEach(item -> item.fields().forEach(into::putIfAbsent));
        } else {
            throw new MalformedYaml("'<<' takes a mapping, or a list of mappings");
        }
    }

    /** The text is not one YAML document, or more than the limits allow; the message says where. */
    public static final class MalformedYaml extends RuntimeException {
        private static final long serialVersionUID = 1;

        MalformedYaml(String message) {
            super(message);
        }
    }
}
