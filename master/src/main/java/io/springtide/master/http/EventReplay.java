package io.springtide.master.http;

import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import io.springtide.master.view.CommitListener;
import io.springtide.master.view.History;
import io.springtide.master.view.History.Past;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients what they have missed, from the journal, and lets them hear the present without a gap or a
 * double. One thread does it for all who wait, in one walk through the past: after a restart of the master
 * they all come at once, and they must not take its processors.
 */
final class EventReplay implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventReplay.class);

    /** So far behind a client joins the present, whose events are held back for it from then on. */
    private static final long JOIN_FACTS = 1_000;

    /** Frames handed over at once. */
    private static final int CHUNK_FRAMES = 512;

    /** For how long in all others may have to wait for one who reads slowly. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long JOIN_S = 30;
    private static final long IDLE_S = 10;

    private final EventStream stream;
    private final History history;
    private final AppDefinitions definitions;
    private final long patienceNs;
    private final LinkedBlockingQueue<Late> waiting = new LinkedBlockingQueue<>();
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("event-replay").daemon(true).factory());

    EventReplay(EventStream stream, History history, AppDefinitions definitions,
            Duration patience) {
        this.stream = stream;
        this.history = history;
        this.definitions = definitions;
        this.patienceNs = patience.toNanos();
        worker.allowCoreThreadTimeOut(true);
    }

    /** A client on its way to the present. */
    private static final class Late {

        final EventClient client;
        final EventId seen;
        final List<byte[]> chunk = new ArrayList<>();
        long until = Long.MAX_VALUE;
        long waitedNs;

        Late(EventClient client, EventId seen) {
            this.client = client;
            this.seen = seen;
        }

        boolean misses(EventFrame frame) {
            return frame.id().compareTo(seen) > 0 && frame.id().position() < until
                    && client.wants(frame.type()) && !client.isOver();
        }
    }

    /** Any thread; the streams' own bound is that of what waits here. */
    void add(EventClient client, EventId seen) {
        waiting.add(new Late(client, seen));
        worker.execute(this::catchUpAll);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }

    private void catchUpAll() {
        List<Late> group = new ArrayList<>();
        waiting.drainTo(group);
        group.sort(Comparator.comparing(late -> late.seen));
        try {
            while (!group.isEmpty()) {
                long from = group.getFirst().seen.position();
                Optional<Past> past = from < stream.told() ? history.open(from) : Optional.empty();
                if (past.isPresent()) {
                    tell(past.get(), group);
                    return;
                }
                Late lost = group.removeFirst();
                stream.tellLost(lost.client, lost.seen.toString());
                var unused = stream.join(lost.client);
            }
        } catch (InterruptedException closing) {
            group.forEach(late -> late.client.close());
            Thread.currentThread().interrupt();
        } catch (RuntimeException | ExecutionException | TimeoutException broken) {
            // They come again, and are told then what can be.
            group.forEach(late -> late.client.close());
            if (!worker.isShutdown()) {
                LOG.warn("event-replay-failed clients={}", group.size(), broken);
            }
        }
    }

    private void tell(Past past, List<Late> group)
            throws InterruptedException, ExecutionException, TimeoutException {
        Telling telling = new Telling(past, group);
        long until;
        do {
            until = stream.told();
            telling.advance(until);
        } while (stream.told() - until > JOIN_FACTS);
        for (Late late : group) {
            late.client.hold();
            var unused = stream.join(late.client);
        }
        for (Late late : group) {
            late.until = late.client.joined().get(JOIN_S, TimeUnit.SECONDS);
            until = Math.max(until, late.until);
        }
        telling.advance(until);
        group.forEach(late -> late.client.release());
    }

    /** One walk through the past, for all of a group. */
    private final class Telling implements CommitListener {

        private final Past past;
        private final List<Late> group;
        private final EventFrames frames;

        Telling(Past past, List<Late> group) {
            this.past = past;
            this.group = group;
            this.frames = new EventFrames(this::wanted, this::deliver, definitions);
            frames.passed(past.timeMs());
        }

        void advance(long until) throws InterruptedException {
            past.advance(until, this);
            for (Late late : group) {
                flush(late);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("the stream closes");
            }
        }

        @Override
        public void before(Event event, ClusterState state) {
            frames.passed(event);
            frames.begin(past.position());
            frames.before(event, state);
        }

        @Override
        public void after(Event event, ClusterState state) {
            frames.after(event, state);
        }

        private boolean wanted(String type) {
            for (Late late : group) {
                if (late.client.wants(type)) {
                    return true;
                }
            }
            return false;
        }

        private void deliver(EventFrame frame) {
            for (Late late : group) {
                if (late.misses(frame)) {
                    late.chunk.add(frame.bytes());
                    if (late.chunk.size() >= CHUNK_FRAMES) {
                        flush(late);
                    }
                }
            }
        }

        private void flush(Late late) {
            if (late.chunk.isEmpty()) {
                return;
            }
            long since = System.nanoTime();
            long leftNs = patienceNs - late.waitedNs;
            while (!late.client.hasRoom() && !late.client.isOver()) {
                long waitedNs = System.nanoTime() - since;
                if (waitedNs > leftNs || Thread.currentThread().isInterrupted()) {
                    stream.cut(late.client);
                    break;
                }
                LockSupport.parkNanos(LOOK_NS);
            }
            late.waitedNs += System.nanoTime() - since;
            late.client.offerPast(List.copyOf(late.chunk));
            late.chunk.clear();
        }
    }
}
