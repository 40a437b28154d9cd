package io.springtide.agent.link;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.springtide.api.agent.AgentGatewayGrpc;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.MasterMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one stream to a master open, trying the addresses in turn: one right after the other, and with a
 * pause after each whole round; one that names the leader is believed. What is sent while there is none is
 * dropped: the engine sends again after the next Welcome.
 *
 * <p>The listener hears {@code connected}, then messages, then {@code disconnected}, and so on; one
 * message at a time, the next one only after {@link #more}.
 */
public final class MasterLink implements AutoCloseable {

    /** What the link hears; may block for a moment, but not for long. */
    public interface Listener {
        void connected();

        void said(MasterMessage message);

        void disconnected();
    }

    private static final Logger LOG = LoggerFactory.getLogger(MasterLink.class);
    private static final long BACKOFF_MS_FIRST = 100;
    private static final long BACKOFF_MS_CAP = 2_000;

    /** A master that vanished without closing is noticed within the sum of these two. */
    private static final long KEEP_ALIVE_MS = 10_000;
    private static final long KEEP_ALIVE_TIMEOUT_MS = 5_000;
    private static final int MESSAGE_BYTES_MAX = 64 << 20;
    private static final long CLOSE_MS_MAX = 2_000;
    private static final long ROOM_MS_MAX = 5_000;

    private final List<MasterAddress> masters;
    private final Listener listener;
    private final Map<MasterAddress, ManagedChannel> channels = new LinkedHashMap<>();
    private final Thread thread;
    private final Object room = new Object();
    private volatile Optional<Stream> current = Optional.empty();
    private volatile boolean closed;

    public MasterLink(List<MasterAddress> masters, Listener listener) {
        this.masters = List.copyOf(masters);
        this.listener = listener;
        this.thread = Thread.ofPlatform().daemon().name("master-link").unstarted(this::run);
    }

    /** Begins to connect. */
    public void start() {
        thread.start();
    }

    private void run() {
        Backoff backoff = new Backoff(BACKOFF_MS_FIRST, BACKOFF_MS_CAP,
                ThreadLocalRandom.current());
        Turns turns = new Turns(masters, backoff, ThreadLocalRandom.current());
        try {
            while (!closed) {
                MasterAddress master = turns.master();
                Stream stream = new Stream(master);
                listener.connected();
                stream.over.await();
                current = Optional.empty();
                listener.disconnected();
                long waitMs = turns.over(stream.heard, stream.reason);
                if (!closed) {
                    LOG.info("master.disconnected address={} reason=\"{}\" retryMs={}", master,
                            stream.reason, waitMs);
                    Thread.sleep(waitMs);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("master.link.closed");
        }
    }

    private ManagedChannel channel(MasterAddress master) {
        return channels.computeIfAbsent(master,
                to -> NettyChannelBuilder.forAddress(to.host(), to.port()).usePlaintext()
                        .directExecutor()
                        .keepAliveTime(KEEP_ALIVE_MS, TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .maxInboundMessageSize(MESSAGE_BYTES_MAX).build());
    }

    /** Sends, or drops if nobody is connected. */
    public void send(AgentMessage message) {
        current.ifPresent(stream -> stream.send(message));
    }

    /** Whether a message would leave at once; one that can wait should. */
    public boolean ready() {
        return current.filter(Stream::ready).isPresent();
    }

    /** Sends when there is room, or drops after some seconds; blocks, so not for the agent's loop. */
    public void sendWhenReady(AgentMessage message) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ROOM_MS_MAX);
        synchronized (room) {
            long leftMs = ROOM_MS_MAX;
            while (!ready() && leftMs > 0) {
                room.wait(leftMs);
                leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            }
        }
        if (ready()) {
            send(message);
        }
    }

    /** Lets the next message in; called when one has been dealt with. */
    public void more() {
        current.ifPresent(stream -> stream.requests.request(1));
    }

    /** Ends the present connection; another one follows after a while. */
    public void hangUp(String reason) {
        LOG.warn("master.hang-up reason=\"{}\"", reason);
        current.ifPresent(stream -> {
            stream.heard = false;
            stream.requests.cancel(reason, null);
        });
    }

    @Override
    public void close() {
        closed = true;
        current.ifPresent(stream -> stream.requests.cancel("the agent is going down", null));
        thread.interrupt();
        try {
            thread.join(CLOSE_MS_MAX);
            for (ManagedChannel channel : channels.values()) {
                channel.shutdownNow();
                channel.awaitTermination(CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Stream implements ClientResponseObserver<AgentMessage, MasterMessage> {

        private final CountDownLatch over = new CountDownLatch(1);
        private final ClientCallStreamObserver<AgentMessage> requests;
        /** Whether the master took part; a connection that only broke does not shorten the backoff. */
        private volatile boolean heard;
        private volatile String reason = "";
        private @Nullable ClientCallStreamObserver<AgentMessage> prepared;

        Stream(MasterAddress master) {
            ManagedChannel channel = channel(master);
            channel.resetConnectBackoff(); // the backoff here is the only one
            AgentGatewayGrpc.newStub(channel).connect(this);
            this.requests = Objects.requireNonNull(prepared,
                    "gRPC calls beforeStart before it returns");
            current = Optional.of(this);
            requests.request(1);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AgentMessage> stream) {
            prepared = stream;
            stream.disableAutoRequestWithInitial(0);
            stream.setOnReadyHandler(() -> {
                synchronized (room) {
                    room.notifyAll();
                }
            });
        }

        boolean ready() {
            return requests.isReady();
        }

        /** One at a time: a stream must not be used by two threads at once. */
        synchronized void send(AgentMessage message) {
            try {
                requests.onNext(message);
            } catch (IllegalStateException e) {
                LOG.debug("master.send.dropped reason={}", e.toString());
            }
        }

        @Override
        public void onNext(MasterMessage message) {
            heard = true;
            listener.said(message);
        }

        @Override
        public void onError(Throwable error) {
            reason = String.valueOf(error.getMessage());
            over.countDown();
        }

        @Override
        public void onCompleted() {
            reason = "the master closed the connection";
            over.countDown();
        }
    }
}
