package io.springtide.agent;

import io.springtide.agent.checkpoint.Checkpoint;
import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Held;
import io.springtide.agent.checkpoint.Memory;
import io.springtide.agent.engine.AgentEngine;
import io.springtide.agent.engine.AgentIdentity;
import io.springtide.agent.fetch.ArtifactCache;
import io.springtide.agent.fetch.Fetcher;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.runtime.pod.InstanceRuntime;
import io.springtide.agent.sandbox.Sandboxes;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Runtime;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One agent, wired by hand. Ending it, in whatever way, leaves its tasks running. */
public final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final int RANDOM_ID_DIGITS = 6;

    private final Checkpoint checkpoint;
    private final List<InstanceRuntime> runtimes;
    private final AgentLoop loop;

    private Agent(Checkpoint checkpoint, List<InstanceRuntime> runtimes, AgentLoop loop) {
        this.checkpoint = checkpoint;
        this.runtimes = runtimes;
        this.loop = loop;
    }

    /**
     * Starts an agent.
     *
     * @throws ConfigException if it cannot run as configured
     * @throws io.springtide.agent.checkpoint.CheckpointException if its data folder cannot be used
     */
    public static Agent start(AgentConfig config) {
        Checkpoint checkpoint = Checkpoint.open(config.dataDir(), fresh(config));
        List<InstanceRuntime> made = new ArrayList<>();
        try {
            Memory memory = checkpoint.memory();
            if (!config.agentId().isEmpty() && !config.agentId().equals(memory.agentId())) {
                throw new ConfigException("the data folder " + config.dataDir()
                        + " belongs to agent "
                        + memory.agentId() + "; start it without --id, or with another --data");
            }
            Fetcher fetcher = Fetcher.standard()
                    .with(ArtifactCache.standard(config.dataDir().resolve("cache")));
            Map<Runtime, InstanceRuntime> runtimes = new EnumMap<>(Runtime.class);
            for (Runtime kind : config.runtimes()) {
                TaskRuntime runtime = Runtimes.create(kind, config, memory.agentId(),
                        fetcher);
                InstanceRuntime instances = new InstanceRuntime(runtime);
                made.add(instances);
                Optional<String> why = runtime.unavailable();
                if (why.isPresent()) {
                    throw new ConfigException(
                            "the runtime " + kind + " cannot be used: " + why.get());
                }
                runtimes.put(kind, instances);
            }
            Sandboxes sandboxes = new Sandboxes(config.dataDir().resolve("sandboxes"),
                    memory.held().stream().filter(held -> !held.ended())
                            .map(Held::instanceId)
                            .collect(Collectors.toSet()),
                    config.sandboxesEndedMax());
            AgentEngine engine = new AgentEngine(new AgentIdentity(template(config)),
                    config.starts(), memory.facts());
            AgentLoop loop = new AgentLoop(config, engine, checkpoint, runtimes, sandboxes,
                    fetcher);
            LOG.info("agent.start id={} incarnation={} held={} masters={}", memory.agentId(),
                    Long.toHexString(memory.incarnation()), memory.held().size(), config.masters());
            loop.start();
            return new Agent(checkpoint, List.copyOf(made), loop);
        } catch (RuntimeException e) {
            made.forEach(InstanceRuntime::close);
            checkpoint.close();
            throw e;
        }
    }

    private static CheckpointRecord.Identity fresh(AgentConfig config) {
        SecureRandom random = new SecureRandom();
        String drawn = String.format("%016x", random.nextLong()).substring(0, RANDOM_ID_DIGITS);
        long incarnation = random.nextLong();
        return new CheckpointRecord.Identity(
                config.agentId().isEmpty() ? "agent-" + drawn : config.agentId(),
                incarnation);
    }

    private static Register template(AgentConfig config) {
        String version = Optional.ofNullable(Agent.class.getPackage().getImplementationVersion())
                .orElse("dev");
        return Register.newBuilder().setHostname(config.hostname())
                .setRegion(config.place().region())
                .setSite(config.place().site()).setRack(config.place().rack())
                .putAllAttributes(config.place().attributes()).setResources(config.resources())
                .putAllReservations(config.reservations())
                .addAllPorts(config.ports()).addAllRuntimes(config.runtimes()).setVersion(version)
                .build();
    }

    /** Completes, exceptionally, when the agent cannot go on: its disk fails, say. */
    public CompletableFuture<Void> failure() {
        return loop.failure();
    }

    /** Ends all tasks, whatever the master wants, and waits for it as long as the grace and a bit more. */
    public void stopTasks(long graceMs) {
        loop.stopTasks(graceMs);
    }

    /** Ends this agent. Its tasks run on, and the next agent on the same folder adopts them. */
    @Override
    public void close() {
        loop.close();
        runtimes.forEach(InstanceRuntime::close);
        checkpoint.close();
        LOG.info("agent.end");
    }
}
