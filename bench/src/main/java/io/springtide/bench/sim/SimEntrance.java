package io.springtide.bench.sim;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.MasterMessage;
import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import io.springtide.master.agents.AgentGateway;
import io.springtide.master.agents.Entrance;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The door of one simulated master: whose gateway takes streams, and the pool that works for it. */
final class SimEntrance implements Entrance {

    private static final long POOL_NANOS_MEAN = Timeline.MS / 5;

    private final Timeline timeline;
    private final Actor actor;
    private final Dice dice;
    private final boolean atOnce;
    private Optional<AgentGateway> gateway = Optional.empty();

    /**
     * Closed, until somebody leads.
     *
     * @param atOnce work for the pool is done where it comes up, and not a little later
     */
    SimEntrance(Timeline timeline, Actor actor, Dice dice, boolean atOnce) {
        this.timeline = timeline;
        this.actor = actor;
        this.dice = dice;
        this.atOnce = atOnce;
    }

    /** A stream arrives; empty if nobody here leads. */
    Optional<StreamObserver<AgentMessage>> accept(
            ServerCallStreamObserver<MasterMessage> stream) {
        return gateway.map(leading -> leading.connect(stream));
    }

    /** What a planted bug does: orders follow from facts that nobody has written down. */
    void tellAtOnce(List<Event> facts, ClusterState state) {
        gateway.ifPresent(leading -> {
            facts.forEach(fact -> leading.after(fact, state));
            leading.batchEnd(state);
        });
    }

    @Override
    public void lead(AgentGateway leading) {
        gateway = Optional.of(leading);
    }

    @Override
    public void rest() {
        gateway = Optional.empty();
    }

    @Override
    public Executor pool() {
        return atOnce
                ? Runnable::run
                : work -> timeline.after(dice.latency(POOL_NANOS_MEAN), actor, work);
    }
}
