package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the caller's variables into texts: {@code $NAME}, {@code ${NAME}}, {@code ${NAME:-otherwise}},
 * {@code ${NAME-otherwise}}, {@code ${NAME:?message}}, {@code ${NAME:+instead}}; {@code $$} is a dollar.
 * With a colon an empty variable counts as none. What stands behind the sign may hold variables again.
 * Source: the Compose specification, interpolation.
 */
final class Interpolation {
    private static final int DEPTH_MAX = 20;

    /** Far above any definition; a variable in a variable in a variable could grow without end. */
    private static final int CHARS_MAX = 1 << 20;

    private final Surroundings surroundings;
    private final Findings findings;

    Interpolation(Surroundings surroundings, Findings findings) {
        this.surroundings = surroundings;
        this.findings = findings;
    }

    /** The same tree with every text interpolated; keys stay as they are. */
    Json tree(Json value, String path) {
        if (value instanceof Json.Obj object) {
            JsonObject all = new JsonObject();
            object.fields().forEach((key, each) -> all.with(key,
                    tree(each, path.isEmpty() ? key : path + "." + key)));
            return all.build();
        }
        if (value instanceof Json.Arr array) {
            List<Json> items = new ArrayList<>();
            for (Json item : array.items()) {
                items.add(tree(item, path + "[" + items.size() + "]"));
            }
            return Json.array(items);
        }
        if (value instanceof Json.Text text && text.value().indexOf('$') >= 0) {
            return Json.of(text(text.value(), path, 0));
        }
        return value;
    }

    String text(String text, String path) {
        return text(text, path, 0);
    }

    private String text(String text, String path, int depth) {
        if (depth > DEPTH_MAX) {
            findings.error(path, "variables are nested deeper than " + DEPTH_MAX + " levels");
            return "";
        }
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length() && out.length() <= CHARS_MAX) {
            char c = text.charAt(at);
            if (c != '$') {
                out.append(c);
                at++;
            } else if (text.startsWith("$$", at)) {
                out.append('$');
                at += 2;
            } else if (text.startsWith("${", at)) {
                int end = closing(text, at + 2);
                if (end < 0) {
                    findings.error(path, "'${' is not closed; write $$ for a dollar");
                    return out.toString();
                }
                out.append(braced(text.substring(at + 2, end), path, depth));
                at = end + 1;
            } else {
                int end = nameEnd(text, at + 1);
                if (end == at + 1) {
                    findings.error(path, "'$' stands before no name; write $$ for a dollar");
                    return out.toString();
                }
                out.append(variable(text.substring(at + 1, end), path));
                at = end;
            }
        }
        return out.toString();
    }

    private String braced(String inside, String path, int depth) {
        int end = nameEnd(inside, 0);
        String name = inside.substring(0, end);
        String rest = inside.substring(end);
        if (name.isEmpty()) {
            findings.error(path, "'${" + inside + "}' names no variable");
            return "";
        }
        if (rest.isEmpty()) {
            return variable(name, path);
        }
        boolean emptyIsNone = rest.startsWith(":");
        String operator = emptyIsNone ? rest.substring(1) : rest;
        Optional<String> value = surroundings.variable(name)
                .filter(text -> !emptyIsNone || !text.isEmpty());
        String argument = operator.isEmpty() ? "" : operator.substring(1);
        return switch (operator.isEmpty() ? ' ' : operator.charAt(0)) {
            case '-' -> value.orElseGet(() -> text(argument, path, depth + 1));
            case '+' -> value.isPresent() ? text(argument, path, depth + 1) : "";
            case '?' -> {
                if (value.isEmpty()) {
                    findings.error(path, "variable " + name + " is required"
                            + (argument.isEmpty() ? "" : ": " + argument));
                }
                yield value.orElse("");
            }
            default -> {
                findings.error(path, "'${" + inside + "}' is no form that is known;"
                        + " write ${NAME}, ${NAME:-otherwise}, ${NAME:?message} or ${NAME:+instead}");
                yield "";
            }
        };
    }

    private String variable(String name, String path) {
        Optional<String> value = surroundings.variable(name);
        if (value.isEmpty()) {
            findings.warn(path, "variable " + name + " is not set; it is taken as empty");
        }
        return value.orElse("");
    }

    private static int nameEnd(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == '_' || isLetter(text.charAt(at))
                || (at > from && text.charAt(at) >= '0' && text.charAt(at) <= '9'))) {
            at++;
        }
        return at;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The brace that closes this one, over those in between. */
    private static int closing(String text, int from) {
        int open = 1;
        for (int at = from; at < text.length(); at++) {
            if (text.startsWith("${", at)) {
                open++;
                at++;
            } else if (text.charAt(at) == '}' && --open == 0) {
                return at;
            }
        }
        return -1;
    }
}
