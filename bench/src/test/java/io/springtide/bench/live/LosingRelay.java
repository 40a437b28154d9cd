package io.springtide.bench.live;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.springtide.api.agent.AgentGatewayGrpc;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.MasterMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Stands between an agent and its master, and changes what the agent says. */
final class LosingRelay implements AutoCloseable {

    private final ManagedChannel master;
    private final Server server;
    private final UnaryOperator<AgentMessage> change;
    private final AtomicInteger lost = new AtomicInteger();

    LosingRelay(int masterPort, UnaryOperator<AgentMessage> change) throws IOException {
        this.change = change;
        master = NettyChannelBuilder.forAddress("127.0.0.1", masterPort).usePlaintext().build();
        server = NettyServerBuilder
                .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Gateway()).build().start();
    }

    int port() {
        return server.getPort();
    }

    /** How many messages were changed. */
    int lost() {
        return lost.get();
    }

    private final class Gateway extends AgentGatewayGrpc.AgentGatewayImplBase {

        @Override
        public StreamObserver<AgentMessage> connect(StreamObserver<MasterMessage> toAgent) {
            StreamObserver<AgentMessage> toMaster = AgentGatewayGrpc.newStub(master)
                    .connect(toAgent);
            return new StreamObserver<>() {
                @Override
                public void onNext(AgentMessage said) {
                    AgentMessage changed = change.apply(said);
                    lost.addAndGet(changed.equals(said) ? 0 : 1);
                    toMaster.onNext(changed);
                }

                @Override
                public void onError(Throwable failure) {
                    toMaster.onError(failure);
                }

                @Override
                public void onCompleted() {
                    toMaster.onCompleted();
                }
            };
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
        master.shutdownNow();
    }
}
