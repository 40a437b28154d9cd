package io.springtide.api.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Builds a JSON object field by field, in order. Not for use by several threads. */
public final class JsonObject {
    private final Map<String, Json> fields = new LinkedHashMap<>();

    /** Sets a field; the last value of a name stands. */
    public JsonObject with(String name, Json value) {
        fields.put(name, value);
        return this;
    }

    /** Sets a text field. */
    public JsonObject with(String name, String value) {
        return with(name, Json.of(value));
    }

    /** Sets a whole number. */
    public JsonObject with(String name, long value) {
        return with(name, Json.of(value));
    }

    /** Sets a truth value. */
    public JsonObject with(String name, boolean value) {
        return with(name, Json.of(value));
    }

    /** True while no field is set. */
    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The object as it is now. */
    public Json build() {
        return new Json.Obj(Collections.unmodifiableMap(new LinkedHashMap<>(fields)));
    }
}
