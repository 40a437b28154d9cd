package io.springtide.master.ring;

import com.lmax.disruptor.EventHandler;
import io.springtide.core.SchedulerCore;
import io.springtide.core.codec.EventCodec;
import io.springtide.core.codec.FactWriter;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.master.journal.Batch;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.ring.Turn.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The engine: the one thread that decides. Takes commands off the ring as they come; when the ring is
 * empty, or enough has come together, it settles and passes the turn on to the journal. It does not
 * wait for the journal: several turns may be under way, and they come out in order.
 */
final class EngineLoop implements EventHandler<CommandSlot> {

    /** A turn is passed on at this size, so that it stays below what any journal takes at once. */
    private static final int TURN_BYTES_MAX = 512 * 1024;

    /** What follows from what follows; more rounds wait for the next tick. */
    private static final int SETTLE_ROUNDS_MAX = 4;

    private static final Command SETTLE = new Command.Settle();

    private final SchedulerCore core;
    private final EngineClock clock;
    private final Consumer<Turn> turns;
    private final long epoch;
    private final EngineMetrics metrics;
    private final FactWriter encoded = new FactWriter(1 << 16);
    private List<Event> events = new ArrayList<>();
    private List<Reply> replies = new ArrayList<>();
    private long positionNext;

    /**
     * Begins behind the newest fact.
     *
     * @param turns takes what each turn has come to; may wait if the journal is far behind
     */
    EngineLoop(SchedulerCore core, EngineClock clock, Consumer<Turn> turns, long epoch,
            long positionNext, EngineMetrics metrics) {
        this.core = core;
        this.clock = clock;
        this.turns = turns;
        this.epoch = epoch;
        this.positionNext = positionNext;
        this.metrics = metrics;
    }

    @Override
    public void onEvent(CommandSlot slot, long sequence, boolean endOfBatch) {
        Command command = slot.command;
        var reply = slot.reply;
        slot.clear();
        if (command == null || reply == null) {
            throw new IllegalStateException("an empty slot on the command ring");
        }
        take(command, reply, endOfBatch);
    }

    /** Decides one command; passes the turn on if it is the last for now. */
    void take(Command command, CompletableFuture<Outcome> reply, boolean endOfBatch) {
        metrics.turns().begin();
        Decision decision = decide(command);
        if (command instanceof Command.SubmitApps) {
            metrics.submitted(decision.answer());
        }
        replies.add(new Reply(reply, decision.answer()));
        if (endOfBatch || encoded.size() >= TURN_BYTES_MAX) {
            settle();
            pass();
            metrics.turns().end();
        }
    }

    private void settle() {
        for (int round = 0; round < SETTLE_ROUNDS_MAX; round++) {
            if (decide(SETTLE).events().isEmpty()) {
                return;
            }
        }
    }

    private Decision decide(Command command) {
        Decision decision = core.decide(command, clock.nowMs());
        for (Event event : decision.events()) {
            core.apply(event);
            EventCodec.write(encoded, event);
            events.add(event);
        }
        return decision;
    }

    private void pass() {
        if (events.isEmpty() && replies.isEmpty()) {
            return;
        }
        Optional<Batch> batch = events.isEmpty()
                ? Optional.empty()
                : Optional.of(new Batch(epoch, positionNext, clock.nowMs(), events.size(),
                        encoded.toBytes()));
        Turn turn = new Turn(batch, events, replies);
        positionNext += events.size();
        events = new ArrayList<>();
        replies = new ArrayList<>();
        encoded.clear();
        turns.accept(turn);
    }
}
