package io.springtide.bench.sim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What one who asks for changes may rely on: how things were promised to be last, and how else they may be,
 * since he has asked for it and was never told what became of that.
 *
 * @param <W> how things may be; compared by its value
 */
final class Promises<W> {

    private final Set<W> possible = new LinkedHashSet<>();
    private W newest;

    Promises(W first) {
        this.newest = first;
        possible.add(first);
    }

    /** What was promised last. */
    W newest() {
        return newest;
    }

    /** Nothing else can be so than what was promised last. */
    boolean certain() {
        return possible.size() == 1;
    }

    /**
     * From now on it may be like this, whatever is heard of it.
     *
     * @return whether it could not be so before; only then a refusal says that it is not so
     */
    boolean ask(W then) {
        return possible.add(then);
    }

    /** It is so, and nothing that was asked for earlier can happen any more. */
    void keep(W then) {
        newest = then;
        possible.clear();
        possible.add(then);
    }

    /**
     * What was asked for has not happened. An earlier request for the same may have, without a word: that is
     * even why the second one is refused, if the change it asks for is under way.
     *
     * @param news what {@link #ask} returned
     */
    void refuse(W then, boolean news) {
        if (news) {
            possible.remove(then);
        }
    }

    /** Whether things may be as they are. */
    boolean allow(Predicate<W> areSo) {
        return possible.stream().anyMatch(areSo);
    }

    @Override
    public String toString() {
        return List.copyOf(possible).toString();
    }
}
