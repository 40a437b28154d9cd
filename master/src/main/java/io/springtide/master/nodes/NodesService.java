package io.springtide.master.nodes;

import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.MachineNeed;
import io.springtide.core.elasticity.MachinePlan;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Upkeep;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.master.agents.Timing;
import io.springtide.master.config.NodesSetting;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.view.ClusterView;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools of machines of one reign: looks each second at what waits and finds no room, orders machines
 * for it, and gives back those that nobody needs. Nothing of it is journaled: which machines there are is
 * for the adapters to say, which of them run an agent for the state. So a new leader asks the adapters
 * before it decides anything, and a machine is neither ordered twice nor forgotten.
 */
public final class NodesService implements NodesPort, AutoCloseable {

    /** Between two looks. */
    static final Duration LOOK = Duration.ofSeconds(1);

    /** Best-effort work and standbys on a machine that is given back get so long to end elsewhere. */
    static final long LOOSE_ENDS_MS = 60_000;

    /** What waits though machines that would fit are empty for so long is not helped by machines. */
    static final long FUTILE_MS = 60_000;

    /** Agents that leave at once must not look like a network that fails; see AgentSilence. */
    private static final long DEPARTURES_MS = 60_000;
    private static final int DEPARTURES_MIN = 2;
    private static final int DEPARTURES_SHARE = 10;
    /** Asking what would fit elsewhere looks at all agents. */
    private static final long SPARE_LOOK_MS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(NodesService.class);

    private final ClusterView view;
    private final CommandPort commands;
    private final PlacementSettings placement;
    private final List<Pool> pools;
    private final Timing timing;
    private final InstantSource clock;
    private final NodesCounters counters;
    private final Waits waits = new Waits(FUTILE_MS);
    private final ArrayDeque<Long> departures = new ArrayDeque<>();
    private String spare = "";
    private long spareSinceMs;
    private long spareLookedMs;
    private volatile List<PoolPicture> pictures = List.of();
    private volatile Map<AppId, String> sentences = Map.of();
    private volatile boolean closed;

    /**
     * Prepares; {@link #start} sets it going.
     *
     * @param settings opened here
     * @param timing closed with this
     * @throws IllegalArgumentException as {@link Adapters#check}
     */
    public NodesService(List<NodesSetting> settings, ClusterView view, CommandPort commands,
            PlacementSettings placement, Timing timing, InstantSource clock,
            NodesCounters counters) {
        this(view, commands, placement, Adapters.open(settings), timing, clock, counters);
    }

    NodesService(ClusterView view, CommandPort commands, PlacementSettings placement,
            List<Adapters.Opened> opened, Timing timing, InstantSource clock,
            NodesCounters counters) {
        this.view = view;
        this.commands = commands;
        this.placement = placement;
        this.pools = opened.stream()
                .map(one -> new Pool(one, timing, clock::millis, counters)).toList();
        this.timing = timing;
        this.clock = clock;
        this.counters = counters;
    }

    /** Begins to look; the state must have been founded. */
    public void start() {
        timing.every(LOOK, this::guardedLook);
    }

    /** Nothing more is decided; machines stay as they are. */
    @Override
    public void close() {
        closed = true;
        timing.close();
        pools.forEach(Pool::close);
        counters.now(List.of());
    }

    @Override
    public List<PoolPicture> pools() {
        return pictures;
    }

    @Override
    public Optional<String> waiting(AppId app) {
        return Optional.ofNullable(sentences.get(app));
    }

    // ------------------------------------------------------------ timer's thread

    private void guardedLook() {
        try {
            if (!closed) {
                look();
            }
        } catch (RuntimeException bug) {
            // Would otherwise end the timer without a word.
            LOG.error("nodes_look_failed", bug);
        }
    }

    private void look() {
        long nowMs = clock.millis();
        long waitMs = pools.stream().mapToLong(pool -> pool.settings.waitMs()).min().orElse(0);
        Seen seen = view.read(state -> Seen.of(state, placement, nowMs, waitMs));
        pools.forEach(pool -> pool.look(seen, nowMs));
        List<MachineNeed> needs = waits.helpable(seen.needs(), pools, nowMs);
        MachinePlan plan = MachinePlan.of(needs,
                pools.stream().map(pool -> pool.forPlan(nowMs)).toList());
        if (seen.calm() && pools.stream().allMatch(pool -> pool.known(nowMs) || pool.trouble()
                .isPresent())) {
            pools.forEach(pool -> grow(pool, plan, seen, nowMs));
            pools.forEach(pool -> shrink(pool, plan, seen, nowMs));
            consolidate(needs.isEmpty() && seen.needs().isEmpty(), nowMs);
        }
        sentences = waits.sentences(plan, pools);
        pictures = pools.stream().map(Pool::picture).toList();
        counters.now(pictures);
    }

    /** What is on its way out is taken back before anything is ordered. */
    private void grow(Pool pool, MachinePlan plan, Seen seen, long nowMs) {
        int wanted = plan.machines(pool.settings.name());
        int more = Math.max(wanted, pool.settings.min() - pool.staying());
        if (more <= 0) {
            pool.unwanted(nowMs);
            return;
        }
        for (Machine machine : List.copyOf(pool.machines())) {
            if (more > 0 && machine.reopenable()) {
                pool.decided("machine " + machine.token + " is kept: it is needed again", nowMs);
                keep(machine, Upkeep.Mode.OPEN, 0);
                more--;
            }
        }
        pool.order(more, seen.clusterId(), wanted > 0
                ? waits.why(plan, pool.settings.name())
                : "the pool is to have " + pool.settings.min(), nowMs);
    }

