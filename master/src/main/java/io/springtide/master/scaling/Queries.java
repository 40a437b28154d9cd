package io.springtide.master.scaling;

import java.util.Optional;
import java.util.Set;

/** Answers to the queries of policies. Each is asked now and then in the background. Any thread. */
public interface Queries extends AutoCloseable {

    /** Nobody was named who could answer. */
    Queries NONE = new Queries() {

        private static final String FAULT = "no Prometheus is named: start the masters with"
                + " --prometheus URL";

        @Override
        public void ask(Set<String> wanted, long nowMs) {
            // Nobody to ask.
        }

        @Override
        public Optional<Answered> answer(String query) {
            return Optional.of(Answered.none(FAULT, 0));
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /**
     * The newest answer.
     *
     * @param value meaningless if there is a fault
     * @param fault a sentence why there is no value; empty if there is one
     * @param atMs when it came, by our clock
     */
    record Answered(double value, String fault, long atMs) {

        static Answered of(double value, long atMs) {
            return new Answered(value, "", atMs);
        }

        static Answered none(String fault, long atMs) {
            return new Answered(0, fault, atMs);
        }

        boolean known() {
            return fault.isEmpty();
        }
    }

    /** Says which queries matter now; those that are due are asked, without waiting for it. */
    void ask(Set<String> wanted, long nowMs);

    /** Empty if the query has not been answered yet. */
    Optional<Answered> answer(String query);

    @Override
    void close();
}
