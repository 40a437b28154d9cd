package io.springtide.bench.sim;

import io.springtide.core.SilenceSettings;
import io.springtide.core.event.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Counts the agents that are given up in a window of time, by the cluster's own clock. */
final class GivenUp {

    private static final long PPM = 1_000_000;

    private final SilenceSettings settings;
    private final Deque<Long> timesMs = new ArrayDeque<>();
    /** The newest ones in a row: a person may be behind them, which the fact after them says. */
    private final List<Long> newest = new ArrayList<>();

    GivenUp(SilenceSettings settings) {
        this.settings = settings;
    }

    /**
     * Hears of the next fact; a sentence if more were given up than is believed to fail at once.
     *
     * @param agents how many there are, before it
     */
    Optional<String> next(Event event, int agents) {
        if (event instanceof Event.AgentUnreachable now) {
            newest.add(now.atMs());
            return Optional.empty();
        }
        if (event instanceof Event.AgentStormChanged changed && changed.released()) {
            newest.clear();
            timesMs.clear();
            return Optional.empty();
        }
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        timesMs.addAll(newest);
        long fromMs = newest.getLast() - settings.windowMs();
        newest.clear();
        while (!timesMs.isEmpty() && timesMs.getFirst() <= fromMs) {
            timesMs.removeFirst();
        }
        long most = Math.max(settings.stormMin(), agents * (long) settings.stormPpm() / PPM);
        return timesMs.size() <= most
                ? Optional.empty()
                : Optional.of(timesMs.size() + " agents of " + agents + " were given up within "
                        + settings.windowMs() + " ms, at " + timesMs + ", and " + most
                        + " are allowed");
    }

    /** Whether the fact just heard of was one of those that count. */
    boolean waits() {
        return !newest.isEmpty();
    }
}
