package io.springtide.cli;

import io.springtide.api.client.Json;
import io.springtide.api.client.JsonText;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of every command that prints a list, and the printing. */
public final class Output {
    /** How a list is printed. */
    public enum Format {
        table, wide, json, jsonl, name
    }

    @Option(names = {"-o",
            "--output"}, //
            paramLabel = "FORMAT", //
            defaultValue = "table", //
            description = "table, wide, json, jsonl or name (default table).")
    private Format format = Format.table;

    @Option(names = "--no-headers", description = "Leave out the headings of a table.")
    private boolean noHeaders;

    @Option(names = {"-q", "--quiet"}, description = "Names only, nothing else.")
    private boolean quiet;

    /** The format that holds. */
    Format format() {
        return quiet && format == Format.table ? Format.name : format;
    }

    /** True if there should be no messages. */
    boolean quiet() {
        return quiet;
    }

    /** True if people will read it as a table. */
    boolean tabular() {
        return format() == Format.table || format() == Format.wide;
    }

    /**
     * Prints a list.
     *
     * @param rows what the master sent, unchanged, for the formats that programs read
     * @param names one a row
     * @param empty what to say (on stderr) if there is nothing
     */
    void print(Terminal terminal, List<Json> rows, List<String> names, Table table, String empty) {
        if (format() == Format.json) {
            terminal.data(JsonText.pretty(Json.array(rows)));
        } else if (format() == Format.jsonl) {
            for (Json row : rows) {
                terminal.data(JsonText.compact(row));
            }
        } else if (format() == Format.name) {
            for (String name : names) {
                terminal.data(name);
            }
        } else if (rows.isEmpty()) {
            terminal.say(empty);
        } else {
            StringBuilder all = new StringBuilder();
            for (String line : table.lines(!noHeaders)) {
                all.append(line).append('\n');
            }
            terminal.out().print(all);
        }
    }

    /** Prints one thing: as JSON if asked for, otherwise the given lines. */
    void printOne(Terminal terminal, Json thing, String name, List<String> lines) {
        if (format() == Format.json) {
            terminal.data(JsonText.pretty(thing));
        } else if (format() == Format.jsonl) {
            terminal.data(JsonText.compact(thing));
        } else if (format() == Format.name) {
            terminal.data(name);
        } else {
            for (String line : lines) {
                terminal.data(line);
            }
        }
    }
}
