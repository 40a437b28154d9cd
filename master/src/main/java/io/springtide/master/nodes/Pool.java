package io.springtide.master.nodes;

import io.springtide.cloud.spi.Node;
import io.springtide.cloud.spi.NodeProvider;
import io.springtide.cloud.spi.NodesResult;
import io.springtide.cloud.spi.ProvisionResult;
import io.springtide.cloud.spi.ReleaseResult;
import io.springtide.core.elasticity.MachinePool;
import io.springtide.core.model.AgentCondition;
import io.springtide.master.agents.Timing;
import io.springtide.master.nodes.Troubles.Kind;
import io.springtide.master.nodes.Troubles.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machines of one pool: what its adapter lists, what agents have registered, and what has been asked
 * for and is not to be seen yet. Asks the adapter; what is to be asked is decided elsewhere. Timer's
 * thread.
 */
final class Pool {

    /** So many requests for machines are under way at most; while they fail, one. */
    static final int ORDERS_AT_ONCE = 8;

    /** Between two lists while machines come or go. */
    private static final long LIST_SOON_MS = 5_000;
    private static final long LIST_MS = 30_000;
    /** What an older list says is not acted upon. */
    private static final long LIST_GOOD_MS = 120_000;
    /** A machine that was given back and is still listed after this is given back again. */
    private static final long GONE_WITHIN_MS = 300_000;
    private static final long REFUSAL_SHOWN_MS = 60_000;
    private static final long LATENESS_SHOWN_MS = 3_600_000;
    /** One list may be a moment behind. */
    private static final int MISSED_MAX = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);

    final PoolSettings settings;
    private final NodeProvider provider;
    private final Timing timing;
    private final LongSupplier clock;
    private final NodesCounters counters;
    private final TreeMap<String, Machine> machines = new TreeMap<>();
    private final Retry orders;
    private final Retry lists;
    private final Retry lates;
    private final Troubles troubles;
    private boolean listing;
    private long listedMs;
    private long begunMs;
    private String decision = "";
    private long decidedMs;

    Pool(Adapters.Opened opened, Timing timing, LongSupplier clock, NodesCounters counters) {
        this.settings = opened.settings();
        this.provider = opened.provider();
        this.timing = timing;
        this.clock = clock;
        this.counters = counters;
        this.troubles = new Troubles(settings.name());
        this.orders = new Retry(timing);
        this.lists = new Retry(timing);
        this.lates = new Retry(timing);
    }

    void close() {
        provider.close();
    }

    Collection<Machine> machines() {
        return machines.values();
    }

    /** What is there has been listed, and not too long ago. */
    boolean known(long nowMs) {
        return listedMs != 0 && nowMs - listedMs <= LIST_GOOD_MS;
    }

    /** Machines that are not on their way out. */
    int staying() {
        return (int) machines.values().stream().filter(one -> !one.leaving()).count();
    }

    // ------------------------------------------------------------ what is there

    /** Puts together what is known now, and has it listed anew if it is time for that. */
    void look(Seen seen, long nowMs) {
        seen.byToken().keySet().stream().filter(settings::owns)
                .forEach(token -> machines.computeIfAbsent(token, name -> machine(name, nowMs)));
        machines.values()
                .forEach(one -> one.see(Optional.ofNullable(seen.byToken().get(one.token)),
                        nowMs));
        machines.values().removeIf(one -> gone(one, nowMs));
        machines.values().stream().filter(one -> one.releasedMs != 0 && one.listed()
                && nowMs - one.releasedMs > GONE_WITHIN_MS).forEach(one -> one.releasedMs = 0);
        troubles.overIfOlder(Kind.LATE, LATENESS_SHOWN_MS, nowMs);
        registered();
        boolean moving = listedMs == 0 || machines.values().stream()
                .anyMatch(one -> one.coming() || one.leaving());
        if (!listing && lists.due(nowMs)
                && nowMs - begunMs >= (moving ? LIST_SOON_MS : LIST_MS)) {
            list(seen.clusterId(), nowMs);
        }
    }

    /** Machines that come put an end to the trouble with one that did not. */
    private void registered() {
        Optional<Trouble> late = troubles.of(Kind.LATE);
        if (late.isPresent() && machines.values().stream()
                .anyMatch(one -> one.state() == NodesPort.MachineState.THERE
                        && one.grantedMs > late.get().newestMs())) {
            troubles.over(Kind.LATE);
            lates.succeeded();
        }
    }

    private Machine machine(String token, long nowMs) {
        return new Machine(token, new Retry(timing), nowMs);
    }

    private boolean gone(Machine one, long nowMs) {
        if (one.ordering || one.releasing || one.agent.isPresent() || one.listed()) {
            return false;
        }
        if (one.releasedMs != 0) {
            return !one.everListed || one.missed > 0;
        }
        return one.everListed
                ? one.missed >= MISSED_MAX
                : one.node.isEmpty() || nowMs - one.grantedMs > settings.comingMs();
    }

    private void list(String clusterId, long nowMs) {
        listing = true;
        begunMs = nowMs;
        then(provider.nodes(clusterId), result -> {
            listing = false;
            listed(result, nowMs, clock.getAsLong());
        }, NodesResult.Refused::new);
    }

    private void listed(NodesResult result, long askedMs, long nowMs) {
        switch (result) {
            case NodesResult.Listed(List<Node> nodes) -> {
                lists.succeeded();
                troubles.over(Kind.LIST);
                listedMs = nowMs;
                merge(nodes, askedMs, nowMs);
            }
            case NodesResult.Throttled(Duration after) -> {
                counters.throttled.increment();
                lists.throttled(nowMs, after);
            }
            case NodesResult.Refused(String reason) -> {
                lists.failed(nowMs);
                refused(Kind.LIST, "its machines cannot be listed, so none is ordered or given"
                        + " back: " + reason, nowMs);
            }
        }
    }

    private void merge(List<Node> nodes, long askedMs, long nowMs) {
        Map<String, Node> byToken = new TreeMap<>();
        nodes.stream().filter(node -> settings.owns(node.token()))
                .forEach(node -> byToken.put(node.token(), node));
        byToken.keySet()
                .forEach(token -> machines.computeIfAbsent(token, name -> machine(name, nowMs)));
        machines.values().forEach(one -> {
            Node node = byToken.get(one.token);
            if (node != null) {
                one.node = Optional.of(node);
                one.everListed = true;
                one.missed = 0;
            } else if (one.grantedMs < askedMs) {
                // What was granted meanwhile may not have been there yet.
                one.missed++;
            }
        });
    }

    // ------------------------------------------------------------ what is asked for

    /** As the plan sees it; in trouble, others are to be asked. */
    MachinePool forPlan(long nowMs) {
        int empty = (int) machines.values().stream().filter(one -> one.coming() || one.empty())
                .count();
        boolean open = known(nowMs) && lates.due(nowMs)
                && (orders.due(nowMs) || !orders.failing());
        int more = open ? Math.max(0, settings.max() - machines.size()) : 0;
        // Those that are on their way out can be kept, whatever the adapter says.
        int kept = (int) machines.values().stream().filter(Machine::reopenable).count();
        return new MachinePool(settings.name(), settings.machine(), empty, more + kept);
    }

    /** As the plan sees it if only those count that have been empty for a while, and no more are ordered. */
    MachinePool emptyFor(long ms, long nowMs) {
        return new MachinePool(settings.name(), settings.machine(),
                (int) machines.values().stream()
                        .filter(one -> one.empty() && one.idleSinceMs != 0
                                && nowMs - one.idleSinceMs >= ms)
                        .count(),
                0);
    }

    /** Nothing of this pool is wanted now. */
    void unwanted(long nowMs) {
        troubles.overIfOlder(Kind.ORDER, REFUSAL_SHOWN_MS, nowMs);
    }

    /** Asks for up to so many machines. */
    void order(int count, String clusterId, String why, long nowMs) {
        if (!orders.due(nowMs) || !lates.due(nowMs) || !known(nowMs)) {
            return;
        }
        int underWay = (int) machines.values().stream().filter(one -> one.ordering).count();
        int most = Math.min(settings.max() - machines.size(),
                (orders.failing() ? 1 : ORDERS_AT_ONCE) - underWay);
        for (int i = 0; i < Math.min(count, most); i++) {
            Machine machine = machine(freeToken(), nowMs);
            machine.ordering = true;
            machines.put(machine.token, machine);
            decided("machine " + machine.token + " is asked for: " + why, nowMs);
            then(provider.provision(settings.request(machine.token, clusterId)),
                    result -> ordered(machine, result, clock.getAsLong()),
                    ProvisionResult.Refused::new);
        }
    }

    private String freeToken() {
        int number = 1;
        while (machines.containsKey(settings.token(number))) {
            number++;
        }
        return settings.token(number);
    }

    private void ordered(Machine machine, ProvisionResult result, long nowMs) {
        machine.ordering = false;
        switch (result) {
            case ProvisionResult.Granted(Node node) -> {
                counters.granted.increment();
                orders.succeeded();
                troubles.over(Kind.ORDER);
                machine.node = Optional.of(node);
                machine.grantedMs = nowMs;
                decided("machine " + machine.token + " was granted: its agent has "
                        + settings.comingMs() / 1_000 + " s to register", nowMs);
            }
            case ProvisionResult.Throttled(Duration after) -> {
                counters.throttled.increment();
                orders.throttled(nowMs, after);
                decided("its adapter is to be asked again later", nowMs);
                forget(machine);
            }
            case ProvisionResult.Refused(String reason) -> {
                orders.failed(nowMs);
                refused(Kind.ORDER, "machine " + machine.token + " was refused: " + reason,
                        nowMs);
                forget(machine);
            }
        }
    }

    /** It is not there, unless somebody else says so. */
    private void forget(Machine machine) {
        if (machine.node.isEmpty() && machine.agent.isEmpty()) {
            machines.remove(machine.token, machine);
        }
    }

    // ------------------------------------------------------------ what is given back

    /** Those whose agent did not register in time. */
    List<Machine> late(long nowMs) {
        return machines.values().stream()
                .filter(one -> one.state() == NodesPort.MachineState.COMING
                        && releasable(one, nowMs)
                        && one.aloneSinceMs != 0
                        && nowMs - one.aloneSinceMs >= settings.comingMs())
                .toList();
    }

    /** Gives up a machine that did not come, and is slow to ask for another. */
    void giveUp(Machine machine, long nowMs) {
        counters.neverCame.increment();
        lates.failed(nowMs);
        troubles.met(Kind.LATE, "no agent with attribute " + MachinePool.ATTRIBUTE + "="
                + machine.token + " registered within " + settings.comingMs() / 1_000
                + " s, so the machine is given back; look at what it does when it starts", nowMs);
        release(machine, nowMs);
    }

    /** Empty ones that nothing can get onto: drained by this leader, or long ago by somebody else. */
    List<Machine> emptied(long nowMs) {
        return machines.values().stream().filter(one -> one.leaving() && releasable(one, nowMs)
                && !one.busy && one.emptySinceMs != 0
                && (one.ours || nowMs - one.emptySinceMs >= settings.idleMs())).toList();
    }

    private boolean releasable(Machine one, long nowMs) {
        return known(nowMs) && one.node.isPresent() && !one.releasing && one.releasedMs == 0
                && one.release.due(nowMs);
    }

    void release(Machine machine, long nowMs) {
        machine.releasing = true;
        decided("machine " + machine.token + " is given back", nowMs);
        then(provider.release(machine.node.map(Node::id).orElseThrow()),
                result -> released(machine, result, clock.getAsLong()),
                ReleaseResult.Refused::new);
    }

    private void released(Machine machine, ReleaseResult result, long nowMs) {
        machine.releasing = false;
        switch (result) {
            case ReleaseResult.Released() -> {
                counters.released.increment();
                machine.release.succeeded();
                machine.releasedMs = nowMs;
                machine.trouble(Optional.empty(), nowMs);
            }
            case ReleaseResult.Throttled(Duration after) -> {
                counters.throttled.increment();
                machine.release.throttled(nowMs, after);
            }
            case ReleaseResult.Refused(String reason) -> {
                counters.refused.increment();
                machine.release.failed(nowMs);
                machine.trouble(Optional.of("it cannot be given back: " + reason), nowMs);
                LOG.warn("machine_not_released pool={} machine={} why=\"{}\"", settings.name(),
                        machine.token, reason);
            }
        }
    }

    /** Agents of machines that are gone for good: nobody will hear of them again. */
    List<Machine> departed(long nowMs) {
        return machines.values().stream().filter(one -> !one.busy && one.agent
                .filter(agent -> agent.condition() == AgentCondition.UNREACHABLE).isPresent()
                && (one.releasedMs != 0 || (known(nowMs) && one.missed >= MISSED_MAX))).toList();
    }

    // ------------------------------------------------------------ telling

    void decided(String sentence, long nowMs) {
        decision = sentence;
        decidedMs = nowMs;
        LOG.info("nodes pool={} decision=\"{}\"", settings.name(), sentence);
    }

    private void refused(Kind kind, String sentence, long nowMs) {
        counters.refused.increment();
        troubles.met(kind, sentence, nowMs);
    }

    /** Why no machine can be had, if that is so. */
    Optional<String> trouble() {
        return troubles.all().stream().map(Trouble::sentence).findFirst();
    }

    NodesPort.PoolPicture picture() {
        List<Trouble> all = new ArrayList<>(troubles.all());
        machines.values().forEach(one -> one.trouble.ifPresent(sentence -> all.add(new Trouble(
                "machine " + one.token + ": " + sentence, one.troubledSinceMs, 0))));
        return new NodesPort.PoolPicture(settings.name(), settings.adapter(), settings.min(),
                settings.max(), machines.values().stream().map(Machine::picture).toList(),
                decision, decidedMs, all.stream().findFirst().map(Trouble::sentence),
                all.stream().mapToLong(Trouble::sinceMs).min().orElse(0), !all.isEmpty());
    }

    /** Goes on, on the timer's thread, with what the adapter says. */
    private <T> void then(CompletionStage<T> stage, Consumer<T> next,
            Function<String, T> broken) {
        var unused = stage.handle((result, failure) -> {
            timing.after(Duration.ZERO, () -> {
                if (failure == null) {
                    next.accept(result);
                } else {
                    LOG.error("node_adapter_failed pool={}", settings.name(), failure);
                    next.accept(broken.apply("adapter " + settings.adapter()
                            + " failed; see the master's log"));
                }
            });
            return result;
        });
    }
}
