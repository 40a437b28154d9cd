package io.springtide.agent.runtime.pod;

import io.springtide.agent.runtime.Ending;
import io.springtide.agent.fetch.FetchProgress;
import io.springtide.agent.runtime.Inside;
import io.springtide.agent.runtime.Leftover;
import io.springtide.agent.runtime.TaskListener;
import io.springtide.agent.runtime.TaskRuntime;
import io.springtide.agent.runtime.TaskUsage;
import io.springtide.api.agent.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs instances on a {@link TaskRuntime}: that of an app as its one task, that of a pod as a task for
 * each container. All methods return at once.
 *
 * <p>Pods are looked after on one thread, for a runtime may hold a lock while it tells of one container
 * and want it when it is told about another. Its queue is bounded by what is held: a container tells
 * three things at most, and only orders add to that.
 */
public final class InstanceRuntime implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InstanceRuntime.class);

    private final TaskRuntime tasks;
    private final ExecutorService thread;
    /** Owned by the thread. */
    private final Map<Long, Pod> pods = new HashMap<>();

    public InstanceRuntime(TaskRuntime tasks) {
        this.tasks = tasks;
        this.thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("pods-" + tasks.kind()).factory());
    }

    /** What can be learnt from within its tasks. */
    public Inside inside() {
        return tasks;
    }

    /** Starts an instance. Launching one that is already known changes nothing. */
    public void launch(Instance instance, InstanceListener listener) {
        if (instance.containers().isEmpty()) {
            tasks.launch(instance.task(), listener);
        } else {
            begin(instance, listener, Pod::launch);
        }
    }

    /** Takes up an instance that an earlier life of this agent launched. */
    public void adopt(Instance instance, InstanceListener listener) {
        if (instance.containers().isEmpty()) {
            tasks.adopt(instance.task(), listener);
        } else {
            begin(instance, listener, Pod::adopt);
        }
    }

    private void begin(Instance instance, InstanceListener listener, Consumer<Pod> first) {
        submit(() -> {
            Pod pod = new Pod(instance, tasks, new Containers(), listener);
            if (pods.putIfAbsent(instance.id(), pod) == null) {
                first.accept(pod);
            }
        });
    }

    /**
     * Ends an instance.
     *
     * @param spec its own
     * @param grace between SIGTERM and SIGKILL; a container of a pod may have a shorter one
     */
    public void kill(long instanceId, TaskSpec spec, Duration grace) {
        if (spec.getContainersCount() == 0) {
            tasks.kill(instanceId, grace);
        } else {
            submit(() -> pod(instanceId).ifPresent(pod -> pod.kill(grace)));
        }
    }

    /** Freezes a running instance, all containers of a pod; the listener hears {@code paused}. */
    public void pause(long instanceId, TaskSpec spec) {
        if (spec.getContainersCount() == 0) {
            tasks.pause(instanceId);
        } else {
            submit(() -> pod(instanceId).ifPresent(Pod::pause));
        }
    }

    /** Lets an instance go on; the listener hears {@code resumed}. */
    public void resume(long instanceId, TaskSpec spec) {
        if (spec.getContainersCount() == 0) {
            tasks.resume(instanceId);
        } else {
            submit(() -> pod(instanceId).ifPresent(Pod::resume));
        }
    }

    /** Brings an image onto this machine ahead of time; see {@link TaskRuntime#fetchImage}. */
    public Optional<String> fetchImage(String image, FetchProgress progress,
            BooleanSupplier cancelled) throws InterruptedException {
        return tasks.fetchImage(image, progress, cancelled);
    }

    /** Frees what an ended instance still occupies, its logs excepted. */
    public void forget(long instanceId, TaskSpec spec) {
        if (spec.getContainersCount() == 0) {
            tasks.forget(instanceId);
            return;
        }
        submit(() -> {
            if (pod(instanceId).filter(pod -> !pod.over()).isPresent()) {
                LOG.warn("pod.forget.running instance={}; kill it first", instanceId);
                return;
            }
            pods.remove(instanceId);
            // Last the first: the network of the others is its.
            for (int index = spec.getContainersCount() - 1; index >= 0; index--) {
                tasks.forget(ContainerIds.of(instanceId, index));
            }
        });
    }

    /** What runs with this agent's mark and is unknown here, by instances. */
    public List<Leftover> leftovers() {
        return tasks.leftovers().stream().map(InstanceRuntime::instance).distinct().toList();
    }

    /** Ends all that is left of an instance that is unknown here. */
    public void endLeftover(Leftover instance) {
        tasks.leftovers().stream().filter(one -> instance(one).equals(instance))
                .forEach(tasks::endLeftover);
    }

    private static Leftover instance(Leftover container) {
        return new Leftover(container.clusterId(),
                ContainerIds.instance(container.instanceId()));
    }

    /** What the instances have used since the last call, pods as the sum of their containers. */
    public List<TaskUsage> usage() {
        Map<Long, TaskUsage> sums = new LinkedHashMap<>();
        for (TaskUsage one : tasks.usage()) {
            sums.merge(ContainerIds.instance(one.instanceId()),
                    new TaskUsage(ContainerIds.instance(one.instanceId()), one.cpusMilli(),
                            one.memBytes()),
                    (sum, more) -> new TaskUsage(sum.instanceId(),
                            sum.cpusMilli() + more.cpusMilli(),
                            sum.memBytes() + more.memBytes()));
        }
        return new ArrayList<>(sums.values());
    }

    private Optional<Pod> pod(long instanceId) {
        return Optional.ofNullable(pods.get(instanceId));
    }

    /** A step that fails must not stop the others. */
    private void submit(Runnable step) {
        try {
            thread.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    LOG.error("pods.bug", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("pods.closed");
        }
    }

    /** Passes on what the runtime tells of a container, to the thread of the pods. */
    private final class Containers implements TaskListener {

        @Override
        public void starting(long id) {
            to(id, pod -> pod.starting(ContainerIds.index(id)));
        }

        @Override
        public void running(long id, String ipAddress) {
            to(id, pod -> pod.running(ContainerIds.index(id), ipAddress));
        }

        @Override
        public void paused(long id) {
            to(id, pod -> pod.paused(ContainerIds.index(id)));
        }

        @Override
        public void resumed(long id) {
            to(id, pod -> pod.resumed(ContainerIds.index(id)));
        }

        @Override
        public void overlooked(long id) {
            to(id, pod -> pod.overlooked());
        }

        @Override
        public void ended(long id, Ending ending) {
            to(id, pod -> pod.ended(ContainerIds.index(id), ending));
        }

        private void to(long id, Consumer<Pod> step) {
            submit(() -> pod(ContainerIds.instance(id)).ifPresent(step));
        }
    }

    /** Stops watching. Tasks go on running. */
    @Override
    public void close() {
        thread.shutdownNow();
        tasks.close();
    }
}
