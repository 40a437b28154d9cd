package io.springtide.master.agents;

import io.grpc.Status;
import io.springtide.api.agent.StatusBatch;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.model.AgentSpec;
import io.springtide.master.ring.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Brings what one connection reports through the ring, and acknowledges what is durable. Any thread. */
final class Reports {

    private final AgentSession session;
    private final Submissions submissions;
    private final Outbound outbound;
    /** What has been reported as ended and is not decided yet, by the number of its batch. */
    private final Map<Long, List<Statuses.End>> ends = new ConcurrentHashMap<>();

    Reports(AgentSession session, Submissions submissions, Outbound outbound) {
        this.session = session;
        this.submissions = submissions;
        this.outbound = outbound;
    }

    void take(AgentSlot place, AgentSpec agent, StatusBatch batch) {
        List<Statuses.End> ended = Statuses.ends(batch);
        if (!ended.isEmpty()) {
            ends.put(batch.getSeq(), ended);
        }
        submissions.submit(new Reporting(place, new Command.ReportStatuses(agent.id(),
                agent.incarnation(), batch.getSeq(), Statuses.of(batch))),
                Submissions.WITHOUT_END);
    }

    /** What the agent has reported as ended in a batch whose facts are being told; empty once they are. */
    List<Statuses.End> ends(long seq) {
        return ends.getOrDefault(seq, List.of());
    }

    private final class Reporting implements Submissions.Submission {

        private final AgentSlot place;
        private final Command.ReportStatuses command;

        Reporting(AgentSlot place, Command.ReportStatuses command) {
            this.place = place;
            this.command = command;
        }

        @Override
        public Optional<CompletableFuture<Outcome>> attempt() {
            return session.submit(place, command);
        }

        @Override
        public void accepted() {
            session.listenOn();
        }

        @Override
        public void decided(Answer answer) {
            ends.remove(command.seq());
            switch (answer) {
                // Not acknowledged: the agent registers anew and says it again.
                case Answer.Refused refused ->
                    session.close(Status.FAILED_PRECONDITION.withDescription(refused.detail()));
                case Answer.Accepted unused -> outbound.ack(command.seq());
                case Answer.Nothing unused -> outbound.ack(command.seq());
            }
        }

        @Override
        public void failed(String why) {
            session.close(Status.UNAVAILABLE.withDescription(why));
        }
    }
}
