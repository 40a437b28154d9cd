package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.Held;
import io.springtide.agent.runtime.Leftover;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Found;
import io.springtide.api.agent.Holding;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.HoldingsDigest;
import io.springtide.api.agent.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Answers the master's looks at what this agent holds, at a moment when the master knows everything that
 * was reported: nothing that is only on its way can count as a difference. Owned by the engine.
 */
final class LookAnswers {

    /** Far more than a machine runs; a bound on a message. */
    static final int FOUND_MAX = 10_000;

    private final Notebook book;
    private Optional<Look> asked = Optional.empty();
    private List<Leftover> leftovers = List.of();

    LookAnswers(Notebook book) {
        this.book = book;
    }

    /** What was asked on another connection is no longer waited for. */
    void connectionChanged() {
        asked = Optional.empty();
    }

    /** A newer look takes the place of one that waits for its answer. */
    void asked(Look look) {
        asked = Optional.of(look);
    }

    /** What the runtimes have found beside what they know, all of it. */
    void leftovers(List<Leftover> seen) {
        leftovers = List.copyOf(seen);
    }

    /**
     * What has been found and is not held. Before the first Welcome of an empty folder that of all
     * clusters, for the agent does not know its own; the master passes over what is not its.
     */
    List<Found> found() {
        if (leftovers.isEmpty()) {
            return List.of();
        }
        String cluster = book.memory.clusterId();
        TreeMap<String, Found.Builder> byCluster = new TreeMap<>();
        leftovers.stream()
                .filter(one -> cluster.isEmpty() || cluster.equals(one.clusterId()))
                .filter(one -> book.memory.held(one.instanceId()).isEmpty()).limit(FOUND_MAX)
                .forEach(one -> byCluster
                        .computeIfAbsent(one.clusterId(),
                                id -> Found.newBuilder().setClusterId(id))
                        .addInstanceIds(one.instanceId()));
        return byCluster.values().stream().map(Found.Builder::build).toList();
    }

    /** The answer that is due, once. */
    Optional<AgentMessage> answer() {
        boolean atRest = book.unsent.isEmpty() && book.memory.pending().isEmpty();
        if (asked.isEmpty() || !atRest) {
            return Optional.empty();
        }
        Look look = asked.get();
        asked = Optional.empty();
        Holdings.Builder answer = Holdings.newBuilder().setLook(look.getNumber())
                .setSeq(book.memory.seqLast()).addAllFound(found());
        HoldingsDigest digest = new HoldingsDigest();
        List<Holding> holdings = new ArrayList<>();
        for (Held held : book.memory.held()) {
            if (!book.over(held)) {
                Condition condition = book.condition(held.instanceId());
                digest.add(held.instanceId(), condition);
                holdings.add(Holding.newBuilder().setInstanceId(held.instanceId())
                        .setCondition(condition).build());
            }
        }
        if (digest.value() == look.getDigest() && answer.getFoundCount() == 0) {
            answer.setSame(true);
        } else {
            answer.addAllHeld(holdings);
        }
        return Optional.of(AgentMessage.newBuilder().setHoldings(answer).build());
    }
}
