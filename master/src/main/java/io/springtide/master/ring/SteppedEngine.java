package io.springtide.master.ring;

import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.master.journal.Journal;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.view.CommittedState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The same stages as those of {@link Engine}, in the same order, without its rings and threads: whoever
 * owns it makes each step when he likes. It does not tick by itself. Used by one thread.
 */
@SuppressWarnings("CollectionUndefinedEquality") // each promise is equal to itself alone, as it is meant
public final class SteppedEngine implements ReignEngine {

    private final EngineLoop loop;
    private final JournalStage journalStage;
    private final Outbox outbox;
    private final Runnable onWork;
    private final Consumer<Throwable> onFatal;
    private final Queue<Waiting> commands = new ArrayDeque<>();
    private final Queue<Turn> decided = new ArrayDeque<>();
    private final Queue<Turn> durable = new ArrayDeque<>();
    private final Set<CompletableFuture<Outcome>> promises = new LinkedHashSet<>();
    private boolean stopped;

    private record Waiting(Command command, CompletableFuture<Outcome> reply) {}

    /**
     * Wires an engine.
     *
     * @param core at the same position as {@code view}
     * @param newestMs time of the newest fact replayed; 0 if there is none
     * @param onWork told when a command waits for {@link #decide}
     * @param onFatal told once if a step fails; nothing behind it is let out
     */
    public SteppedEngine(SchedulerCore core, CommittedState view, Journal journal, long epoch,
            long newestMs, EngineMetrics metrics, LongSupplier wallMs, LongSupplier nanoTime,
            Runnable onWork, Consumer<Throwable> onFatal) {
        this.loop = new EngineLoop(core, new EngineClock(wallMs, nanoTime, newestMs), decided::add,
                epoch, journal.positionNext(), metrics);
        this.journalStage = new JournalStage(journal, metrics.appends(), metrics.commits(),
                new StageWaitStrategy());
        this.outbox = new Outbox(view);
        this.onWork = onWork;
        this.onFatal = onFatal;
    }

    @Override
    public void start() {}

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        if (stopped) {
            return CompletableFuture.completedFuture(STOPPED);
        }
        if (commands.size() >= Engine.COMMANDS_MAX) {
            return CompletableFuture.completedFuture(new Outcome.Busy());
        }
        CompletableFuture<Outcome> reply = new CompletableFuture<>();
        promises.add(reply);
        commands.add(new Waiting(command, reply));
        onWork.run();
        return reply;
    }

    /** Whether {@link #write} has something to do. */
    public boolean hasDecided() {
        return !decided.isEmpty();
    }

    /** Commands that wait to be decided. */
    public int waiting() {
        return commands.size();
    }

    /** Facts that are decided and have not been written. */
    public List<Event> unwritten() {
        return decided.stream().flatMap(turn -> turn.events().stream()).toList();
    }

    /** It has failed, or has been closed. */
    public boolean stopped() {
        return stopped;
    }

    /** Decides everything that waits; says whether there is something to write. */
    public boolean decide() {
        step(() -> {
            while (!commands.isEmpty()) {
                Waiting next = commands.remove();
                loop.take(next.command(), next.reply(), commands.isEmpty());
            }
        });
        return !decided.isEmpty();
    }

    /** Makes everything that is decided durable; says whether there is something to let out. */
    public boolean write() {
        step(() -> {
            Turn.Slot slot = new Turn.Slot();
            List<Turn> run = new ArrayList<>(decided);
            for (int i = 0; i < run.size(); i++) {
                slot.turn = run.get(i);
                journalStage.onEvent(slot, i, i == run.size() - 1);
            }
            decided.clear();
            durable.addAll(run);
        });
        return !durable.isEmpty();
    }

    /** Lets out everything that is durable. */
    public void release() {
        step(() -> {
            Turn.Slot slot = new Turn.Slot();
            List<Turn> run = new ArrayList<>(durable);
            durable.clear();
            for (int i = 0; i < run.size(); i++) {
                slot.turn = run.get(i);
                run.get(i).replies().forEach(reply -> promises.remove(reply.future()));
                outbox.onEvent(slot, i, i == run.size() - 1);
            }
        });
    }

    @Override
    public Outcome await(CompletableFuture<Outcome> promise, Duration atMost)
            throws ExecutionException, InterruptedException, TimeoutException {
        while (!promise.isDone() && !stopped) {
            decide();
            write();
            release();
        }
        return promise.get();
    }

    @Override
    public void close() {
        if (!stopped) {
            decide();
            write();
            release();
        }
        abort();
    }

    @Override
    public void abort() {
        stopped = true;
        commands.clear();
        decided.clear();
        durable.clear();
        breakPromises();
    }

    private void step(Runnable work) {
        if (stopped) {
            return;
        }
        try {
            work.run();
        } catch (RuntimeException | Error failure) {
            stopped = true;
            breakPromises();
            onFatal.accept(failure);
        }
    }

    private void breakPromises() {
        List<CompletableFuture<Outcome>> broken = new ArrayList<>(promises);
        promises.clear();
        broken.forEach(promise -> promise.complete(STOPPED));
    }
}
