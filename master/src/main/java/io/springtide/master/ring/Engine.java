package io.springtide.master.ring;

import com.lmax.disruptor.BlockingWaitStrategy;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.master.journal.Journal;
import io.springtide.master.metrics.EngineMetrics;
import io.springtide.master.view.CommittedState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a command: ring, engine thread, journal, outbox.
 *
 * <pre>
 *   any thread -> [ command ring ] -> EngineLoop -> [ turn ring ] -> JournalStage -> Outbox
 * </pre>
 *
 * What throws in any stage ends the reign: nothing behind it is let out, and the owner is told.
 */
public final class Engine implements ReignEngine {

    /** Waiting commands; beyond it callers are told to come again. A power of two. */
    public static final int COMMANDS_MAX = 8_192;

    /** Turns under way to the disk. A power of two. */
    private static final int TURNS_MAX = 256;

    private static final long CLOSE_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private static final long DRAIN_LOOK_NANOS = 1_000_000;

    private static final long FULL_LOOK_NANOS = 50_000;

    private final Disruptor<CommandSlot> commands;
    private final Disruptor<Turn.Slot> turns;
    private final Ticker ticker;
    private final AtomicBoolean stopped = new AtomicBoolean();
    /** Given and not kept yet; whoever waits must hear that it will not be. */
    private final Set<CompletableFuture<Outcome>> promises = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final Consumer<Throwable> onFatal;
    private final EngineMetrics metrics;

    /**
     * Wires an engine; {@link #start} sets it going.
     *
     * @param core at the same position as {@code view}
     * @param newestMs time of the newest fact replayed; 0 if there is none
     * @param onFatal told once, on the thread of the stage that failed
     */
    public Engine(SchedulerCore core, CommittedState view, Journal journal, long epoch,
            long newestMs,
            EngineMetrics metrics, Consumer<Throwable> onFatal) {
        this.onFatal = onFatal;
        this.metrics = metrics;
        commands = new Disruptor<>(CommandSlot::new, COMMANDS_MAX, threads("engine"),
                ProducerType.MULTI,
                new BlockingWaitStrategy());
        StageWaitStrategy waiting = new StageWaitStrategy();
        turns = new Disruptor<>(Turn.Slot::new, TURNS_MAX, threads("commit"), ProducerType.SINGLE,
                waiting);
        EngineClock clock = new EngineClock(System::currentTimeMillis, System::nanoTime, newestMs);
        commands.setDefaultExceptionHandler(new Fatal<>());
        turns.setDefaultExceptionHandler(new Fatal<>());
        commands.handleEventsWith(
                new EngineLoop(core, clock, this::pass, epoch, journal.positionNext(),
                        metrics));
        turns.handleEventsWith(
                new JournalStage(journal, metrics.appends(), metrics.commits(), waiting))
                .then(new Outbox(view));
        ticker = new Ticker(this);
        RingBuffer<CommandSlot> ring = commands.getRingBuffer();
        metrics.ringRemaining(() -> (double) ring.remainingCapacity() / ring.getBufferSize());
    }

    @Override
    public void start() {
        turns.start();
        commands.start();
        ticker.start();
    }

    @Override
    public Outcome await(CompletableFuture<Outcome> promise, Duration atMost)
            throws InterruptedException, ExecutionException, TimeoutException {
        return promise.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits if the journal is far behind: then the command ring fills, and callers are told. */
    private void pass(Turn turn) {
        RingBuffer<Turn.Slot> ring = turns.getRingBuffer();
        long sequence = next(ring);
        try {
            ring.get(sequence).turn = turn;
        } finally {
            ring.publish(sequence);
        }
    }

    private long next(RingBuffer<Turn.Slot> ring) {
        while (!stopped.get()) {
            try {
                return ring.tryNext();
            } catch (InsufficientCapacityException full) {
                LockSupport.parkNanos(FULL_LOOK_NANOS);
            }
        }
        throw new IllegalStateException("the stages behind the engine have stopped");
    }

    @Override
    @SuppressWarnings("CollectionUndefinedEquality") // each promise is equal to itself alone, as it is meant
    public CompletableFuture<Outcome> submit(Command command) {
        CompletableFuture<Outcome> reply = new CompletableFuture<>();
        promises.add(reply);
        var unused = reply.whenComplete((outcome, failure) -> promises.remove(reply));
        if (stopped.get()) {
            if (command instanceof Command.SubmitApps) {
                metrics.submittedToStopped();
            }
            reply.complete(STOPPED);
        } else if (!commands.getRingBuffer().tryPublishEvent(
                (slot, sequence, c, r) -> slot.fill(c, r), command, reply)) {
            if (command instanceof Command.SubmitApps) {
                metrics.submittedToFullRing();
            }
            reply.complete(new Outcome.Busy());
        }
        return reply;
    }

    /** Lets everything under way come out, then stops. Commands that come later are refused. */
    @Override
    public void close() {
        ticker.close();
        if (stopped.compareAndSet(false, true)) {
            // Not Disruptor.shutdown(): it passes over stages that are not running.
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MS);
            while (!drained() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(DRAIN_LOOK_NANOS);
            }
        }
        halt();
    }

    @Override
    public void abort() {
        ticker.close();
        stopped.set(true);
        halt();
        for (Thread stage : threads) {
            try {
                if (!stage.join(Duration.ofMillis(CLOSE_MS))) {
                    throw new IllegalStateException(stage.getName() + " has not stopped after "
                            + CLOSE_MS + " ms");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void halt() {
        commands.halt();
        turns.halt();
        promises.forEach(promise -> promise.complete(STOPPED));
    }

    private boolean drained() {
        return drained(commands.getRingBuffer()) && drained(turns.getRingBuffer());
    }

    private static boolean drained(RingBuffer<?> ring) {
        return ring.getMinimumGatingSequence() >= ring.getCursor();
    }

    private ThreadFactory threads(String name) {
        ThreadFactory factory = Thread.ofPlatform().name(name + "-", 0).daemon(true).factory();
        return work -> {
            Thread thread = factory.newThread(work);
            threads.add(thread);
            // Whoever owns the engine has been told already, by the handler that threw this.
            thread.setUncaughtExceptionHandler(
                    (stage, failure) -> LOG.debug("stage-ended name={}", stage.getName(), failure));
            return thread;
        };
    }

    /** Throws, so that the stage stops before the failed slot instead of passing it on as done. */
    private final class Fatal<T> implements ExceptionHandler<T> {

        @Override
        public void handleEventException(Throwable failure, long sequence, T slot) {
            stop(failure);
            throw new IllegalStateException("the stage has stopped", failure);
        }

        @Override
        public void handleOnStartException(Throwable failure) {
            stop(failure);
        }

        @Override
        public void handleOnShutdownException(Throwable failure) {
            stop(failure);
        }

        private void stop(Throwable failure) {
            if (stopped.compareAndSet(false, true)) {
                promises.forEach(promise -> promise.complete(STOPPED));
                onFatal.accept(failure);
            }
        }
    }
}
