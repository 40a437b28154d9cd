package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import io.springtide.api.client.JsonText;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Definitions in one form, so that two of them can be laid side by side. */
final class Canonical {
    /** What the server notes about a definition, and what is different each time. */
    private static final Set<String> NOTES = Set.of("version", "versionInfo");

    private Canonical() {}

    /** A definition without the server's notes, fields in order of their names, a line each. */
    static List<String> lines(Json definition) {
        JsonObject kept = new JsonObject();
        definition.fields().forEach((name, value) -> {
            if (!NOTES.contains(name)) {
                kept.with(name, value);
            }
        });
        return JsonText.pretty(sorted(kept.build())).lines().toList();
    }

    private static Json sorted(Json value) {
        if (value instanceof Json.Obj object) {
            JsonObject all = new JsonObject();
            new TreeMap<>(object.fields()).forEach((name, each) -> all.with(name, sorted(each)));
            return all.build();
        }
        if (value instanceof Json.Arr array) {
            return Json.array(array.items().stream().map(Canonical::sorted).toList());
        }
        if (value instanceof Json.Num number) {
            return Json.number(number.literal());
        }
        return value;
    }
}
