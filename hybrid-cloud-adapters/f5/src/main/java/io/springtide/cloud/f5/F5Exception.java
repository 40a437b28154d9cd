package io.springtide.cloud.f5;

import java.io.IOException;
import java.time.Duration;

/** The BIG-IP has answered, and not as it should. The message is for the operator. */
final class F5Exception extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final Duration rest;

    /**
     * Of an answer.
     *
     * @param rest it asked for before the next request; zero if for none
     */
    F5Exception(int status, String message, Duration rest) {
        super(message);
        this.status = status;
        this.rest = rest;
    }

    int status() {
        return status;
    }

    Duration rest() {
        return rest;
    }
}
