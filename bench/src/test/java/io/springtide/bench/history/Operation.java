package io.springtide.bench.history;

import java.util.Optional;

/**
 * One request about one app, and what came of it.
 *
 * @param invokedNs when it was sent
 * @param returnedNs when the answer was there; {@link #NEVER} if none came
 * @param outcome of the answer; unknown if none came
 */
record Operation(Kind kind, int token, int instances, long invokedNs, long returnedNs,
        Outcome outcome) {

    static final long NEVER = Long.MAX_VALUE;

    enum Kind {
        /** Makes the app; refused if it is there. */
        CREATE,
        /** Makes the app what it says, whether or not it is there. */
        PUT,
        /** Changes the count; refused if the app is not there. */
        SCALE,
        /** Refused if the app is not there. */
        DELETE, READ
    }

    enum Outcome {
        DONE, MISSING, EXISTS,
        /** A deployment was in the way: nothing has changed, and it says nothing of the app. */
        LOCKED, UNKNOWN
    }

    /** What an app is: absent, or the token of its last definition and a count. */
    record App(boolean present, int token, int instances) {

        static final App ABSENT = new App(false, 0, 0);
    }

    boolean answered() {
        return returnedNs != NEVER;
    }

    /** What the app is afterwards, if the operation took effect on {@code before}; empty if it contradicts it. */
    Optional<App> on(App before) {
        return switch (outcome) {
            case LOCKED -> Optional.of(before);
            case MISSING -> before.present() ? Optional.empty() : Optional.of(before);
            case EXISTS -> before.present() ? Optional.of(before) : Optional.empty();
            case DONE -> done(before);
            case UNKNOWN -> Optional.of(done(before).orElse(before));
        };
    }

    private Optional<App> done(App before) {
        App written = new App(true, token, instances);
        return switch (kind) {
            case CREATE -> before.present() ? Optional.empty() : Optional.of(written);
            case PUT -> Optional.of(written);
            case SCALE -> before.present()
                    ? Optional.of(new App(true, before.token(), instances))
                    : Optional.empty();
            case DELETE -> before.present() ? Optional.of(App.ABSENT) : Optional.empty();
            case READ -> before.equals(written) ? Optional.of(before) : Optional.empty();
        };
    }
}
