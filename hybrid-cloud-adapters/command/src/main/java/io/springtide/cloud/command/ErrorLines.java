package io.springtide.cloud.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run of the program says on its standard error: to the log, line by line, but not without end. */
final class ErrorLines {

    static final int LINES_MAX = 200;
    static final int LINE_LENGTH_MAX = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ErrorLines.class);

    private final Path program;
    private final String verb;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String last = "";
    private int lines;

    ErrorLines(Path program, String verb) {
        this.program = program;
        this.verb = verb;
    }

    void add(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                end();
            } else if (line.size() < LINE_LENGTH_MAX) {
                line.write(bytes[i]);
            }
        }
    }

    /** The line is over, though it may lack its end. */
    void end() {
        String text = line.toString(StandardCharsets.UTF_8).replaceAll("[^ -~]", "?").strip();
        line.reset();
        if (text.isEmpty()) {
            return;
        }
        last = text;
        lines++;
        if (lines <= LINES_MAX) {
            LOG.info("node_program program={} verb={} line=\"{}\"", program, verb, text);
        } else if (lines == LINES_MAX + 1) {
            LOG.warn("node_program_says_too_much program={} verb={} lines={}", program, verb,
                    LINES_MAX);
        }
    }

    /** The last line that was not blank; empty if there was none. */
    String last() {
        end();
        return last;
    }
}
