package io.springtide.cli.demo;

/** A step did not hold; the message says what was expected and what was seen. */
public final class DemoException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DemoException(String message) {
        super(message);
    }

    public DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
