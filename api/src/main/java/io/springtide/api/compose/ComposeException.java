package io.springtide.api.compose;

import java.util.List;

/** A Compose file that cannot be run as it is; the message lists every reason, a line each. */
public final class ComposeException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient List<Finding> errors;
    private final transient List<Finding> warnings;

    ComposeException(List<Finding> errors, List<Finding> warnings) {
        super(String.join("\n", errors.stream().map(Finding::toString).toList()));
        this.errors = List.copyOf(errors);
        this.warnings = List.copyOf(warnings);
    }

    /** At least one. */
    public List<Finding> errors() {
        return errors;
    }

    /** What would be left out if the errors were gone. */
    public List<Finding> warnings() {
        return warnings;
    }
}
