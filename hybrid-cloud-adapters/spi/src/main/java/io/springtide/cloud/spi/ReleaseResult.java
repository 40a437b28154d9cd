package io.springtide.cloud.spi;

import java.time.Duration;

/** What came of giving a machine back. */
public sealed interface ReleaseResult {

    /** It is gone, or was gone already. */
    record Released() implements ReleaseResult {}

    /** Not now: too many requests. Ask again, not before {@code after}. */
    record Throttled(Duration after) implements ReleaseResult {}

    /**
     * It cannot be given back.
     *
     * @param reason a sentence that says what to do
     */
    record Refused(String reason) implements ReleaseResult {}
}
