package io.springtide.cloud.spi;

import java.time.Duration;

/** What came of a request for a machine. */
public sealed interface ProvisionResult {

    /** It is there, or on its way: its agent will report. */
    record Granted(Node node) implements ProvisionResult {}

    /** Not now: too many requests. Ask again, not before {@code after}. */
    record Throttled(Duration after) implements ProvisionResult {}

    /**
     * Not at all: no capacity, no permission, no such template.
     *
     * @param reason a sentence that says what to do
     */
    record Refused(String reason) implements ProvisionResult {}
}
