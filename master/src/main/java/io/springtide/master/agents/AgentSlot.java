package io.springtide.master.agents;

import io.springtide.core.command.Command;
import io.springtide.master.agents.AgentsPort.Contact;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The place of one agent: its newest connection. Commands that say how the agent is go through here,
 * under one lock, so that none that belongs to an older connection gets into the ring behind one of a
 * newer connection: an agent that is back must not be called silent, and instances that it was told to
 * start must not be called lost.
 */
final class AgentSlot {

    private @Nullable AgentSession newest;

    /** The connection takes the place, or a sentence why it may not. */
    sealed interface Admission {

        /** It has the place; what it replaces is to be closed. */
        record Admitted(AgentSlot slot, Optional<AgentSession> replaced) implements Admission {}

        /** Another agent of this name is connected. */
        record Taken(String why) implements Admission {}
    }

    synchronized Admission admit(AgentSession session) {
        AgentSession before = newest;
        if (before != null && before.open() && before.incarnation() != session.incarnation()
                && before.heardLately()) {
            return new Admission.Taken("another agent named " + session.name()
                    + " is connected, from another data folder; if this folder was copied,"
                    + " start this agent with an empty one and its own name");
        }
        newest = session;
        return new Admission.Admitted(this, Optional.ofNullable(before).filter(AgentSession::open));
    }

    /** Hands a command over unless a newer connection has taken the place. */
    synchronized Optional<CompletableFuture<Outcome>> submit(AgentSession session, Command command,
            CommandPort commands) {
        return newest == session ? Optional.of(commands.submit(command)) : Optional.empty();
    }

    /** Hands a command over if no connection has been here yet. */
    synchronized Optional<CompletableFuture<Outcome>> submitIfVacant(Command command,
            CommandPort commands) {
        return newest == null ? Optional.of(commands.submit(command)) : Optional.empty();
    }

    synchronized boolean vacant() {
        return newest == null || !newest.open();
    }

    synchronized Optional<Contact> contact() {
        return Optional.ofNullable(newest).map(AgentSession::contact);
    }

    /** The connection, if it is past its Welcome. */
    synchronized Optional<AgentSession> connected() {
        return Optional.ofNullable(newest).filter(AgentSession::ready);
    }
}
