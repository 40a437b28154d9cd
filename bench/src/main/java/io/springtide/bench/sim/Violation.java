package io.springtide.bench.sim;

/** An invariant does not hold; the message says which, for what, and when. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Invariant invariant;

    Violation(Invariant invariant, String what) {
        super(invariant.id() + " " + invariant.meaning() + ": " + what);
        this.invariant = invariant;
    }

    Violation(Invariant invariant, String what, Throwable cause) {
        super(invariant.id() + " " + invariant.meaning() + ": " + what, cause);
        this.invariant = invariant;
    }

    Invariant invariant() {
        return invariant;
    }
}
