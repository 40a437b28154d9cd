package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.state.AgentTable;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Silence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gives up agents that are silent for too long; but no more of them in a window of time than is believed
 * to fail at once. Beyond that the network is rather to blame: there is a storm, and only a few are given
 * up until agents return or a person says that they are gone.
 */
final class AgentSilence {

    private static final long PPM = 1_000_000;

    private final ClusterState state;
    private final CoreSettings settings;

    AgentSilence(ClusterState state, CoreSettings settings) {
        this.state = state;
        this.settings = settings;
    }

    /** Whether the leader is so new that agents may only not have come to it yet. */
    boolean observing(long nowMs) {
        return nowMs < state.silence().reignMs() + settings.silence().graceMs();
    }

    /** Those whose time is up, and whether there is a storm. */
    void tick(long nowMs, List<Event> events) {
        List<Integer> suspects = suspects();
        Silence silence = state.silence();
        boolean storm = silence.stormMs() != 0;
        if (suspects.isEmpty() && !storm) {
            return;
        }
        int declared = silence.declaredAfter(nowMs - settings.silence().windowMs());
        int agents = agents(declared);
        int silent = suspects.size() + declared;
        int most = Math.max(settings.silence().stormMin(),
                share(agents, settings.silence().stormPpm()));
        if (!storm && silent > most) {
            storm = true;
            events.add(new Event.AgentStormChanged(true, silent, agents, false, nowMs));
        } else if (storm && (suspects.isEmpty() || silent <= most / 2)) {
            storm = false;
            events.add(new Event.AgentStormChanged(false, silent, agents, false, nowMs));
        }
        int bound = storm
                ? Math.min(most, Math.max(1, share(Math.max(agents, silence.stormAgents()),
                        settings.silence().ratePpm())))
                : most;
        due(suspects, nowMs).stream().limit(Math.max(0, bound - declared))
                .forEach(row -> events.add(new Event.AgentUnreachable(row, nowMs)));
    }

    /** All that are silent for long enough are given up; nothing if there is no storm. */
    List<Event> release(long nowMs) {
        if (state.silence().stormMs() == 0) {
            return List.of();
        }
        List<Event> events = new ArrayList<>();
        List<Integer> suspects = suspects();
        due(suspects, nowMs).forEach(row -> events.add(new Event.AgentUnreachable(row, nowMs)));
        events.add(new Event.AgentStormChanged(false, suspects.size(), agents(0), true, nowMs));
        return events;
    }

    private static int share(int agents, int ppm) {
        return (int) (agents * (long) ppm / PPM);
    }

    private List<Integer> suspects() {
        AgentTable agents = state.agents();
        List<Integer> suspects = new ArrayList<>();
        for (int row = 0; row < agents.rows(); row++) {
            if (agents.present(row) && agents.condition(row) == AgentCondition.SUSPECT) {
                suspects.add(row);
            }
        }
        return suspects;
    }

    /** Those that were there when the window began, as far as is known. */
    private int agents(int declared) {
        AgentTable agents = state.agents();
        int there = 0;
        for (int row = 0; row < agents.rows(); row++) {
            there += agents.present(row) && agents.condition(row) != AgentCondition.UNREACHABLE
                    ? 1
                    : 0;
        }
        return Math.min(agents.size(), there + declared);
    }

    /** Longest silent first. */
    private List<Integer> due(List<Integer> suspects, long nowMs) {
        if (observing(nowMs)) {
            return List.of();
        }
        AgentTable agents = state.agents();
        return suspects.stream()
                .filter(row -> nowMs - agents.sinceMs(row) >= settings.agentUnreachableAfterMs())
                .sorted(Comparator.comparingLong(agents::sinceMs).thenComparing(row -> row))
                .toList();
    }
}
