package io.springtide.core.state;

import io.springtide.core.Check;
import java.util.NavigableMap;

/**
 * How far back it can be said what something was, given that its oldest versions are dropped.
 *
 * @param createdMs when it came to be; 0 if that is not known
 * @param forgottenMs of its versions that are dropped, the newest; 0 = none is
 */
public record Memory(long createdMs, long forgottenMs) {

    public Memory {
        Check.argument(createdMs >= 0 && forgottenMs >= 0, "times must not be below zero");
    }

    /** Of what comes to be at a time. */
    static Memory since(long createdMs) {
        return new Memory(createdMs, 0);
    }

    /** Of what was kept before this was written down: once it has as many versions as are kept, some may be gone. */
    static Memory guessed(NavigableMap<Long, ?> kept, int versionsMax) {
        long firstMs = kept.firstKey();
        return kept.size() < versionsMax
                ? since(firstMs)
                : new Memory(0, Math.max(0, firstMs - 1));
    }

    /** A version is dropped. */
    Memory forgetting(long versionMs) {
        return new Memory(createdMs, Math.max(forgottenMs, versionMs));
    }

    /** Of what has been there before: what it was in its former life is forgotten, that there was one is not. */
    Memory after(Memory former, long formerRemovedMs) {
        return new Memory(Math.min(former.createdMs, createdMs),
                Math.max(forgottenMs, Math.max(0, formerRemovedMs - 1)));
    }

    /** From when on it is known without a gap what it was; between its creation and then it is not. */
    public long knownFromMs(NavigableMap<Long, ?> kept) {
        if (createdMs > 0 && forgottenMs == 0) {
            return createdMs;
        }
        Long first = kept.higherKey(forgottenMs);
        // What counts is never dropped: one that is newer than all others was a plan that came to nothing.
        return first == null ? forgottenMs + 1 : first;
    }

    /** Whether it can be said what it was at a time; that it was not there yet is an answer too. */
    public boolean covers(long timeMs, NavigableMap<Long, ?> kept) {
        return timeMs < createdMs || timeMs >= knownFromMs(kept);
    }
}
