package io.springtide.master.agents;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.springtide.api.agent.AgentGatewayGrpc;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Heartbeat;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.PortRange;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** One connection of an agent that does only what a test tells it to. */
final class FakeAgent implements AutoCloseable {

    private static final int WINDOW_BYTES = 65_535;

    final String name;
    final List<MasterMessage> heard = new CopyOnWriteArrayList<>();
    final CompletableFuture<Status> ended = new CompletableFuture<>();

    private final ManagedChannel channel;
    private final ClientCallStreamObserver<AgentMessage> out;

    /** Connects, and reads everything that it is told. */
    static FakeAgent connect(int port, String name) {
        return new FakeAgent(port, name, Integer.MAX_VALUE);
    }

    /**
     * Connects.
     *
     * @param messages that it reads of its own accord; for more see {@link #readMore}
     */
    FakeAgent(int port, String name, int messages) {
        this.name = name;
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext()
                .flowControlWindow(WINDOW_BYTES).build();
        Reader reader = new Reader(messages);
        out = (ClientCallStreamObserver<AgentMessage>) AgentGatewayGrpc.newStub(channel)
                .connect(reader);
    }

    private final class Reader implements ClientResponseObserver<AgentMessage, MasterMessage> {

        private final int messages;

        Reader(int messages) {
            this.messages = messages;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<AgentMessage> stream) {
            stream.disableAutoRequestWithInitial(messages);
        }

        @Override
        public void onNext(MasterMessage message) {
            heard.add(message);
        }

        @Override
        public void onError(Throwable failure) {
            ended.complete(Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            ended.complete(Status.OK);
        }
    }

    void readMore() {
        out.request(Integer.MAX_VALUE);
    }

    // ------------------------------------------------------------ what it says

    Register.Builder registration(Long... held) {
        return Register.newBuilder().setAgentId(name).setIncarnation(7).setHostname("127.0.0.1")
                .setSite("east").setVersion("0.1").addRuntimes(Runtime.PROCESS)
                .addRuntimes(Runtime.DOCKER)
                .setResources(Resources.newBuilder().setCpusMilli(64_000).setMemMib(64_000)
                        .setDiskMib(64_000))
                .addPorts(PortRange.newBuilder().setFirst(31_000).setLast(32_000))
                .addAllHeld(List.of(held));
    }

    FakeAgent register(Long... held) {
        return register(registration(held));
    }

    FakeAgent register(Register.Builder register) {
        say(AgentMessage.newBuilder().setRegister(register));
        return this;
    }

    /** Registers and waits for the Welcome. */
    FakeAgent join(Long... held) {
        register(held);
        Eventually.holds(name + " is welcomed",
                () -> heard.stream().anyMatch(MasterMessage::hasWelcome));
        return this;
    }

    void report(long seq, Condition condition, Long... instances) {
        StatusBatch.Builder batch = StatusBatch.newBuilder().setSeq(seq);
        for (long instance : instances) {
            batch.addStatuses(InstanceStatus.newBuilder().setInstanceId(instance)
                    .setCondition(condition));
        }
        say(AgentMessage.newBuilder().setStatuses(batch));
    }

    void beat(long instance, long memBytes) {
        say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.newBuilder().addUsage(Usage
                .newBuilder().setInstanceId(instance).setCpusMilli(5).setMemBytes(memBytes))));
    }

    void say(AgentMessage.Builder message) {
        synchronized (out) {
            out.onNext(message.build());
        }
    }

    // ------------------------------------------------------------ what it was told

    List<Orders> orders() {
        return heard.stream().filter(MasterMessage::hasOrders).map(MasterMessage::getOrders)
                .toList();
    }

    List<TaskSpec> specs() {
        return orders().stream().flatMap(orders -> orders.getSpecsList().stream()).toList();
    }

    List<LaunchGroup> groups() {
        return orders().stream().flatMap(orders -> orders.getLaunchesList().stream()).toList();
    }

    List<Long> launched() {
        return groups().stream().flatMap(group -> group.getInstanceIdsList().stream()).toList();
    }

    List<Kill> kills() {
        return orders().stream().flatMap(orders -> orders.getKillsList().stream()).toList();
    }

    /** The newest batch that was acknowledged; 0 = none. */
    long acked() {
        return heard.stream().filter(MasterMessage::hasAck)
                .mapToLong(message -> message.getAck().getSeq()).max().orElse(0);
    }

    Optional<String> refusal() {
        return heard.stream().filter(MasterMessage::hasRefused)
                .map(message -> message.getRefused().getReason()).findFirst();
    }

    List<Long> awaitLaunches(int count) {
        Eventually.holds(name + " is told to launch " + count, () -> launched().size() >= count);
        return launched();
    }

    Status awaitEnd() {
        return ended.orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Vanishes. */
    @Override
    public void close() {
        channel.shutdownNow();
    }
}
