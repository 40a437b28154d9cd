package io.springtide.master.planted;

import io.grpc.Status;
import io.springtide.cli.Tide;
import io.springtide.cloud.ingress.IngressDriver;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.core.decide.Rollout;
import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.agents.AgentGateway;
import io.springtide.master.journal.Journal;
import io.springtide.master.ring.Engine;
import io.springtide.master.view.ClusterView;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.function.Consumer;

/** One rule broken by each nested class. */
final class Violations {

    private Violations() {}

    @Planted(rule = "durability", room = "agents")
    record WritesToTheJournal(Journal journal) {}

    @Planted(rule = "ring", room = "http")
    record SeesTheEngine(Engine engine) {}

    @Planted(rule = "doors", room = "http")
    record SeesTheOtherDoor(AgentGateway gateway) {}

    @Planted(rule = "apply", room = "http")
    static final class ChangesTheState {
        void change(ClusterView view, Event event) {
            view.read(state -> {
                state.apply(event);
                return Optional.empty();
            });
        }
    }

    @Planted(rule = "apply", room = "metrics")
    static final class ChangesTheStateByReference {
        Consumer<Event> change(ClusterState state) {
            return state::apply;
        }
    }

    @Planted(rule = "snapshots", room = "metrics")
    static final class EncodesTheState {
        byte[] encode(ClusterState state) {
            return StateSnapshot.encode(state);
        }
    }

    @Planted(rule = "rules", room = "agents")
    record DecidesOnRollouts(Rollout rollout) {}

    @Planted(rule = "vertx", room = "ring")
    record SpeaksHttp(Vertx vertx) {}

    @Planted(rule = "grpc", room = "http")
    record SpeaksGrpc(Status status) {}

    @Planted(rule = "journal", room = "journal")
    record KnowsFacts(Event event) {}

    @Planted(rule = "others", room = "config")
    record UsesTheCommandLine(Tide tide) {}

    @Planted(rule = "spi", room = "ring")
    record KnowsEndpoints(Endpoint endpoint) {}

    @Planted(rule = "adapters", room = "http")
    record KnowsAnAdapter(IngressDriver driver) {}
}
