package io.springtide.api.marathon;

/** A request that cannot be granted as it was written; carries the answer for whoever sent it. */
public final class RequestRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient MarathonError error;

    /** Refuses with {@code error} as the answer. */
    public RequestRefused(MarathonError error) {
        // A stranger's mistake is no fault of ours: no stack trace to pay for.
        super(error.status() + " " + error.toJson(), null, false, false);
        this.error = error;
    }

    /** The status and body to answer with. */
    public MarathonError error() {
        return error;
    }
}
