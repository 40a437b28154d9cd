package io.springtide.api.client;

import java.util.List;

/** A call to the master that brought no result. The message is a sentence for people. */
public abstract sealed class TideException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TideException(String message) {
        super(message);
    }

    TideException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The master answered, and the answer was no. */
    public static final class Refused extends TideException {
        private static final long serialVersionUID = 1;
        private final int status;
        private final transient List<Problem> problems;
        private final transient List<String> deployments;
        private final int retryAfterSeconds;

        Refused(int status, String message, List<Problem> problems, List<String> deployments,
                int retryAfterSeconds) {
            super(message);
            this.status = status;
            this.problems = List.copyOf(problems);
            this.deployments = List.copyOf(deployments);
            this.retryAfterSeconds = retryAfterSeconds;
        }

        /** HTTP status. */
        public int status() {
            return status;
        }

        /** What is wrong with the request, by path. */
        public List<Problem> problems() {
            return problems;
        }

        /** Deployments that lock the app, for status 409. */
        public List<String> deployments() {
            return deployments;
        }

        /** When the master says it makes sense to ask again; 0 if it did not say. */
        public int retryAfterSeconds() {
            return retryAfterSeconds;
        }
    }

    /** No master could be reached, or the connection broke before an answer had come. */
    public static final class Unreachable extends TideException {
        private static final long serialVersionUID = 1;
        private final boolean requestSent;

        Unreachable(String message, boolean requestSent, Throwable cause) {
            super(message, cause);
            this.requestSent = requestSent;
        }

        /** True if the request may have taken effect. */
        public boolean requestSent() {
            return requestSent;
        }
    }

    /** Something answered that does not speak this protocol, or said more than the bound allows. */
    public static final class Garbled extends TideException {
        private static final long serialVersionUID = 1;

        Garbled(String message) {
            super(message);
        }
    }

    /** One fault of a request: where (a path such as {@code /healthChecks(0)/port}) and what. */
    public record Problem(String path, String text) {}
}
