package io.springtide.master.agents;

import io.grpc.Status;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.master.ring.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One registration on its way through the ring; when it is durable the agent gets its orders. */
final class Registering implements Submissions.Submission {

    private final AgentSession session;
    private final AgentSlot place;
    private final Registration.Accepted accepted;
    private final Command command;

    Registering(AgentSession session, AgentSlot place, Registration.Accepted accepted) {
        this.session = session;
        this.place = place;
        this.accepted = accepted;
        this.command = new Command.RegisterAgent(accepted.agent(), accepted.there());
    }

    @Override
    public Optional<CompletableFuture<Outcome>> attempt() {
        return session.submit(place, command);
    }

    @Override
    public void decided(Answer answer) {
        switch (answer) {
            case Answer.Refused refused -> session.refuse(refused.detail());
            case Answer.Accepted unused -> session.synchronise(accepted);
            case Answer.Nothing unused -> session.synchronise(accepted);
        }
    }

    @Override
    public void failed(String why) {
        session.close(Status.UNAVAILABLE.withDescription(why));
    }
}
