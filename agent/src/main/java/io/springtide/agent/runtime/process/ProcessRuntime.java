package io.springtide.agent.runtime.process;

import io.springtide.agent.fetch.Fetcher;
import io.springtide.agent.runtime.CommandEnd;
import io.springtide.agent.runtime.Ending;
import io.springtide.agent.runtime.Task;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.runtime.TaskUsage;
import io.springtide.api.agent.Runtime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks as processes, each in a session and process group of its own.
 *
 * <p>One thread owns all state; another one reads the pipe on which watchers say that there is
 * something to see; two fetch artifacts. No thread and no child of this JVM belongs to a task, and
 * files tell all there is to know, so that adopting is the same as looking.
 */
public final class ProcessRuntime implements TaskRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessRuntime.class);
    /** Far more than a machine can run; a bound on memory. */
    private static final int TASKS_MAX = 20_000;
    private static final int SWEEP_PARTS = 5;
    private static final int FETCH_THREADS = 2;
    private static final long CLOSE_MS_MAX = 5_000;

    private final Optional<String> unavailable;
    private final ProcessFiles files;
    private final Tools tools = new Tools();
    private final RunScript scripts = new RunScript(tools);
    private final Launcher launcher;
    private final Verdict verdict;
    private final Killer killer;
    private final Freezer freezer;
    private final LogRotation rotation;
    private final Cgroups cgroups;
    private final Fetcher fetcher;
    private final WatcherEvents events;
    private final ScheduledThreadPoolExecutor owner;
    private final ScheduledFuture<?> sweeps;
    private final ExecutorService fetches;
    private final Map<String, ProcessTask> tasks = new HashMap<>();
    /** All tasks, in the order in which their turn to be looked after comes. */
    private final ArrayDeque<ProcessTask> round = new ArrayDeque<>();
    /** Sessions whose leader has ended since the last sweep, with its start time. */
    private final Map<Long, Long> sessionsLeft = new HashMap<>();
    private final ConcurrentMap<Long, TaskUsage> usages = new ConcurrentHashMap<>();

    /**
     * A runtime on a folder of its own; finds there what an earlier one has left.
     *
     * @throws UncheckedIOException if the folder cannot be used
     */
    public ProcessRuntime(Path dataDir, ProcessOptions options, Fetcher fetcher) {
        this.unavailable = tools.missing();
        this.fetcher = fetcher;
        this.files = new ProcessFiles(dataDir.toAbsolutePath().resolve("process"));
        this.rotation = new LogRotation(options.logBytesMax(), options.logsKept());
        this.cgroups = new Cgroups(options.cgroups());
        try {
            this.launcher = new Launcher(files, tools);
            this.owner = new ScheduledThreadPoolExecutor(1, daemon("process-runtime"));
            owner.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            owner.setRemoveOnCancelPolicy(true);
            this.verdict = new Verdict(files, launcher);
            Killer.Alarm alarm = (step, delay) -> owner.schedule(() -> submit(step),
                    delay.toMillis(), TimeUnit.MILLISECONDS);
            this.freezer = new Freezer(launcher, verdict, cgroups, alarm);
            this.killer = new Killer(launcher, verdict, freezer, alarm);
            this.fetches = new ThreadPoolExecutor(FETCH_THREADS, FETCH_THREADS, 1, TimeUnit.MINUTES,
                    new LinkedBlockingQueue<>(TASKS_MAX), daemon("artifact-fetch"));
            this.events = new WatcherEvents(files.events(), name -> submit(() -> look(name)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the process runtime in " + files.folder(),
                    e);
        }
        this.sweeps = owner.scheduleWithFixedDelay(this::sweep, options.sweepMs(),
                options.sweepMs(),
                TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory daemon(String name) {
        return Thread.ofPlatform().daemon().name(name).factory();
    }

    @Override
    public Runtime kind() {
        return Runtime.PROCESS;
    }

    @Override
    public Optional<String> unavailable() {
        return unavailable;
    }

    /** Runs a step on the owning thread; a step that fails must not stop the others. */
    private void submit(Runnable step) {
        try {
            owner.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    LOG.error("process.runtime.bug", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("process.runtime.closed");
        }
    }

    // ------------------------------------------------------------ launch

    @Override
    public void launch(Task task, TaskListener listener) {
        submit(() -> {
            ProcessTask known = new ProcessTask(task, listener, false);
            if (tasks.size() >= TASKS_MAX) {
                listener.ended(task.instanceId(),
                        new Ending.NotStarted(
                                "this agent already has " + TASKS_MAX + " processes"));
            } else if (tasks.putIfAbsent(known.name, known) == null) {
                prepare(known);
            }
        });
    }

    private void prepare(ProcessTask known) {
        if (unavailable.isPresent()) {
            end(known, new Ending.NotStarted(unavailable.get()));
            return;
        }
        try {
            Files.createDirectories(known.task.sandbox());
            // Refuses an unknown user before anything is fetched.
            List<String> userWords = tools.asUser(known.task.spec().getUser());
            if (known.task.spec().getArtifactsCount() == 0) {
                start(known, !userWords.isEmpty());
            } else {
                fetches.execute(() -> fetch(known, !userWords.isEmpty()));
            }
        } catch (IOException e) {
            end(known, new Ending.NotStarted(
                    "cannot make the sandbox: " + e + "; check the agent's disk"));
        } catch (IllegalArgumentException e) {
            end(known, new Ending.NotStarted(String.valueOf(e.getMessage())));
        } catch (RejectedExecutionException e) {
            end(known, new Ending.NotStarted(
                    "too many downloads wait on this agent; try again later"));
        }
    }

    private void fetch(ProcessTask known, boolean chown) {
        Optional<String> failure = fetcher.fetchAll(known.task.spec().getArtifactsList(),
                known.task.sandbox(), () -> known.killed);
        submit(() -> {
            if (failure.isPresent()) {
                end(known, new Ending.NotStarted(failure.get()));
            } else {
                start(known, chown);
            }
        });
    }

    private void start(ProcessTask known, boolean chown) {
        if (known.killed) {
            end(known, new Ending.NotStarted("killed before it was started"));
            return;
        }
        try {
            if (chown) {
                tools.giveTo(known.task.sandbox(), known.task.spec().getUser());
            }
            List<Path> groups = cgroups.create(known.name, known.task.spec());
            files.writeScript(known.name, scripts.compose(known.name, known.task, groups));
            known.listener.starting(known.task.instanceId());
            round.addLast(known);
            launcher.run(known.name);
            known.generation = launcher.generation();
        } catch (IOException e) {
            end(known, new Ending.NotStarted(
                    "cannot start a process: " + e + "; check the agent's disk and limits"));
        } catch (IllegalArgumentException e) {
            end(known, new Ending.NotStarted(String.valueOf(e.getMessage())));
        }
    }

    // ------------------------------------------------------------ watch

    @Override
    public void adopt(Task task, TaskListener listener) {
        submit(() -> {
            ProcessTask known = new ProcessTask(task, listener, true);
            if (tasks.putIfAbsent(known.name, known) == null) {
                round.addLast(known);
                look(known.name);
            }
        });
    }

    private void look(String name) {
        ProcessTask known = tasks.get(name);
        if (known == null || known.over || (!known.adopted && known.generation == 0)) {
            return;
        }
        if (known.process.isEmpty()) {
            known.process = files.process(name);
            if (known.process.isPresent()
                    && (files.exitCodeOf(name).isPresent() || !known.adopted
                            || verdict.alive(known, known.process.get()))) {
                known.listener.running(known.task.instanceId(), "");
                if (known.killed) {
                    killer.signalFirst(known);
                } else {
                    freezer.found(known);
                }
            }
        }
        verdict.ending(known).ifPresent(ending -> end(known, ending));
    }

    private void end(ProcessTask known, Ending ending) {
        known.over = true;
        known.force.ifPresent(timer -> timer.cancel(false));
        usages.remove(known.task.instanceId());
        known.process.ifPresent(process -> {
            sessionsLeft.put(process.pid(), process.startTicks());
            if (!known.adopted && known.generation == launcher.generation()) {
                launcher.reap(process.parentPid());
            }
        });
        if (verdict.overlooked(known, ending)) {
            known.listener.overlooked(known.task.instanceId());
        }
        known.listener.ended(known.task.instanceId(), ending);
    }

    // ------------------------------------------------------------ kill

    @Override
    public void kill(long instanceId, Duration grace) {
        submit(() -> {
            ProcessTask known = tasks.get(ProcessFiles.name(instanceId));
            if (known == null || known.over) {
                return;
            }
            killer.kill(known, grace);
        });
    }

    @Override
    public void pause(long instanceId) {
        freeze(instanceId, true);
    }

    @Override
    public void resume(long instanceId) {
        freeze(instanceId, false);
    }

    private void freeze(long instanceId, boolean frozen) {
        submit(() -> Optional.ofNullable(tasks.get(ProcessFiles.name(instanceId)))
                .ifPresent(known -> freezer.want(known, frozen)));
    }

    @Override
    public void forget(long instanceId) {
        submit(() -> {
            String name = ProcessFiles.name(instanceId);
            ProcessTask known = tasks.get(name);
            if (known == null || known.over) {
                tasks.remove(name);
                files.delete(name);
                cgroups.delete(name);
            }
        });
    }

    // ------------------------------------------------------------ look after

    /** A part of the tasks each time, so that one sweep stays short however many there are. */
    private void sweep() {
        try {
            launcher.ensureRunning();
            if (!sessionsLeft.isEmpty()) {
                killer.killSessions(sessionsLeft);
                sessionsLeft.clear();
            }
            int part = (round.size() + SWEEP_PARTS - 1) / SWEEP_PARTS;
            List<ProcessTask> turn = new ArrayList<>(part);
            for (int i = 0; i < part; i++) {
                turn.add(round.removeFirst());
            }
            for (ProcessTask known : turn) {
                look(known.name);
                rotation.check(known.task.sandbox());
                if (!known.over) {
                    known.measure().ifPresent(usage -> usages.put(known.task.instanceId(), usage));
                    round.addLast(known);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("process.sweep.failed", e);
        }
    }

    @Override
    public List<TaskUsage> usage() {
        List<TaskUsage> taken = new ArrayList<>();
        for (Long id : usages.keySet()) {
            Optional.ofNullable(usages.remove(id)).ifPresent(taken::add);
        }
        return taken;
    }

    @Override
    public CommandEnd command(Task task, String command, Duration timeout)
            throws InterruptedException {
        return TaskCommand.run(task, command, timeout);
    }

    /** Processes share the machine's network. */
    @Override
    public Optional<String> ipv6Address(Task task) {
        return Optional.of("::1");
    }

    @Override
    public void close() {
        sweeps.cancel(false);
        owner.shutdown();
        fetches.shutdownNow();
        try {
            if (!owner.awaitTermination(CLOSE_MS_MAX, TimeUnit.MILLISECONDS)) {
                LOG.warn("process.runtime.close.slow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        events.close();
        launcher.close();
    }
}
