package io.springtide.master.agents;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.springtide.api.agent.Ack;
import io.springtide.api.agent.Beat;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.Prefetches;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one agent has yet to be sent. Any thread puts things in and never waits; they leave on the
 * gateway's pool, by one thread at a time, as fast as the connection takes them.
 */
final class Outbound {

    /** A message is closed when it holds so many instances, or its specs are so large. */
    private static final int ITEMS_MAX = 10_000;
    private static final int SPECS_BYTES_MAX = 1 << 20;

    /** Beyond it specs are told again: the set must not grow for ever. */
    private static final int SPECS_TOLD_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Outbound.class);

    private final ServerCallStreamObserver<MasterMessage> stream;
    private final Executor pool;
    private final AgentCounters counters;
    private final long epoch;
    private final int pendingMax;

    private final AtomicInteger work = new AtomicInteger();

    // Guarded by this.
    private final Deque<MasterMessage.Builder> control = new ArrayDeque<>();
    private final Deque<Piece> pieces = new ArrayDeque<>();
    private int pending;
    private long ackWanted;
    private long ackSent;
    private long beatWanted;
    private long beatSent;
    private @Nullable Prefetches ahead;
    private @Nullable Status ending;

    // Touched only by the one that drains.
    private final Set<String> specsTold = new HashSet<>();
    private boolean ended;

    Outbound(ServerCallStreamObserver<MasterMessage> stream, Executor pool, AgentCounters counters,
            long epoch, int pendingMax) {
        this.stream = stream;
        this.pool = pool;
        this.counters = counters;
        this.epoch = epoch;
        this.pendingMax = pendingMax;
    }

    /** Sends a message before everything else that waits. */
    void control(MasterMessage.Builder message) {
        synchronized (this) {
            control.add(message);
        }
        drain();
    }

    /** Acknowledges everything up to a batch. */
    void ack(long seq) {
        synchronized (this) {
            if (Long.compareUnsigned(seq, ackWanted) > 0) {
                ackWanted = seq;
            }
            // A batch that comes again is acknowledged again.
            ackSent = Math.min(ackSent, seq - 1);
        }
        drain();
    }

    /** Answers all heartbeats up to a number. */
    void beat(long number) {
        synchronized (this) {
            if (Long.compareUnsigned(number, beatWanted) <= 0) {
                return; // an agent that does not number them
            }
            beatWanted = number;
        }
        drain();
    }

    /** Says what is to be fetched ahead of time, once no order waits; takes the place of what was not sent yet. */
    void prefetch(Prefetches all) {
        synchronized (this) {
            ahead = all;
        }
        drain();
    }

    /** Adds orders of a comparison, however many. */
    void begin(List<Piece> orders) {
        add(orders);
        drain();
    }

    /** Adds orders; false if the agent is too far behind, and nothing was added. */
    boolean offer(List<Piece> orders) {
        synchronized (this) {
            if (pending > pendingMax) {
                return false;
            }
            add(orders);
        }
        drain();
        return true;
    }

    private synchronized void add(List<Piece> orders) {
        for (Piece piece : orders) {
            pieces.add(piece);
            pending += piece.items();
        }
    }

    /** Ends the connection; what waits is dropped, but for what was said by {@link #control}. */
    void end(Status status) {
        synchronized (this) {
            if (ending == null) {
                ending = status;
                pieces.clear();
                pending = 0;
            }
        }
        drain();
    }

    /** Sends what can be sent now. */
    void drain() {
        if (work.getAndIncrement() == 0) {
            try {
                pool.execute(this::run);
            } catch (RejectedExecutionException closed) {
                // The gateway is closing, and its server cuts all connections.
                work.set(0);
            }
        }
    }

    private void run() {
        int seen = work.get();
        do {
            try {
                send();
            } catch (RuntimeException broken) {
                // The connection has gone meanwhile; the stream's own handler hears of that.
                ended = true;
                LOG.debug("agent_stream_broken", broken);
            }
            seen = work.addAndGet(-seen);
        } while (seen != 0);
    }

    private void send() {
        while (!ended) {
            Optional<Status> end = ending();
            if (end.isEmpty() && !stream.isReady()) {
                return;
            }
            Optional<MasterMessage> next = next();
            if (next.isPresent()) {
                stream.onNext(next.get());
                counters.messagesOut.increment();
            } else if (end.isPresent()) {
                ended = true;
                finish(end.get());
            } else {
                return;
            }
        }
    }

    private synchronized Optional<Status> ending() {
        return Optional.ofNullable(ending);
    }

    private void finish(Status status) {
        if (status.isOk()) {
            stream.onCompleted();
        } else {
            stream.onError(status.asRuntimeException());
        }
    }

    private synchronized Optional<MasterMessage> next() {
        MasterMessage.Builder message = control.poll();
        if (message == null && ending == null) {
            if (Long.compareUnsigned(ackWanted, ackSent) > 0) {
                ackSent = ackWanted;
                counters.acks.increment();
                message = MasterMessage.newBuilder().setAck(Ack.newBuilder().setSeq(ackSent));
            } else if (beatWanted != beatSent) {
                beatSent = beatWanted;
                message = MasterMessage.newBuilder()
                        .setBeat(Beat.newBuilder().setNumber(beatSent));
            } else if (pieces.peek() instanceof Piece.Asks(Look look)) {
                pieces.remove();
                message = MasterMessage.newBuilder().setLook(look);
            } else if (!pieces.isEmpty()) {
                message = MasterMessage.newBuilder().setOrders(orders());
            } else if (ahead != null) {
                message = MasterMessage.newBuilder()
                        .setOrders(Orders.newBuilder().setPrefetch(ahead));
                ahead = null;
            }
        }
        return Optional.ofNullable(message).map(built -> built.setEpoch(epoch).build());
    }

    private Orders orders() {
        Orders.Builder orders = Orders.newBuilder();
        int items = 0;
        int specsBytes = 0;
        for (Piece piece = pieces.peek(); piece != null; piece = pieces.peek()) {
            if (!fits(piece, orders)) {
                break;
            }
            specsBytes += put(piece, orders);
            items += piece.items();
            pending -= piece.items();
            pieces.remove();
            if (items >= ITEMS_MAX || specsBytes >= SPECS_BYTES_MAX) {
                break;
            }
        }
        return orders.build();
    }

    /** Within a message launches are obeyed before kills; that must remain the order they were given in. */
    private static boolean fits(Piece piece, Orders.Builder orders) {
        return switch (piece) {
            case Piece.Launches unused -> orders.getKillsCount() == 0;
            case Piece.Adoptions unused -> orders.getKillsCount() == 0;
            case Piece.Thaws unused -> true;
            case Piece.Kills unused -> true;
            case Piece.Mends unused -> true;
            case Piece.Asks unused -> false;
        };
    }

    /** Returns how many bytes of specs it took. */
    private int put(Piece piece, Orders.Builder orders) {
        switch (piece) {
            case Piece.Launches(PreparedSpec spec, var group) -> {
                orders.addLaunches(group);
                return tell(spec, orders);
            }
            case Piece.Adoptions(PreparedSpec spec, var group) -> {
                orders.addAdoptions(group);
                return tell(spec, orders);
            }
            case Piece.Thaws(var instances) -> orders.addAllThaw(instances);
            case Piece.Kills(var all) -> orders.addAllKills(all);
            case Piece.Mends(var tell, var orphans) ->
                orders.addAllTell(tell).addAllOrphans(orphans);
            case Piece.Asks unused -> throw new IllegalStateException("not an order");
        }
        return 0;
    }

    private int tell(PreparedSpec spec, Orders.Builder orders) {
        if (specsTold.size() >= SPECS_TOLD_MAX) {
            specsTold.clear();
        }
        if (spec.spec().isPresent() && specsTold.add(spec.digest())) {
            orders.addSpecs(spec.spec().get());
            return spec.sizeBytes();
        }
        return 0;
    }
}
