package io.springtide.master.agents;

import io.springtide.api.agent.Found;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.Look;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.state.ClusterState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares from time to time what one connected agent holds with what the state says, and repairs what
 * differs. A look goes behind all orders, and its answer comes when all reports are durable; but a fact may
 * fall between the two, so that only what differs at two looks in a row counts. Every repair is harmless
 * where it is not needed. Any thread.
 */
final class Looks {

    /** From a look that has found something to the next one; at most, for intervals may be shorter. */
    private static final Duration AGAIN = Duration.ofSeconds(3);

    /** More at once is no slip: it is repaired step by step, and can be stopped. */
    static final int REPAIRS_MAX = 1_000;

    private static final int PERCENT = 100;
    private static final int PERCENT_MIN = 75;
    private static final int PERCENT_MAX = 126;

    private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

    private final SessionContext context;
    private final Outbound outbound;
    private long dueNanos;
    private long number;
    private Map<Long, Repair> suspected = Map.of();

    Looks(SessionContext context, Outbound outbound) {
        this.context = context;
        this.outbound = outbound;
    }

    /** The agent has connected; many may have at once. */
    synchronized void begin() {
        long everyNanos = context.settings().reconcileEvery().toNanos();
        dueNanos = context.timing().nanoTime() + context.timing().random(0, everyNanos);
    }

    /** Asks the agent if it is time; says whether it did. */
    synchronized boolean lookIfDue(AgentSpec agent) {
        if (context.timing().nanoTime() - dueNanos < 0) {
            return false;
        }
        // Should no answer come, the next look is the normal one.
        due(context.settings().reconcileEvery());
        OptionalLong digest = context.view().read(state -> {
            OptionalInt row = row(state, agent);
            return row.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Comparison.digest(state, row.getAsInt(), context.gate()));
        });
        if (digest.isEmpty()) {
            return false;
        }
        Look look = Look.newBuilder().setNumber(number + 1).setDigest(digest.getAsLong()).build();
        if (!outbound.offer(List.of(new Piece.Asks(look)))) {
            return false; // so far behind that it would tell of yesterday
        }
        number++;
        return true;
    }

    /** The agent has said what it holds. */
    synchronized void answered(AgentSpec agent, Holdings said) {
        if (said.getLook() != number) {
            return;
        }
        if (said.getSame()) {
            suspected = Map.of();
            return;
        }
        if (said.getHeldCount() > Registration.HELD_MAX) {
            LOG.warn("reconcile_answer_too_long agent={} held={}", agent.id(),
                    said.getHeldCount());
            return;
        }
        SortedMap<Long, Repair> confirmed = new TreeMap<>();
        Optional<SortedMap<Long, Repair>> found = context.view().read(state -> {
            OptionalInt row = row(state, agent)
                    .stream().filter(at -> state.agents().seq(at) == said.getSeq()).findFirst();
            if (row.isEmpty()) {
                return Optional.empty();
            }
            SortedMap<Long, Repair> now = Comparison.atLook(state, row.getAsInt(),
                    said.getHeldList(), found(said.getFoundList(), state.clusterId()),
                    context.gate());
            now.forEach((instance, repair) -> {
                if (suspected.get(instance) == repair && confirmed.size() < REPAIRS_MAX) {
                    confirmed.put(instance, repair);
                }
            });
            if (!confirmed.isEmpty()) {
                outbound.begin(
                        Comparison.orders(state, row.getAsInt(), confirmed, context));
            }
            return Optional.of(now);
        });
        context.counters().repaired(agent.id().name(), confirmed);
        SortedMap<Long, Repair> open = found.orElseGet(TreeMap::new);
        open.keySet().removeAll(confirmed.keySet());
        suspected = open;
        if (!open.isEmpty() || found.isEmpty()) {
            Duration every = context.settings().reconcileEvery();
            due(every.compareTo(AGAIN) < 0 ? every : AGAIN);
        }
    }

    /** Of all that an agent has found, what belongs to this cluster. */
    static List<Long> found(List<Found> found, String clusterId) {
        return found.stream().filter(one -> one.getClusterId().equals(clusterId))
                .flatMap(one -> one.getInstanceIdsList().stream()).distinct()
                .limit(Registration.HELD_MAX).toList();
    }

    private void due(Duration pause) {
        dueNanos = context.timing().nanoTime() + pause.toNanos() / PERCENT
                * context.timing().random(PERCENT_MIN, PERCENT_MAX);
    }

    private static OptionalInt row(ClusterState state, AgentSpec agent) {
        OptionalInt row = state.agents().rowOf(agent.id());
        return row.stream().filter(
                at -> state.agents().spec(at).incarnation() == agent.incarnation()).findFirst();
    }
}
