package io.springtide.core;

import org.jspecify.annotations.Nullable;

/** Checks that stay on in production. */
public final class Check {

    private Check() {}

    /**
     * Guards what a caller hands in.
     *
     * @throws IllegalArgumentException if the condition does not hold
     */
    public static void argument(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /**
     * The thing itself, where only a bug of ours can make it be missing.
     *
     * @throws IllegalStateException if it is
     */
    public static <T> T present(@Nullable T thing, String message) {
        if (thing == null) {
            throw new IllegalStateException(message);
        }
        return thing;
    }

    /**
     * Guards what only a bug of ours can break; the engine stops rather than go on.
     *
     * @throws IllegalStateException if the condition does not hold
     */
    public static void invariant(boolean condition, String message) {
        if (!condition) {
            throw new IllegalStateException(message);
        }
    }
}
