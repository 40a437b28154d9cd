package io.springtide.master.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The query of a request; parameters nobody knows are nobody's business. */
final class Query {

    /** No client of ours needs a tenth of it. */
    private static final int PARAMETERS_MAX = 1_000;

    private final Map<String, List<String>> values = new LinkedHashMap<>();

    private Query() {}

    static Query parse(@Nullable String raw) {
        Query query = new Query();
        if (raw == null || raw.isEmpty()) {
            return query;
        }
        String[] pairs = raw.split("&", PARAMETERS_MAX + 1);
        if (pairs.length > PARAMETERS_MAX) {
            throw Errors.badRequest("The query has more than " + PARAMETERS_MAX + " parameters");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = PercentText.decode(equals < 0 ? pair : pair.substring(0, equals), true);
            String value = equals < 0 ? "" : PercentText.decode(pair.substring(equals + 1), true);
            query.values.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
        }
        return query;
    }

    Optional<String> text(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Any case of {@code true} is true, as Python writes it too; any other text is false. */
    boolean flag(String name, boolean ifAbsent) {
        return text(name).map(value -> value.toLowerCase(Locale.ROOT).equals("true"))
                .orElse(ifAbsent);
    }

    /** A whole number; 400 if it is none. */
    long number(String name, long ifAbsent) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return ifAbsent;
        }
        try {
            return Long.parseLong(text.get());
        } catch (NumberFormatException broken) {
            throw Errors.badRequest("The parameter '" + name + "' must be a whole number");
        }
    }
}
