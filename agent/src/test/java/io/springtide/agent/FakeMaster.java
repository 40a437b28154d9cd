package io.springtide.agent;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.springtide.agent.engine.StartLimits;
import io.springtide.agent.link.MasterAddress;
import io.springtide.agent.runtime.process.ProcessOptions;
import io.springtide.api.agent.Ack;
import io.springtide.api.agent.AgentGatewayGrpc;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.Holdings;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.Prefetched;
import io.springtide.api.agent.Prefetches;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Welcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A master that welcomes, acknowledges, and does what a test says. */
public final class FakeMaster extends AgentGatewayGrpc.AgentGatewayImplBase
        implements
            AutoCloseable {

    public static final String CLUSTER = "5f0c9e1ad2b34c77";
    /** The name of the agents that are started here. */
    public static final String AGENT = "agent-a";

    public final List<Register> registers = new CopyOnWriteArrayList<>();
    public final Map<Long, List<InstanceStatus>> statuses = new ConcurrentHashMap<>();
    public final List<FileChunk> chunks = new CopyOnWriteArrayList<>();
    public final List<Holdings> holdings = new CopyOnWriteArrayList<>();
    public final List<Prefetched> prefetched = new CopyOnWriteArrayList<>();
    public final AtomicInteger heartbeats = new AtomicInteger();
    public volatile boolean acknowledging = true;
    private final long epoch;
    private final Server server;
    private volatile Optional<StreamObserver<MasterMessage>> agent = Optional.empty();

    public FakeMaster(long epoch, int port) {
        this.epoch = epoch;
        try {
            this.server = NettyServerBuilder
                    .forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .addService(this)
                    .permitKeepAliveTime(1, TimeUnit.SECONDS).build().start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Starts an agent with one runtime, and waits until it has registered here. */
    Agent startAgent(Path data, Runtime runtime) {
        Agent started = Agent.start(new AgentConfig(
                List.of(new MasterAddress("127.0.0.1", port())), data, AGENT,
                "127.0.0.1", new AgentConfig.Placement("r", "s", "", Map.of()),
                Resources.newBuilder().setCpusMilli(4000).setMemMib(1024).build(), Map.of(),
                List.of(), List.of(runtime),
                new ProcessOptions(1 << 20, 1, ProcessOptions.Groups.SHARED, 100),
                100, StartLimits.of(2)));
        Await.until("the agent registers", this::connected);
        return started;
    }

    @Override
    public StreamObserver<AgentMessage> connect(StreamObserver<MasterMessage> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(AgentMessage message) {
                hear(message, answers);
            }

            @Override
            public void onError(Throwable error) {
                agent = Optional.empty();
            }

            @Override
            public void onCompleted() {
                agent = Optional.empty();
            }
        };
    }

    private void hear(AgentMessage message, StreamObserver<MasterMessage> answers) {
        switch (message.getKindCase()) {
            case REGISTER -> {
                registers.add(message.getRegister());
                answers.onNext(MasterMessage.newBuilder().setEpoch(epoch)
                        .setWelcome(Welcome.newBuilder().setClusterId(CLUSTER)
                                .setHeartbeatIntervalMs(500))
                        .build());
                // Only now: an order of the test must not overtake the welcome.
                agent = Optional.of(answers);
            }
            case HEARTBEAT -> heartbeats.incrementAndGet();
            case STATUSES -> {
                message.getStatuses().getStatusesList().forEach(status -> statuses
                        .computeIfAbsent(status.getInstanceId(), id -> new CopyOnWriteArrayList<>())
                        .add(status));
                if (acknowledging) {
                    say(MasterMessage.newBuilder()
                            .setAck(Ack.newBuilder().setSeq(message.getStatuses().getSeq())));
                }
            }
            case HOLDINGS -> holdings.add(message.getHoldings());
            case PREFETCHED -> prefetched.add(message.getPrefetched());
            case FILE_CHUNK -> chunks.add(message.getFileChunk());
            case KIND_NOT_SET -> throw new AssertionError("an empty message");
        }
    }

    private synchronized void say(MasterMessage.Builder message) {
        agent.orElseThrow().onNext(message.setEpoch(epoch).build());
    }

    public boolean connected() {
        return agent.isPresent();
    }

    public void launch(TaskSpec spec, Long... ids) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder().addSpecs(spec).addLaunches(
                LaunchGroup.newBuilder().setSpecDigest(spec.getDigest())
                        .addAllInstanceIds(List.of(ids)))));
    }

    /** The ports are host ports, one after the other. */
    public void standby(TaskSpec spec, List<Long> ids, List<Integer> ports) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder().addSpecs(spec).addLaunches(
                LaunchGroup.newBuilder().setSpecDigest(spec.getDigest()).setStandby(true)
                        .addAllInstanceIds(ids).addAllPorts(ports))));
    }

    public void thaw(List<Long> ids) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder().addAllThaw(ids)));
    }

    public void prefetch(Prefetch... items) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder()
                .setPrefetch(Prefetches.newBuilder().addAllItems(List.of(items)))));
    }

    /** The ports are host ports, as many as the spec wants. */
    public void launchOn(TaskSpec spec, long id, Integer... ports) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder().addSpecs(spec).addLaunches(
                LaunchGroup.newBuilder().setSpecDigest(spec.getDigest()).addInstanceIds(id)
                        .addAllPorts(List.of(ports)))));
    }

    /** Orders to take up again what runs already. */
    public void adopt(TaskSpec spec, long id) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder().addSpecs(spec).addAdoptions(
                LaunchGroup.newBuilder().setSpecDigest(spec.getDigest()).addInstanceIds(id))));
    }

    /** Orders to end what nobody holds. */
    public void endOrphan(long id) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder().addOrphans(id)));
    }

    /** Asks what is held. */
    public void look(long number) {
        say(MasterMessage.newBuilder().setLook(Look.newBuilder().setNumber(number)));
    }

    /** How many statuses of an instance were heard. */
    public int heard(long id) {
        return statuses.getOrDefault(id, List.of()).size();
    }

    /** The newest status of an instance; an empty one if there is none. */
    public InstanceStatus last(long id) {
        List<InstanceStatus> all = statuses.getOrDefault(id, List.of());
        return all.isEmpty() ? InstanceStatus.getDefaultInstance() : all.get(all.size() - 1);
    }

    public void kill(long id, long graceMs) {
        say(MasterMessage.newBuilder().setOrders(Orders.newBuilder()
                .addKills(Kill.newBuilder().setInstanceId(id).setGraceMs(graceMs))));
    }

    public void read(ReadFile request) {
        say(MasterMessage.newBuilder().setReadFile(request));
    }

    /** Waits for a status and returns it. */
    public InstanceStatus await(long id, Condition condition) {
        Await.until("instance " + id + " is " + condition + "; seen: " + statuses.get(id),
                () -> find(id, condition).isPresent());
        return find(id, condition).orElseThrow();
    }

    private Optional<InstanceStatus> find(long id, Condition condition) {
        return statuses.getOrDefault(id, List.of()).stream()
                .filter(status -> status.getCondition() == condition)
                .findFirst();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
