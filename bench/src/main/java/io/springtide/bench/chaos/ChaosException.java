package io.springtide.bench.chaos;

/** Something did not come about in time, or could not be done at all; the message says what and where to look. */
final class ChaosException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ChaosException(String message) {
        super(message);
    }

    ChaosException(String message, Throwable cause) {
        super(message, cause);
    }
}
