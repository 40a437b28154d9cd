package io.springtide.master.prefetch;

import io.springtide.api.agent.Prefetch;
import io.springtide.core.model.AgentId;
import io.springtide.core.placement.Forecast;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/** What one app will need for its next schedule, and the agents where it is likely to need it. One thread. */
final class Plan {

    private static final int KEPT_FACTOR = 2;

    private final Prefetch item;
    private Occasion occasion;
    private Set<AgentId> chosen = new LinkedHashSet<>();
    private OptionalLong askedMs = OptionalLong.empty();
    private int placeable;
    private long failedSinceMs;

    Plan(Prefetch item, Occasion occasion) {
        this.item = item;
        this.occasion = occasion;
    }

    Prefetch item() {
        return item;
    }

    Occasion occasion() {
        return occasion;
    }

    /** How it stands now; the thing that is needed is the same. */
    void occasion(Occasion newer) {
        occasion = newer;
    }

    /** When it was asked last where the instances would go, by a clock that only goes on. */
    OptionalLong askedMs() {
        return askedMs;
    }

    void asked(long nowMs) {
        askedMs = OptionalLong.of(nowMs);
    }

    /** In the order in which they are told. */
    Set<AgentId> chosen() {
        return Collections.unmodifiableSet(chosen);
    }

    /** How many of the missing instances would have found an agent when it was asked last. */
    int placeable() {
        return Math.min(placeable, occasion.missing());
    }

    /**
     * Takes note of where the instances would go now. Agents that have been told stay, for what they have been
     * told is there or on its way; and no more are told than twice as many as are likely, however often that
     * changes.
     *
     * @param present whether an agent is still part of the cluster
     * @param told whether it has been told
     */
    void choose(Forecast.Likely likely, Predicate<AgentId> present, Predicate<AgentId> told) {
        Set<AgentId> next = new LinkedHashSet<>();
        for (AgentId agent : chosen) {
            if (told.test(agent) && present.test(agent)) {
                next.add(agent);
            }
        }
        int enough = likely.agents().size() + likely.spare().size();
        for (AgentId agent : likely.agents()) {
            if (next.size() < KEPT_FACTOR * enough) {
                next.add(agent);
            }
        }
        for (AgentId agent : likely.spare()) {
            if (next.size() < enough) {
                next.add(agent);
            }
        }
        chosen = next;
        placeable = likely.placeable();
    }

    /** How far it is, by how far each agent is. */
    Progress progress(Turns turns, long nowMs) {
        int done = 0;
        int fetching = 0;
        int failed = 0;
        long bytesDone = 0;
        long bytesTotal = 0;
        List<Progress.Failure> failures = new ArrayList<>();
        for (AgentId agent : chosen) {
            Turn turn = turns.of(item.getId(), agent);
            bytesDone += turn.said().getBytesDone();
            bytesTotal += turn.said().getBytesTotal();
            switch (turn.standing()) {
                case DONE -> done++;
                case FETCHING -> fetching++;
                case FAILED -> {
                    failed++;
                    if (failures.size() < Progress.FAILURES_MAX) {
                        failures.add(new Progress.Failure(agent, turn.error()));
                    }
                }
                case WAITING -> {
                    // Counted by what is left.
                }
            }
        }
        failedSinceMs = failed == 0 ? 0 : failedSinceMs == 0 ? nowMs : failedSinceMs;
        return new Progress(occasion, what(), chosen.size(), done, fetching, failed, placeable(),
                bytesDone, bytesTotal, failedSinceMs, failures);
    }

    /** Addresses of artifacts may hold secrets. */
    private String what() {
        int files = item.getArtifactsCount();
        String artifacts = files == 1 ? "1 artifact" : files + " artifacts";
        if (item.getImage().isEmpty()) {
            return artifacts;
        }
        return "image " + item.getImage() + (files == 0 ? "" : " and " + artifacts);
    }
}
