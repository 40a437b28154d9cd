package io.springtide.core.model;

import io.springtide.core.Check;

/**
 * What becomes of instances whose agent is unreachable.
 *
 * @param replaced false: they are waited for, for ever
 * @param inactiveAfterMs after this they no longer count and are replaced
 * @param expungeAfterMs after this they are forgotten, and killed should they come back
 */
public record Unreachable(boolean replaced, long inactiveAfterMs, long expungeAfterMs) {

    /** Marathon's default since 1.5: replaced and forgotten at once. */
    public static final Unreachable DEFAULT = new Unreachable(true, 0, 0);

    /** Waited for, for ever. */
    public static final Unreachable DISABLED = new Unreachable(false, 0, 0);

    public Unreachable {
        Check.argument(inactiveAfterMs >= 0 && inactiveAfterMs <= expungeAfterMs,
                "inactiveAfterSeconds must not be above expungeAfterSeconds");
    }
}
