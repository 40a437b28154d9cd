package io.springtide.master.agents;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.springtide.api.agent.AgentGatewayGrpc;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.MasterMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Listens for agents from the start of the process to its end. While this master leads, the
 * {@link AgentGateway} of its reign takes their streams; else they are sent away at once, so that they
 * try the next master of theirs.
 */
public final class AgentDoor implements Entrance, AutoCloseable {

    private static final int MESSAGE_BYTES_MAX = 8 << 20;

    private final GatewaySettings settings;
    private final Supplier<String> elsewhere;
    private final ExecutorService pool;
    private final Server server;
    private final AtomicReference<@Nullable AgentGateway> gateway = new AtomicReference<>();

    /**
     * Prepares a door; {@link #start} opens it.
     *
     * @param elsewhere says to an agent that comes in vain where it had better go
     */
    public AgentDoor(GatewaySettings settings, Supplier<String> elsewhere) {
        this.settings = settings;
        this.elsewhere = elsewhere;
        pool = Executors.newFixedThreadPool(
                Math.max(2, Runtime.getRuntime().availableProcessors()),
                Thread.ofPlatform().name("agents-", 0).daemon(true).factory());
        server = NettyServerBuilder
                .forAddress(new InetSocketAddress(settings.host(), settings.port()))
                .executor(pool).maxInboundMessageSize(MESSAGE_BYTES_MAX)
                .permitKeepAliveTime(1, TimeUnit.SECONDS).permitKeepAliveWithoutCalls(true)
                .keepAliveTime(10, TimeUnit.SECONDS).keepAliveTimeout(10, TimeUnit.SECONDS)
                .maxConcurrentCallsPerConnection(4).addService(new Streams()).build();
    }

    /**
     * Opens the door.
     *
     * @throws UncheckedIOException if the address cannot be listened on
     */
    public void start() {
        try {
            server.start();
        } catch (IOException failed) {
            close();
            throw new UncheckedIOException("cannot listen for agents on " + settings.host() + ":"
                    + settings.port() + "; choose another address, or stop what uses it", failed);
        }
    }

    @Override
    public void lead(AgentGateway leading) {
        gateway.set(leading);
    }

    @Override
    public void rest() {
        gateway.set(null);
    }

    /** Where it listens, once started. */
    public int port() {
        return server.getPort();
    }

    @Override
    public Executor pool() {
        return pool;
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(1, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        pool.shutdown();
    }

    private final class Streams extends AgentGatewayGrpc.AgentGatewayImplBase {

        @Override
        public StreamObserver<AgentMessage> connect(StreamObserver<MasterMessage> responses) {
            AgentGateway leading = gateway.get();
            if (leading == null) {
                responses.onError(Status.UNAVAILABLE.withDescription(elsewhere.get())
                        .asRuntimeException());
                return new Deaf();
            }
            return leading.connect((ServerCallStreamObserver<MasterMessage>) responses);
        }
    }

    /** Of a stream that has been refused. */
    private static final class Deaf implements StreamObserver<AgentMessage> {

        @Override
        public void onNext(AgentMessage unused) {}

        @Override
        public void onError(Throwable unused) {}

        @Override
        public void onCompleted() {}
    }
}
