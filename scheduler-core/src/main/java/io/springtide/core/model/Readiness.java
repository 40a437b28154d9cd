package io.springtide.core.model;

/**
 * What an instance was last asked about, and answered: is it ready to serve?
 *
 * @param httpStatus of its answer; 0 = there was none
 * @param contentType empty unless answers are preserved
 * @param body its beginning; empty unless answers are preserved
 */
public record Readiness(boolean ready, int httpStatus, String contentType, String body) {

    /** Longer answers are cut: they live in the journal. */
    public static final int BODY_LENGTH_MAX = 1_000;

    /** It has not been asked, or has not answered. */
    public static final Readiness NONE = new Readiness(false, 0, "", "");

    public Readiness {
        if (body.length() > BODY_LENGTH_MAX) {
            body = body.substring(0, BODY_LENGTH_MAX);
        }
    }
}
