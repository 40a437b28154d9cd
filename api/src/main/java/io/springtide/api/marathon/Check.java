package io.springtide.api.marathon;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A question to a task whose answer is shown and has no other effect.
 *
 * @param probe how it asks
 * @param intervalSeconds between two questions
 * @param timeoutSeconds for an answer
 * @param delaySeconds before the first question
 */
public record Check(Probe probe, int intervalSeconds, int timeoutSeconds, int delaySeconds) {

    /** How to ask. */
    public sealed interface Probe {

        /** A GET. */
        record Http(OptionalInt portIndex, OptionalInt port, Optional<String> path, Scheme scheme)
                implements
                    Probe {}

        /** A connection. */
        record Tcp(OptionalInt portIndex, OptionalInt port) implements Probe {}

        /** A line for the shell. */
        record Shell(String command) implements Probe {}

        /** A program and its arguments. */
        record Argv(List<String> command) implements Probe {
            /** Keeps its own copy. */
            public Argv {
                command = List.copyOf(command);
            }
        }
    }

    /** Plain or over TLS. */
    public enum Scheme implements Literal {
        /** Plain. */
        HTTP("http"),
        /** Over TLS. */
        HTTPS("https");

        private final String json;

        Scheme(String json) {
            this.json = json;
        }

        @Override
        public String json() {
            return json;
        }
    }
}
