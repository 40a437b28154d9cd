package io.springtide.master.http;

import io.springtide.core.model.CheckResult;
import java.util.Optional;

/** What a task's check was answered, as Marathon shows it. */
final class CheckResultJson {

    private CheckResultJson() {}

    /** The value as JSON, an empty object if there was no answer; empty if nothing was asked. */
    static Optional<String> of(CheckResult result) {
        return switch (result.kind()) {
            case NONE -> Optional.empty();
            case UNANSWERED -> Optional.of("{}");
            case HTTP -> Optional.of("{\"http\":{\"statusCode\":" + result.value() + "}}");
            case TCP -> Optional.of("{\"tcp\":{\"succeeded\":" + (result.value() != 0) + "}}");
            // Not "command", as Mesos calls it: Marathon's API names the answer as it names the check.
            case COMMAND -> Optional.of("{\"exec\":{\"exitCode\":" + result.value() + "}}");
        };
    }
}
