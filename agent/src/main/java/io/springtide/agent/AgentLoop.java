package io.springtide.agent;

import io.springtide.agent.checkpoint.Checkpoint;
import io.springtide.agent.engine.AgentEngine;
import io.springtide.agent.engine.Effect;
import io.springtide.agent.engine.Input;
import io.springtide.agent.engine.Moment;
import io.springtide.agent.fetch.Fetcher;
import io.springtide.agent.fetch.Prefetcher;
import io.springtide.agent.health.AnswerChecker;
import io.springtide.agent.health.HealthChecker;
import io.springtide.agent.health.HealthTarget;
import io.springtide.agent.health.ReadinessChecker;
import io.springtide.agent.link.MasterLink;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.fetch.FetchProgress;
import io.springtide.agent.runtime.Leftover;
import io.springtide.agent.runtime.TaskUsage;
import io.springtide.agent.runtime.pod.Instance;
import io.springtide.agent.runtime.pod.InstanceListener;
import io.springtide.agent.runtime.pod.InstanceRuntime;
import io.springtide.agent.sandbox.Sandboxes;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.FileChunk;
import io.springtide.api.agent.Heartbeat;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.ReadFile;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's one thread: takes what has happened from a bounded queue, asks the engine, makes its
 * memory durable, and only then carries out what it decided.
 */
