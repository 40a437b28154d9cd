package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Held;
import io.springtide.agent.runtime.pod.ContainerIds;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.TaskSpec;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Obeys the master's orders: a repeated one changes nothing, one that cannot be obeyed is answered. */
final class LaunchesAndKills {

    private static final long KILL_GRACE_MS_FALLBACK = 3000;

    private final AgentIdentity identity;
    private final Notebook book;
    private final Standbys standbys;
    private final StartLimiter starts;
    private final TaskNews news;
    /** Specs told on this connection; a launch may name them. */
    private final Map<String, TaskSpec> specsTold = new LinkedHashMap<>();
    /** Launches of this turn that may have to wait. */
    private final Set<Long> fresh = new LinkedHashSet<>();

    LaunchesAndKills(AgentIdentity identity, Notebook book, Standbys standbys,
            StartLimiter starts, TaskNews news) {
        this.identity = identity;
        this.book = book;
        this.standbys = standbys;
        this.starts = starts;
        this.news = news;
    }

    /** The next master tells its specs anew. */
    void connectionChanged() {
        specsTold.clear();
    }

    void ordered(Orders orders) {
        orders.getSpecsList().forEach(spec -> specsTold.put(spec.getDigest(), spec));
        orders.getLaunchesList().forEach(group -> take(group, false));
        orders.getAdoptionsList().forEach(group -> take(group, true));
        orders.getThawList().forEach(standbys::thaw);
        for (Kill kill : orders.getKillsList()) {
            Optional<Held> held = book.memory.held(kill.getInstanceId());
            if (held.isEmpty()) {
                book.queue(book.status(kill.getInstanceId(), Condition.GONE)
                        .setMessage("not held by this agent"));
            } else if (!book.over(held.get())) {
                kill(held.get(), graceMs(kill.getGraceMs(), held.get()));
            }
        }
        orders.getTellList().forEach(this::tell);
        for (long id : orders.getOrphansList()) {
            if (book.memory.held(id).isEmpty()) {
                book.emit(new Effect.EndLeftover(book.memory.clusterId(), id));
            }
        }
    }

    /** Reports an instance as it is, though nothing is new; what has ended is on its way already. */
    private void tell(long id) {
        Optional<Held> held = book.memory.held(id);
        if (held.isEmpty()) {
            book.queue(
                    book.status(id, Condition.GONE).setMessage("is not known to its agent"));
        } else if (!book.over(held.get())) {
            book.queueAsItIs(id);
        }
    }

    /** @param there they run already, left by an earlier life of this agent */
    private void take(LaunchGroup group, boolean there) {
        Optional<TaskSpec> found = Optional.ofNullable(specsTold.get(group.getSpecDigest()))
                .or(() -> book.memory.spec(group.getSpecDigest()));
        int portsEach = found.map(LaunchCheck::hostPorts).orElse(0);
        String refusal = LaunchCheck.refusal(group, found, portsEach,
                identity.template().getRuntimesList());
        for (int i = 0; i < group.getInstanceIdsCount(); i++) {
            long id = group.getInstanceIds(i);
            if (book.memory.held(id).isPresent()) {
                continue;
            }
            if (book.memory.buried(id)) {
                book.queue(book.status(id, Condition.GONE)
                        .setMessage("has ended on this agent before"));
            } else if (found.isEmpty() || !refusal.isEmpty()) {
                book.queue(book.status(id, Condition.ERROR).setMessage(refusal));
            } else if (!ContainerIds.fit(id, found.get().getContainersCount())) {
                book.queue(book.status(id, Condition.ERROR).setMessage("the instance's number "
                        + Long.toUnsignedString(id) + " is too large for a pod"));
            } else {
                List<Integer> ports = group.getPortsList().subList(i * portsEach,
                        (i + 1) * portsEach);
                hold(id, found.get(), ports, group.getStandby());
                if (there) {
                    adopt(id, found.get(), ports, group.getStandby());
                } else {
                    starts.add(id, found.get().getDigest(),
                            group.getGpusCount() == 0 ? 0 : group.getGpus(i));
                    fresh.add(id);
                    book.queue(book.status(id, Condition.STAGING));
                }
            }
        }
    }

    /**
     * What is found again may be frozen or not; it becomes what the master says. That it was ready once
     * nobody can tell any more; it is asked again.
     */
    private void adopt(long id, TaskSpec spec, List<Integer> ports, boolean standby) {
        book.save(new CheckpointRecord.Frozen(id));
        if (!standby) {
            // Remembered as one to be thawed, so that a crash leaves none frozen that is to serve.
            book.save(new CheckpointRecord.Thawed(id));
        }
        book.emit(new Effect.Adopt(id, spec, ports));
    }

    /** Hands the launches to the runtimes whose turn has come; the others are remembered as waiting. */
    void begin() {
        for (StartLimiter.Turn turn : starts.due(book.now().upMs())) {
            long id = turn.instanceId();
            Optional<Held> held = book.memory.held(id);
            Optional<TaskSpec> spec = book.specOf(id);
            if (held.isEmpty() || spec.isEmpty()) {
                continue;
            }
            fresh.remove(id);
            if (held.get().waiting()) {
                book.save(new CheckpointRecord.Begun(id));
            }
            book.emit(new Effect.Launch(id, spec.get(), held.get().hostPorts(), turn.gpus()));
        }
        fresh.forEach(id -> starts.gpus(id)
                .ifPresent(gpus -> book.save(new CheckpointRecord.Waiting(id, gpus))));
        fresh.clear();
    }

    private void hold(long id, TaskSpec spec, List<Integer> ports, boolean standby) {
        if (book.memory.spec(spec.getDigest()).isEmpty()) {
            book.save(new CheckpointRecord.Spec(spec));
        }
        book.save(new CheckpointRecord.Launched(id, spec.getDigest(), ports));
        if (standby) {
            book.save(new CheckpointRecord.Standby(id));
        }
        book.begin(id, new Live());
    }

    /** Ends it with the grace that its definition gives. */
    void kill(Held held) {
        kill(held, graceMs(0, held));
    }

    /** Ends a task, sooner than was ordered before if the grace is shorter. */
    void kill(Held held, long graceMs) {
        long id = held.instanceId();
        OptionalLong before = held.killGraceMs();
        if (before.isPresent() && before.getAsLong() <= graceMs) {
            return;
        }
        book.save(new CheckpointRecord.KillOrdered(id, graceMs));
        book.unwatch(id);
        if (starts.gpus(id).isPresent()) {
            news.neverStarted(id);
            return;
        }
        book.memory.spec(held.specDigest())
                .ifPresent(spec -> book.emit(new Effect.Kill(id, spec, graceMs)));
        if (before.isEmpty()) {
            book.queueAsItIs(id);
        }
    }

    private long graceMs(long orderedMs, Held held) {
        if (orderedMs > 0) {
            return orderedMs;
        }
        long specMs = book.memory.spec(held.specDigest()).map(LaunchesAndKills::graceMs).orElse(0L);
        return specMs > 0 ? specMs : KILL_GRACE_MS_FALLBACK;
    }

    /** That of a pod is as long as the longest of its containers, each of which has its own. */
    private static long graceMs(TaskSpec spec) {
        return spec.getContainersList().stream().mapToLong(one -> one.getSpec().getKillGraceMs())
                .reduce(spec.getKillGraceMs(), Math::max);
    }
}