    private void shrink(Pool pool, MachinePlan plan, Seen seen, long nowMs) {
        pool.late(nowMs).forEach(machine -> pool.giveUp(machine, nowMs));
        boolean needed = plan.shares().stream()
                .anyMatch(one -> one.pool().equals(pool.settings.name()));
        int staying = pool.staying();
        for (Machine machine : pool.machines().stream()
                .sorted(Comparator.comparingLong((Machine one) -> one.idleSinceMs)
                        .thenComparing(one -> one.token))
                .toList()) {
            if (!needed && pool.known(nowMs) && staying > pool.settings.min() && machine.empty()
                    && machine.node.isPresent() && machine.idleSinceMs != 0
                    && nowMs - machine.idleSinceMs >= pool.settings.idleMs()) {
                pool.decided("machine " + machine.token + " is drained: nobody has needed it for "
                        + (nowMs - machine.idleSinceMs) / 1_000 + " s", nowMs);
                boolean alone = machine.agent.filter(one -> one.held() == 0).isPresent();
                keep(machine, Upkeep.Mode.DRAINING, alone ? 0 : nowMs + LOOSE_ENDS_MS);
                staying--;
            }
        }
        for (Machine machine : pool.emptied(nowMs)) {
            if (mayDepart(seen.agents(), nowMs)) {
                departures.add(nowMs);
                pool.release(machine, nowMs);
            }
        }
        pool.departed(nowMs).forEach(machine -> command(machine,
                new Command.ForgetAgent(machine.agentId().orElseThrow())));
    }

    private boolean mayDepart(int agents, long nowMs) {
        while (!departures.isEmpty() && nowMs - departures.getFirst() >= DEPARTURES_MS) {
            departures.removeFirst();
        }
        return departures.size() < Math.max(DEPARTURES_MIN, agents / DEPARTURES_SHARE);
    }

    // ------------------------------------------------------------ after the flood

    /** Empties the least used machine if for long enough everything on it would have fitted elsewhere. */
    private void consolidate(boolean nothingWaits, long nowMs) {
        if (!nothingWaits || pools.stream().anyMatch(NodesService::moving)) {
            spareSinceMs = 0;
            return;
        }
        if (nowMs - spareLookedMs < SPARE_LOOK_MS) {
            return;
        }
        spareLookedMs = nowMs;
        Optional<Pool> from = pools.stream().filter(pool -> leastUsed(pool).isPresent()).min(
                Comparator.comparingInt((Pool pool) -> used(leastUsed(pool).orElseThrow())));
        if (from.isPresent()) {
            consolidate(from.get(), leastUsed(from.get()).orElseThrow(), nowMs);
        } else {
            spareSinceMs = 0;
        }
    }

    private void consolidate(Pool pool, Machine machine, long nowMs) {
        AgentId agent = machine.agentId().orElseThrow();
        if (!view.<Boolean>read(state -> Seen.spare(state, placement, agent))) {
            spareSinceMs = 0;
        } else if (spareSinceMs == 0 || !spare.equals(machine.token)) {
            spare = machine.token;
            spareSinceMs = nowMs;
        } else if (nowMs - spareSinceMs >= pool.settings.idleMs()) {
            pool.decided("machine " + machine.token
                    + " is drained: all of its instances have room elsewhere", nowMs);
            spareSinceMs = 0;
            keep(machine, Upkeep.Mode.DRAINING, 0);
        }
    }

    /** Machines come or go, or are about to. */
    private static boolean moving(Pool pool) {
        boolean spares = pool.staying() > pool.settings.min();
        return pool.machines().stream().anyMatch(one -> one.coming() || one.leaving() || one.busy
                || (spares && one.empty()));
    }

    private static Optional<Machine> leastUsed(Pool pool) {
        if (pool.staying() <= pool.settings.min()) {
            return Optional.empty();
        }
        return pool.machines().stream()
                .filter(one -> one.node.isPresent()
                        && one.agent.filter(Seen.Agent::open).isPresent())
                .min(Comparator.comparingInt(NodesService::used)
                        .thenComparing(one -> one.token));
    }

    private static int used(Machine machine) {
        return machine.agent.map(Seen.Agent::held).orElse(0);
    }

    // ------------------------------------------------------------ commands

    private void keep(Machine machine, Upkeep.Mode mode, long deadlineMs) {
        machine.ours = mode == Upkeep.Mode.DRAINING;
        machine.idleSinceMs = 0;
        command(machine, new Command.KeepAgent(machine.agentId().orElseThrow(), mode, deadlineMs,
                false));
    }

    private void command(Machine machine, Command command) {
        machine.busy = true;
        var unused = commands.submit(command).whenComplete(
                (outcome, failure) -> timing.after(Duration.ZERO, () -> {
                    machine.busy = false;
                    if (outcome instanceof Outcome.Decided(Answer.Refused refused)) {
                        LOG.warn("machine_command_refused machine={} why=\"{}\"", machine.token,
                                refused.detail());
                    }
                    // Whatever became of it is seen at the next look, and decided anew.
                }));
    }
}
