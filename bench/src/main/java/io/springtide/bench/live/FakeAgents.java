package io.springtide.bench.live;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.springtide.api.agent.AgentGatewayGrpc;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.Heartbeat;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.PortRange;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Resources;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.StatusBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Agents that run nothing: what they are told to launch runs and is healthy at once, what they are told to
 * kill is killed at once. All that they cost is the protocol.
 */
public final class FakeAgents implements AutoCloseable {

    private static final int CPUS_MILLI = 64_000;
    private static final int MEM_MIB = 262_144;
    private static final int PORT_FIRST = 20_000;
    private static final int PORT_LAST = 29_999;
    private static final long HEARTBEAT_MS = 1_000;

    private final List<Agent> agents = new ArrayList<>();
    private final LongAdder launched = new LongAdder();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("fake-agents").factory());

    /** Connects so many agents, each of 64 processors and 256 GiB. */
    public FakeAgents(int port, int count) {
        for (int i = 0; i < count; i++) {
            agents.add(new Agent(port, i));
        }
        var unused = timer.scheduleAtFixedRate(() -> agents.forEach(Agent::beat), HEARTBEAT_MS,
                HEARTBEAT_MS, TimeUnit.MILLISECONDS);
    }

    /** How many instances have been started so far. */
    public long launched() {
        return launched.sum();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        agents.forEach(Agent::close);
    }

    private final class Agent implements StreamObserver<MasterMessage> {

        private final ManagedChannel channel;
        private final StreamObserver<AgentMessage> out;
        private long seq;

        Agent(int port, int index) {
            channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
            out = AgentGatewayGrpc.newStub(channel).connect(this);
            say(AgentMessage.newBuilder().setRegister(Register.newBuilder()
                    .setAgentId("bench-" + index).setIncarnation(1)
                    .setHostname("10.0." + index / 250 + "." + (1 + index % 250))
                    .setSite("site-" + index % 3).setRack("rack-" + index % 20)
                    .setVersion("bench").addRuntimes(Runtime.PROCESS)
                    .setResources(Resources.newBuilder().setCpusMilli(CPUS_MILLI)
                            .setMemMib(MEM_MIB).setDiskMib(MEM_MIB))
                    .addPorts(PortRange.newBuilder().setFirst(PORT_FIRST).setLast(PORT_LAST))));
        }

        @Override
        public void onNext(MasterMessage message) {
            if (message.hasOrders()) {
                obey(message.getOrders());
            }
        }

        private void obey(Orders orders) {
            StatusBatch.Builder batch = StatusBatch.newBuilder();
            orders.getLaunchesList().forEach(group -> {
                launched.add(group.getInstanceIdsCount());
                group.getInstanceIdsList().forEach(id -> batch.addStatuses(
                        status(id, Condition.RUNNING)
                                .setHealth(HealthReport.newBuilder().setAlive(true))));
            });
            orders.getKillsList().forEach(kill -> batch
                    .addStatuses(status(kill.getInstanceId(), Condition.KILLED)));
            if (batch.getStatusesCount() > 0) {
                synchronized (out) {
                    out.onNext(AgentMessage.newBuilder().setStatuses(batch.setSeq(++seq)).build());
                }
            }
        }

        private static InstanceStatus.Builder status(long id, Condition condition) {
            return InstanceStatus.newBuilder().setInstanceId(id).setCondition(condition)
                    .setAtMs(System.currentTimeMillis());
        }

        void beat() {
            say(AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()));
        }

        private void say(AgentMessage.Builder message) {
            synchronized (out) {
                out.onNext(message.build());
            }
        }

        void close() {
            channel.shutdownNow();
        }

        @Override
        public void onError(Throwable failure) {
            // The master has gone, or the benchmark ends; either shows in the numbers at once.
        }

        @Override
        public void onCompleted() {
            channel.shutdown();
        }
    }
}
