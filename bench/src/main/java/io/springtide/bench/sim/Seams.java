package io.springtide.bench.sim;

import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.MasterMessage;
import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.state.ClusterState;
import io.springtide.master.journal.Journal;
import java.util.Optional;

/**
 * The places where the simulated world touches the production code. Here they are sound; what is planted
 * to see whether it is found overrides one of them. Nothing of a real master or agent comes by here.
 */
public class Seams {

    /** Everything is as it should be. */
    public Seams() {}

    /** What an agent is told; empty if it is lost on the way. */
    protected Optional<MasterMessage> heard(MasterMessage message, long epochHighest) {
        return Optional.of(message);
    }

    /** What an agent says. */
    protected AgentMessage said(AgentMessage message) {
        return message;
    }

    /** Whether what an agent wrote down is on its disk when it says so. */
    protected boolean synced(int crashes) {
        return true;
    }

    /** For how long without a master an agent keeps what it runs; in ms, 0 = for ever. */
    protected long stopsAloneAfterMs() {
        return 0;
    }

    /** What a master is asked to do. */
    protected Command asked(Command command) {
        return command;
    }

    /** What the core of a master goes by. */
    protected CoreSettings settings(CoreSettings real) {
        return real;
    }

    /** The journal that a reign writes to. */
    protected Journal journal(Journal real) {
        return real;
    }

    /** Whether the store keeps out those whose reign is over. */
    protected boolean fenced() {
        return true;
    }

    /** Whether a store that has been emptied is still taken for the same cluster. */
    protected boolean emptyIsOurs() {
        return false;
    }

    /** A reign begins with this state. */
    protected void begins(ClusterState state) {}

    /** The engine has decided something that is not durable yet. */
    protected void decided(SchedulerCore core) {}

    /** Whether orders follow from what is decided, and not from what is durable. */
    protected boolean ordersAtOnce() {
        return false;
    }
}
