package io.springtide.master.agents;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.command.Decision;
import io.springtide.core.event.Event;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.state.ClusterState;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.view.CommittedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The real core behind a ring of one thread, whose commits can be held up and which can be full. */
final class TestRing implements CommandPort, AutoCloseable {

    static final String CLUSTER = "5f0c9e1ad2b34c77";

    private static final int SETTLE_ROUNDS = 4;

    final CommittedState view = new CommittedState(new ClusterState(), 0);

    /** Whoever holds it holds up commits. */
    final ReentrantLock commits = new ReentrantLock();

    /** What the ring has taken, in order. */
    final List<Command> taken = new CopyOnWriteArrayList<>();

    /** What it has no room for at present. */
    volatile Predicate<Command> full = command -> false;

    volatile Optional<Throwable> failure = Optional.empty();

    private final SchedulerCore core = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().name("test-ring").daemon(true)
            .unstarted(this::run);
    private long nowMs = 1_000_000;

    private record Entry(Command command, CompletableFuture<Outcome> reply) {}

    TestRing() {
        thread.start();
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        if (full.test(command)) {
            return CompletableFuture.completedFuture(new Outcome.Busy());
        }
        Entry entry = new Entry(command, new CompletableFuture<>());
        synchronized (queue) {
            taken.add(command);
            queue.add(entry);
        }
        return entry.reply();
    }

    /** Submits and waits for the answer. */
    Answer ask(Command command) {
        return ((Outcome.Decided) submit(command).join()).answer();
    }

    <T extends Command> List<T> taken(Class<T> kind) {
        return taken.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    Optional<AgentCondition> condition(String agent) {
        return view.read(state -> {
            var row = state.agents().rowOf(new AgentId(agent));
            return row.isPresent()
                    ? Optional.of(state.agents().condition(row.getAsInt()))
                    : Optional.empty();
        });
    }

    private void run() {
        try {
            while (true) {
                Entry entry = queue.take();
                List<Event> events = new ArrayList<>();
                Answer answer = decide(entry.command(), events).answer();
                for (int i = 0; i < SETTLE_ROUNDS; i++) {
                    decide(new Command.Settle(), events);
                }
                commits.lock();
                try {
                    view.advance(events);
                    view.batchEnd();
                    entry.reply().complete(new Outcome.Decided(answer));
                } finally {
                    commits.unlock();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | AssertionError broken) {
            failure = Optional.of(broken);
        }
    }

    private Decision decide(Command command, List<Event> events) {
        Decision decision = core.decide(command, ++nowMs);
        for (Event event : decision.events()) {
            core.apply(event);
            events.add(event);
        }
        return decision;
    }

    @Override
    public void close() {
        thread.interrupt();
        failure.ifPresent(broken -> {
            throw new AssertionError("the test's ring has stopped", broken);
        });
    }
}
