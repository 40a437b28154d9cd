package io.springtide.master.ring;

import com.lmax.disruptor.EventHandler;
import io.springtide.master.ring.Turn.Reply;
import io.springtide.master.view.CommittedState;
import java.util.ArrayList;
import java.util.List;

/** Lets out what is durable, in order: the view first, then listeners, then replies. */
final class Outbox implements EventHandler<Turn.Slot> {

    private final CommittedState view;
    private final List<Reply> replies = new ArrayList<>();

    Outbox(CommittedState view) {
        this.view = view;
    }

    @Override
    public void onEvent(Turn.Slot slot, long sequence, boolean endOfBatch) {
        Turn turn = slot.turn;
        slot.turn = Turn.NONE;
        view.advance(turn.events());
        replies.addAll(turn.replies());
        if (endOfBatch) {
            view.batchEnd();
            replies.forEach(Reply::send);
            replies.clear();
        }
    }
}
