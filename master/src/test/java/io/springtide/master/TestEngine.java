package io.springtide.master;

import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.master.view.CommittedState;
import java.util.List;

/**
 * The real core, and the copy of its state that everybody reads, without a ring and a journal: a command
 * and all that follows from it are one batch.
 */
public record TestEngine(SchedulerCore core, CommittedState view) {

    /** Decides on a command and does what it says. */
    public Answer command(Command command, long nowMs) {
        Decision decision = core.decide(command, nowMs);
        apply(decision.events());
        List<Event> follow = core.decide(new Command.Settle(), nowMs).events();
        while (!follow.isEmpty()) {
            apply(follow);
            follow = core.decide(new Command.Settle(), nowMs).events();
        }
        view.batchEnd();
        return decision.answer();
    }

    private void apply(List<Event> facts) {
        facts.forEach(core::apply);
        view.advance(facts);
    }
}
