package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.agent.checkpoint.Memory.Held;
import io.springtide.agent.runtime.pod.ContainerIds;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.Kill;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.TaskSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Obeys the master's orders: a repeated one changes nothing, one that cannot be obeyed is answered. */
final class LaunchesAndKills {

    private static final long KILL_GRACE_MS_FALLBACK = 3000;

    private final AgentIdentity identity;
    private final Notebook book;
    /** Specs told on this connection; a launch may name them. */
    private final Map<String, TaskSpec> specsTold = new LinkedHashMap<>();

    LaunchesAndKills(AgentIdentity identity, Notebook book) {
        this.identity = identity;
        this.book = book;
    }

    /** The next master tells its specs anew. */
    void connectionChanged() {
        specsTold.clear();
    }

    void ordered(Orders orders) {
        orders.getSpecsList().forEach(spec -> specsTold.put(spec.getDigest(), spec));
        orders.getLaunchesList().forEach(group -> take(group, false));
        orders.getAdoptionsList().forEach(group -> take(group, true));
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
            book.queueAsItIs(id, book.condition(id));
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
                hold(id, found.get(), ports);
                if (there) {
                    book.emit(new Effect.Adopt(id, found.get(), ports));
                } else {
                    book.emit(new Effect.Launch(id, found.get(), ports,
                            group.getGpusCount() == 0 ? 0 : group.getGpus(i)));
                    book.queue(book.status(id, Condition.STAGING));
                }
            }
        }
    }

    private void hold(long id, TaskSpec spec, List<Integer> ports) {
        if (book.memory.spec(spec.getDigest()).isEmpty()) {
            book.save(new CheckpointRecord.Spec(spec));
        }
        book.save(new CheckpointRecord.Launched(id, spec.getDigest(), ports));
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
        book.memory.spec(held.specDigest())
                .ifPresent(spec -> book.emit(new Effect.Kill(id, spec, graceMs)));
        if (before.isEmpty()) {
            book.queueAsItIs(id, Condition.KILLING);
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
