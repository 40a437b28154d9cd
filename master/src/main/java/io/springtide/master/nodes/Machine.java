package io.springtide.master.nodes;

import io.springtide.cloud.spi.Node;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import java.util.Optional;

/** One machine of a pool, as this leader knows it. Timer's thread. */
final class Machine {

    final String token;
    final Retry release;
    Optional<Node> node = Optional.empty();
    Optional<Seen.Agent> agent = Optional.empty();

    /** It is being asked for. */
    boolean ordering;
    /** When this leader got it; 0 = it was there before, or is not there yet. */
    long grantedMs;
    /** So many lists in a row did not have it. */
    int missed;
    boolean everListed;
    /** Since when nobody has registered from it; 0 = somebody has. */
    long aloneSinceMs;
    /** This leader has had it drained, and not a person. */
    boolean ours;
    /** A command on its agent is under way: what is seen does not show it yet. */
    boolean busy;
    boolean releasing;
    /** When it was given back; 0 = it was not. */
    long releasedMs;
    /** Since when it has been open and nobody is on it who matters; 0 = it is not so. */
    long idleSinceMs;
    /** Since when it has been draining and empty; 0 = it is not so. */
    long emptySinceMs;
    Optional<String> trouble = Optional.empty();
    long troubledSinceMs;

    private NodesPort.MachineState state = NodesPort.MachineState.ORDERED;
    private long sinceMs;
    private String why = "";

    Machine(String token, Retry release, long nowMs) {
        this.token = token;
        this.release = release;
        this.sinceMs = nowMs;
    }

    boolean listed() {
        return everListed && missed == 0;
    }

    NodesPort.MachineState state() {
        return state;
    }

    boolean leaving() {
        return state == NodesPort.MachineState.LEAVING;
    }

    /** Instances could be placed on it, and nobody is there who would stay. */
    boolean empty() {
        return agent.filter(one -> one.open() && one.firm() == 0).isPresent() && !busy
                && releasedMs == 0 && !releasing;
    }

    /** Its agent is expected. */
    boolean coming() {
        return state == NodesPort.MachineState.ORDERED || state == NodesPort.MachineState.COMING;
    }

    /** It was drained by this leader, and that can be taken back. */
    boolean reopenable() {
        return ours && !busy && !releasing && releasedMs == 0 && agent.filter(
                one -> one.draining() && one.condition() == AgentCondition.LIVE).isPresent();
    }

    Optional<AgentId> agentId() {
        return agent.map(Seen.Agent::id);
    }

    /** What the state shows now. */
    void see(Optional<Seen.Agent> now, long nowMs) {
        agent = now;
        aloneSinceMs = now.isPresent() || ordering ? 0 : aloneSinceMs == 0 ? nowMs : aloneSinceMs;
        if (!busy && now.filter(Seen.Agent::draining).isEmpty()) {
            // Never drained by this leader, or a person has taken it back.
            ours = false;
        }
        idleSinceMs = since(idleSinceMs, empty(), nowMs);
        emptySinceMs = since(emptySinceMs,
                now.filter(one -> one.draining() && one.held() == 0).isPresent(), nowMs);
        derive(nowMs);
    }

    private static long since(long sinceMs, boolean holds, long nowMs) {
        return !holds ? 0 : sinceMs == 0 ? nowMs : sinceMs;
    }

    private void derive(long nowMs) {
        if (releasedMs != 0) {
            be(NodesPort.MachineState.LEAVING, "it was given back and is ending", nowMs);
        } else if (agent.filter(Seen.Agent::draining).isPresent()) {
            be(NodesPort.MachineState.LEAVING, agent.get().held() > 0
                    ? "what is on it moves elsewhere"
                    : ours
                            ? "it is empty and is given back"
                            : "it was drained, and nobody is on it",
                    nowMs);
        } else if (agent.isPresent()) {
            be(NodesPort.MachineState.THERE, there(agent.get()), nowMs);
            trouble(Optional.empty(), nowMs);
        } else if (ordering) {
            be(NodesPort.MachineState.ORDERED, "it is being asked for", nowMs);
        } else {
            be(NodesPort.MachineState.COMING, "its agent has not registered yet", nowMs);
        }
    }

    private String there(Seen.Agent one) {
        if (one.condition() != AgentCondition.LIVE) {
            return "its agent is silent";
        }
        if (!one.open()) {
            return "its agent is cordoned: it is kept as it is";
        }
        String unlisted = everListed && !listed()
                ? "; its adapter does not list it any more"
                : "";
        return (one.held() == 0
                ? "it is empty"
                : "it runs " + one.held() + (one.held() == 1 ? " instance" : " instances"))
                + unlisted;
    }

    private void be(NodesPort.MachineState next, String reason, long nowMs) {
        if (state != next) {
            state = next;
            sinceMs = nowMs;
        }
        why = reason;
    }

    void trouble(Optional<String> sentence, long nowMs) {
        troubledSinceMs = sentence.isEmpty() ? 0 : troubledSinceMs == 0 ? nowMs : troubledSinceMs;
        trouble = sentence;
    }

    NodesPort.MachinePicture picture() {
        return new NodesPort.MachinePicture(token, node.map(Node::id).orElse(""),
                node.map(Node::address).orElse(""), agentId().map(AgentId::name).orElse(""),
                state, sinceMs, trouble.map(one -> why + ", but: " + one).orElse(why));
    }
}
