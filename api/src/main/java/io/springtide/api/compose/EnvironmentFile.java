package io.springtide.api.compose;

import java.util.LinkedHashMap;
import java.util.Map;

/** Files of variables, {@code NAME=value} a line, as Compose reads them for {@code env_file} and {@code .env}. */
public final class EnvironmentFile {
    private EnvironmentFile() {}

    /** The variables of a file; lines that are none are left out. */
    public static Map<String, String> read(String text) {
        return read(text, new Node(io.springtide.api.client.Json.nothing(), "", new Findings()));
    }

    static Map<String, String> read(String text, Node at) {
        Map<String, String> all = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            String clean = line.strip();
            if (clean.isEmpty() || clean.startsWith("#")) {
                continue;
            }
            String pair = clean.startsWith("export ") ? clean.substring(7).strip() : clean;
            int equals = pair.indexOf('=');
            if (equals < 1) {
                at.error("line " + number + " is no NAME=value");
                continue;
            }
            all.put(pair.substring(0, equals).strip(), value(pair.substring(equals + 1).strip()));
        }
        return all;
    }

    private static String value(String written) {
        if (written.length() > 1 && (written.startsWith("\"") || written.startsWith("'"))) {
            int end = written.indexOf(written.charAt(0), 1);
            if (end > 0) {
                String inside = written.substring(1, end);
                return written.charAt(0) == '"' ? inside.replace("\\n", "\n") : inside;
            }
        }
        int comment = written.indexOf(" #");
        return comment < 0 ? written : written.substring(0, comment).stripTrailing();
    }
}