final class AgentLoop implements AutoCloseable, MasterLink.Listener, InstanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);
    private static final int INPUTS_MAX = 4096;
    /** Inputs taken in one turn, and so made durable with one fsync. */
    private static final int TURN_MAX = 1024;
    private static final long TICK_MS = 200;
    private static final long CLOSE_MS_MAX = 5_000;
    private static final long STOP_MARGIN_MS = 3_000;
    private static final int READS_WAITING_MAX = 64;
    private static final long LEFTOVERS_EVERY_MS = 5_000;

    private final AgentEngine engine;
    private final Checkpoint checkpoint;
    private final Map<Runtime, InstanceRuntime> runtimes;
    private final InstanceTasks tasks;
    private final Sandboxes sandboxes;
    private final HealthChecker health;
    private final ReadinessChecker readiness = new ReadinessChecker(
            (id, report) -> put(new Input.ReadinessSeen(id, report)));
    private final AnswerChecker answers;
    private final Prefetcher prefetcher;
    private final MasterLink link;
    private final BlockingQueue<Input> inputs = new ArrayBlockingQueue<>(INPUTS_MAX);
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    /** Completed by the loop when no task runs any more, once it is asked for. */
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    /** Reads logs and deletes old ones: whatever must not hold up the loop. */
    private final ThreadPoolExecutor files = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(READS_WAITING_MAX),
            Thread.ofPlatform().daemon().name("agent-files").factory());
    private final Thread thread = Thread.ofPlatform().name("agent-loop").unstarted(this::run);
    private final StartsLog startsLog = new StartsLog();
    private boolean welcomedBefore;
    private long leftoversMs;
    private volatile boolean stopping;
    private volatile boolean closed;

    AgentLoop(AgentConfig config, AgentEngine engine, Checkpoint checkpoint,
            Map<Runtime, InstanceRuntime> runtimes,
            Sandboxes sandboxes, Fetcher fetcher) {
        this.engine = engine;
        this.checkpoint = checkpoint;
        this.runtimes = runtimes;
        this.tasks = new InstanceTasks(config.hostname());
        this.sandboxes = sandboxes;
        InsideAny inside = new InsideAny(runtimes);
        this.health = new HealthChecker(
                (id, whole, containers) -> put(new Input.HealthSeen(id, whole, containers)),
                inside);
        this.answers = new AnswerChecker((id, report) -> put(new Input.CheckSeen(id, report)),
                inside);
        this.prefetcher = new Prefetcher(this::fetchImage, fetcher,
                state -> put(new Input.PrefetchSeen(state)));
        this.link = new MasterLink(config.masters(), this);
    }

    void start() {
        put(new Input.Started());
        // Before the first connection: what is to be taken up again must not count as lost.
        put(new Input.LeftoversSeen(leftovers()));
        thread.start();
        link.start();
    }

    CompletableFuture<Void> failure() {
        return failure;
    }

    // ------------------------------------------------------------ what comes in, from any thread

    /** Waits while the queue is full: the loop never waits for those who call this. */
    private void put(Input input) {
        try {
            boolean taken = false;
            while (!closed && !taken) {
                taken = inputs.offer(input, TICK_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void connected() {
        put(new Input.Connected());
    }

    @Override
    public void said(MasterMessage message) {
        put(new Input.Said(message));
    }

    @Override
    public void disconnected() {
        put(new Input.Disconnected());
    }

    @Override
    public void starting(long instanceId) {
        put(new Input.TaskStarting(instanceId));
    }

    @Override
    public void running(long instanceId, String ipAddress) {
        put(new Input.TaskRunning(instanceId, ipAddress));
    }

    @Override
    public void paused(long instanceId) {
        put(new Input.TaskPaused(instanceId));
    }

    @Override
    public void resumed(long instanceId) {
        put(new Input.TaskResumed(instanceId));
    }

    @Override
    public void overlooked(long instanceId) {
        put(new Input.EndOverlooked(instanceId));
    }

    @Override
    public void ended(long instanceId, Ending ending) {
        put(new Input.TaskEnded(instanceId, ending));
    }

    @Override
    public void containers(long instanceId, List<ContainerStatus> containers) {
        put(new Input.ContainersSeen(instanceId, containers));
    }

    // ------------------------------------------------------------ the loop

    private void run() {
        List<Input> turn = new ArrayList<>();
        try {
            while (!closed) {
                Input first = inputs.poll(TICK_MS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    turn.add(first);
                    inputs.drainTo(turn, TURN_MAX);
                }
                turn.add(new Input.Tick());
                Moment now = new Moment(System.currentTimeMillis(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
                lookForLeftovers(now, turn);
                turn.forEach(input -> engine.on(input, now));
                carryOut(engine.drain());
                // Only now: what a message led to must be on its way before the next one comes in.
                turn.stream().filter(input -> input instanceof Input.Said)
                        .forEach(said -> link.more());
                turn.clear();
                noteProgress();
            }
        } catch (InterruptedException e) {
            LOG.debug("agent.loop.interrupted");
        } catch (RuntimeException | Error e) {
            LOG.error("agent.loop.failed", e);
            failure.completeExceptionally(e);
        }
    }

    /** Costs nothing but a question: the runtimes look by themselves. */
    private void lookForLeftovers(Moment now, List<Input> turn) {
        if (now.upMs() - leftoversMs >= LEFTOVERS_EVERY_MS) {
            leftoversMs = now.upMs();
            turn.add(new Input.LeftoversSeen(leftovers()));
        }
    }

    private List<Leftover> leftovers() {
        return runtimes.values().stream().flatMap(runtime -> runtime.leftovers().stream())
                .toList();
    }

    private void noteProgress() {
        if (engine.welcomed() != welcomedBefore) {
            welcomedBefore = engine.welcomed();
            LOG.info("agent.{} instances={}", welcomedBefore ? "welcomed" : "alone",
                    engine.running());
        }
        startsLog.saw(engine.startsWaiting(), engine.specsSlowed());
        if (stopping && engine.running() == 0) {
            stopped.complete(null);
        }
    }

    private void carryOut(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Save(var fact)) {
                checkpoint.append(fact);
            }
        }
        checkpoint.sync();
        effects.forEach(this::carryOut);
    }

    private void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Save(var fact) -> {
                /* durable already */ }
            case Effect.Launch(long id, TaskSpec spec, List<Integer> ports, int gpus) -> {
                LOG.debug("task.launch instance={} app={}", id, spec.getAppId());
                // The engine refuses kinds that this agent does not have.
                runtime(spec).orElseThrow().launch(instance(id, spec, ports, gpus), this);
            }
            case Effect.Adopt(long id, TaskSpec spec, List<Integer> ports) -> runtime(spec)
                    .ifPresentOrElse(runtime -> runtime.adopt(instance(id, spec, ports, 0), this),
                            () -> LOG.warn(
                                    "task.adopt.impossible instance={} runtime={}; start the agent with that --runtime",
                                    id,
                                    spec.getRuntime()));
            case Effect.Kill(long id, TaskSpec spec, long graceMs) ->
                runtime(spec).ifPresent(
                        runtime -> runtime.kill(id, spec, Duration.ofMillis(graceMs)));
            case Effect.Pause(long id, TaskSpec spec) ->
                runtime(spec).ifPresent(runtime -> runtime.pause(id, spec));
            case Effect.Resume(long id, TaskSpec spec) ->
                runtime(spec).ifPresent(runtime -> runtime.resume(id, spec));
            case Effect.Prefetch(List<Prefetch> items) -> prefetcher.want(items);
            case Effect.EndLeftover(String cluster, long id) -> runtimes.values()
                    .forEach(runtime -> runtime.endLeftover(new Leftover(cluster, id)));
            case Effect.Forget(long id, TaskSpec spec) -> {
                runtime(spec).ifPresent(runtime -> runtime.forget(id, spec));
                sandboxes.ended(id);
                background(sandboxes::prune);
            }
            case Effect.Watch watch -> watch(watch);
            case Effect.Unwatch(long id) -> {
                health.unwatch(id);
                readiness.stop(id);
                answers.stop(id);
            }
            case Effect.Send(AgentMessage message) -> link.send(message);
            case Effect.Beat(long number) -> beat(number);
            case Effect.Read(ReadFile request) -> read(request);
            case Effect.HangUp(String reason) -> link.hangUp(reason);
        }
    }

    private Optional<String> fetchImage(String image, FetchProgress progress,
            BooleanSupplier cancelled) throws InterruptedException {
        InstanceRuntime docker = runtimes.get(Runtime.DOCKER);
        return docker == null
                ? Optional.of("this agent runs no containers; start it with --runtime docker")
                : docker.fetchImage(image, progress, cancelled);
    }

    private Optional<InstanceRuntime> runtime(TaskSpec spec) {
        return Optional.ofNullable(runtimes.get(spec.getRuntime()));
    }

    private Instance instance(long id, TaskSpec spec, List<Integer> ports, int gpus) {
        Path sandbox = sandboxes.of(id, TaskIds.taskId(spec.getTaskIdPrefix(), id));
        return tasks.compose(id, spec, ports, gpus, sandbox);
    }

    private void watch(Effect.Watch watch) {
        TaskSpec spec = watch.spec();
        Instance instance = instance(watch.instanceId(), spec, watch.hostPorts(), 0);
        health.watch(instance.id(), InstanceTasks.healthTargets(instance, watch.ipAddress()),
                watch.alive(), watch.thawed());
        if (spec.hasReadinessCheck() && !watch.ready()) {
            HealthTarget target = HealthTarget.of(instance.task(), watch.ipAddress());
            if (watch.thawed()) {
                readiness.askThawed(target, spec.getReadinessCheck());
            } else {
                readiness.ask(target, spec.getReadinessCheck());
            }
        }
        if (spec.hasCheck()) {
            answers.ask(HealthTarget.of(instance.task(), watch.ipAddress()), spec.getCheck());
        }
    }

    private void beat(long number) {
        if (!link.ready()) {
            return; // the stream is full, so the master is not short of signs of life
        }
        Heartbeat.Builder beat = Heartbeat.newBuilder().setNumber(number)
                .setStartsWaiting(engine.startsWaiting());
        for (InstanceRuntime runtime : runtimes.values()) {
            for (TaskUsage usage : runtime.usage()) {
                beat.addUsage(Usage.newBuilder().setInstanceId(usage.instanceId())
                        .setCpusMilli(usage.cpusMilli())
                        .setMemBytes(usage.memBytes()));
            }
        }
        link.send(AgentMessage.newBuilder().setHeartbeat(beat).build());
    }

    private void read(ReadFile request) {
        boolean taken = background(() -> {
            try {
                link.sendWhenReady(
                        AgentMessage.newBuilder().setFileChunk(sandboxes.read(request)).build());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        if (!taken) {
            link.send(AgentMessage.newBuilder().setFileChunk(FileChunk.newBuilder()
                    .setRequestId(request.getRequestId())
                    .setError("too many logs are being read; try again"))
                    .build());
        }
    }

    private boolean background(Runnable work) {
        try {
            files.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false; // full, or closed; pruning comes again with the next ended task
        }
    }

    // ------------------------------------------------------------ the end

    void stopTasks(long graceMs) {
        link.close(); // or the master would start them anew, here
        put(new Input.StopAll(graceMs));
        stopping = true;
        try {
            stopped.get(graceMs + STOP_MARGIN_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("agent.stop-tasks.incomplete");
        }
    }

    @Override
    public void close() {
        closed = true;
        prefetcher.close();
        health.close();
        readiness.close();
        answers.close();
        link.close();
        files.shutdownNow();
        // No interrupt: it would close the checkpoint's file in the middle of a write.
        try {
            thread.join(CLOSE_MS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
