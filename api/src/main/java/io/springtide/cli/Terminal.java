package io.springtide.cli;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command reads and writes: data to {@code out}, messages to {@code err}. Which of them are
 * terminals is told by the launcher, as the shell knows it without loading anything.
 *
 * @param home folder of the project, empty if unknown
 */
public record Terminal(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean outIsTerminal,
        boolean errIsTerminal,
        boolean inIsTerminal,
        Map<String, String> environment,
        String home) {

    /** The terminal of this process. */
    public static Terminal ofProcess() {
        Map<String, String> environment = System.getenv();
        String terminals = environment.getOrDefault("TIDE_TERMINALS", "");
        return new Terminal(
                new PrintStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                        false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true,
                        StandardCharsets.UTF_8),
                System.in,
                terminals.indexOf('o') >= 0,
                terminals.indexOf('e') >= 0,
                terminals.indexOf('i') >= 0,
                environment,
                System.getProperty("tide.home", ""));
    }

    /** True if escape sequences may go to stdout. */
    public boolean colours() {
        return outIsTerminal && !environment.containsKey("NO_COLOR")
                && !"dumb".equals(environment.getOrDefault("TERM", ""));
    }

    /** Writes data as picocli wants it. */
    PrintWriter dataWriter() {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    /** Writes messages as picocli wants it. */
    PrintWriter messageWriter() {
        return new PrintWriter(new OutputStreamWriter(err, StandardCharsets.UTF_8), true);
    }

    /** A line of data. */
    public void data(String line) {
        out.println(line);
    }

    /** A line for the person in front of the terminal. */
    public void say(String line) {
        err.println(line);
    }

    /** Asks for a line; empty at the end of the input. */
    public Optional<String> ask(String question) {
        err.print(question);
        err.flush();
        try {
            return Optional.ofNullable(
                    new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                            .readLine());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
