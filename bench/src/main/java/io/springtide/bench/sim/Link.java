package io.springtide.bench.sim;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.MasterMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One stream between an agent and a master, as TCP makes it: in order, nothing lost while it stands, held
 * back while the network stops, and gone at once or late.
 */
final class Link {

    /** So long an address that does not answer is waited for. */
    private static final long CONNECT_NANOS = 20 * Timeline.SECOND;
    /** Looks of the agent at whether the other side is there; three in vain end it. */
    private static final long KEEP_ALIVE_NANOS = 5 * Timeline.SECOND;
    private static final int LOOKS_IN_VAIN_MAX = 3;
    /** What may be held before the stream says that it is full. */
    private static final int HELD_READY_MAX = 64;

    private final Network network;
    final SimAgent agent;
    final SimMaster master;
    private final Deque<Runnable> heldToMaster = new ArrayDeque<>();
    private final Deque<Runnable> heldToAgent = new ArrayDeque<>();
    private final Deque<AgentMessage> inbox = new ArrayDeque<>();
    /** Orders that have been sent and not arrived. */
    private final Deque<MasterMessage> underWay = new ArrayDeque<>();
    private final ServerStream stream = new ServerStream();
    private @Nullable StreamObserver<AgentMessage> session;
    private long toMasterNanos;
    private long toAgentNanos;
    private int credits;
    private boolean delivering;
    private boolean established;
    private boolean agentOpen = true;
    private boolean masterOpen = true;
    private int looksInVain;

    Link(Network network, SimAgent agent, SimMaster master) {
        this.network = network;
        this.agent = agent;
        this.master = master;
    }

    /** The agent connects. */
    void open() {
        network.add(this);
        if (master.actor.down && network.reaches(agent.node, master.node)) {
            network.timeline().after(network.latency(), agent.actor, this::over);
            return;
        }
        toMaster(this::arrived);
        network.timeline().after(CONNECT_NANOS, agent.actor, () -> {
            if (!established) {
                over();
            }
        });
        network.timeline().after(KEEP_ALIVE_NANOS, agent.actor, this::keepAlive);
    }

    private void arrived() {
        established = true;
        master.entrance.accept(stream).ifPresentOrElse(observer -> {
            session = observer;
            deliver();
        }, stream::onCompleted);
    }

    private void keepAlive() {
        if (!agentOpen) {
            return;
        }
        boolean answers = network.reaches(agent.node, master.node) && master.actor.works();
        looksInVain = answers ? 0 : looksInVain + 1;
        if (looksInVain >= LOOKS_IN_VAIN_MAX) {
            over();
        } else {
            network.timeline().after(KEEP_ALIVE_NANOS, agent.actor, this::keepAlive);
        }
    }

    // ------------------------------------------------------------ from the agent

    void send(AgentMessage message) {
        if (agentOpen) {
            toMaster(() -> {
                if (masterOpen) {
                    inbox.add(message);
                    deliver();
                }
            });
        }
    }

    boolean ready() {
        return agentOpen && heldToMaster.size() + inbox.size() < HELD_READY_MAX;
    }

    /** The agent gives it up, or its process has gone. */
    void cancel() {
        if (agentOpen) {
            agentOpen = false;
            agent.missed(underWay);
            toMaster(this::cancelled);
        }
    }

    /** The agent's machine has gone without a word. */
    void vanish() {
        agentOpen = false;
        heldToMaster.clear();
        network.remove(this);
    }

    private void cancelled() {
        network.remove(this);
        if (masterOpen) {
            masterOpen = false;
            inbox.clear();
            stream.cancelHandler.run();
            if (session != null) {
                session.onError(new IllegalStateException("the stream was cancelled"));
            }
        }
    }

    private void deliver() {
        if (delivering || session == null) {
            return;
        }
        delivering = true;
        while (masterOpen && credits > 0 && !inbox.isEmpty()) {
            credits--;
            session.onNext(inbox.remove());
        }
        delivering = false;
    }

    // ------------------------------------------------------------ to the agent

    /** The connection breaks, seen from both sides. */
    void cut() {
        master.actorDoes(this::cancelled);
        network.timeline().after(network.latency(), agent.actor, this::over);
    }

    /** The master's process has gone; its machine says so. */
    void reset() {
        masterOpen = false;
        heldToMaster.clear();
        heldToAgent.clear();
        if (agentOpen) {
            toAgent(this::over);
        } else {
            network.remove(this);
        }
    }

    /** The agent learns that the connection is gone; once. */
    private void over() {
        if (agentOpen) {
            agentOpen = false;
            agent.missed(underWay);
            if (masterOpen && !master.actor.down) {
                toMaster(this::cancelled);
            } else {
                network.remove(this);
            }
            agent.over(this);
        }
    }

    private void toMaster(Runnable arrival) {
        if (!heldToMaster.isEmpty() || !network.passes(agent.node, master.node)) {
            heldToMaster.add(arrival);
            return;
        }
        toMasterNanos = Math.max(toMasterNanos + 1,
                network.timeline().nowNanos() + network.latency());
        network.timeline().at(toMasterNanos, master.actor, arrival);
    }

    private void toAgent(Runnable arrival) {
        if (!heldToAgent.isEmpty() || !network.passes(master.node, agent.node)) {
            heldToAgent.add(arrival);
            return;
        }
        toAgentNanos = Math.max(toAgentNanos + 1,
                network.timeline().nowNanos() + network.latency());
        network.timeline().at(toAgentNanos, agent.actor, arrival);
    }

    /** What was held back goes on its way, if it can. */
    void flush() {
        if (network.passes(agent.node, master.node)) {
            Deque<Runnable> held = new ArrayDeque<>(heldToMaster);
            heldToMaster.clear();
            held.forEach(this::toMaster);
        }
        if (network.passes(master.node, agent.node)) {
            boolean full = !stream.isReady();
            Deque<Runnable> held = new ArrayDeque<>(heldToAgent);
            heldToAgent.clear();
            held.forEach(this::toAgent);
            if (full && masterOpen) {
                master.actorDoes(() -> stream.readyHandler.run());
            }
        }
    }

    /** The master's end, as gRPC shows it. */
    private final class ServerStream extends ServerCallStreamObserver<MasterMessage> {

        private Runnable readyHandler = () -> {};
        private Runnable cancelHandler = () -> {};

        @Override
        public void onNext(MasterMessage message) {
            if (masterOpen) {
                if (message.hasOrders()) {
                    underWay.add(message);
                }
                toAgent(() -> {
                    underWay.remove(message);
                    agent.heard(Link.this, message);
                });
            }
        }

        @Override
        public void onError(Throwable end) {
            onCompleted();
        }

        @Override
        public void onCompleted() {
            if (masterOpen) {
                masterOpen = false;
                inbox.clear();
                toAgent(Link.this::over);
            }
        }

        @Override
        public boolean isReady() {
            return heldToAgent.size() < HELD_READY_MAX;
        }

        @Override
        public boolean isCancelled() {
            return !masterOpen;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            readyHandler = handler;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {
            cancelHandler = handler;
        }

        @Override
        public void request(int count) {
            credits += count;
            deliver();
        }

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void disableAutoRequest() {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void setCompression(String compression) {}
    }
}
