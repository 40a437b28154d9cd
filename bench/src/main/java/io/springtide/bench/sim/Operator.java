package io.springtide.bench.sim;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Upkeep;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whoever looks after the agents: closes some to new instances, has some emptied, opens them again, and ends
 * a storm by hand. Says it again until it is so, as a person would; a refusal is taken for an answer.
 */
final class Operator {

    private static final long LOOK_NANOS = Timeline.SECOND;
    /** A drain that was refused so often is given up. */
    private static final int TRIES_MAX = 8;

    private final World world;
    private final Actor actor;
    private final Dice dice;
    /** By agent, in order. */
    private final TreeMap<Integer, Wish> wishes = new TreeMap<>();
    /** Those that he has ever set. */
    private final Set<Long> deadlinesMs = new HashSet<>();
    private boolean looking;

    private static final class Wish {
        final Upkeep.Mode mode;
        final long deadlineMs;
        final boolean force;
        int tries;

        Wish(Upkeep.Mode mode, long deadlineMs, boolean force) {
            this.mode = mode;
            this.deadlineMs = deadlineMs;
            this.force = force;
        }
    }

    Operator(World world, Actor actor) {
        this.world = world;
        this.actor = actor;
        this.dice = world.dice().split();
    }

    /** New instances go elsewhere, what is there stays. */
    void cordon(SimAgent agent) {
        wish(agent, new Wish(Upkeep.Mode.CORDONED, 0, false));
    }

    /**
     * What is there moves elsewhere.
     *
     * @param atMostMs what is left after so long is ended all the same; 0 = it is waited for
     */
    void drain(SimAgent agent, long atMostMs, boolean force) {
        long deadlineMs = atMostMs == 0 ? 0 : wallMs() + atMostMs;
        if (deadlineMs != 0) {
            deadlinesMs.add(deadlineMs);
        }
        wish(agent, new Wish(Upkeep.Mode.DRAINING, deadlineMs, force));
    }

    void open(SimAgent agent) {
        wish(agent, new Wish(Upkeep.Mode.OPEN, 0, true));
    }

    /** Everything is to be as if nothing had been said. */
    void openAll() {
        world.agents().forEach(this::open);
    }

    /** The silent agents are gone for good, he says. */
    void releaseStorm() {
        tell(new Command.ReleaseStorm());
    }

    /**
     * Whether he has said that what is on an agent ends by some time, in whatever state the apps are. What he
     * has said holds until the state has heard that he thinks otherwise.
     */
    boolean inAHurry(AgentId agent) {
        var agents = world.oracle().truth().agents();
        OptionalInt row = agents.rowOf(agent);
        return row.isPresent()
                && deadlinesMs.contains(agents.marks().upkeep(row.getAsInt()).deadlineMs());
    }

    private long wallMs() {
        return World.WALL_MS + world.timeline().nowMs();
    }

    private void wish(SimAgent agent, Wish wish) {
        wishes.put(agent.index, wish);
        if (!looking) {
            looking = true;
            look();
        }
    }

    private void look() {
        boolean open = false;
        for (var entry : wishes.entrySet()) {
            Wish wish = entry.getValue();
            boolean lasting = wish.mode == Upkeep.Mode.OPEN;
            if (!fulfilled(entry.getKey(), wish) && (lasting || wish.tries < TRIES_MAX)) {
                open = true;
                wish.tries++;
                tell(new Command.KeepAgent(id(entry.getKey()), wish.mode, wish.deadlineMs,
                        wish.force));
            }
        }
        looking = open;
        if (open) {
            world.timeline().after(LOOK_NANOS, actor, this::look);
        }
    }

    private AgentId id(int index) {
        return new AgentId(world.agents().get(index).name());
    }

    private boolean fulfilled(int index, Wish wish) {
        var agents = world.oracle().truth().agents();
        OptionalInt row = agents.rowOf(id(index));
        return world.wiped() || (row.isEmpty()
                ? wish.mode == Upkeep.Mode.OPEN
                : agents.marks().upkeep(row.getAsInt()).mode() == wish.mode);
    }

    private void tell(Command command) {
        for (SimMaster master : world.masters()) {
            if (master.leads()) {
                master.actorDoes(() -> {
                    var unused = master.submit(command);
                });
                world.timeline().note(dice.within(0, 2));
                return;
            }
        }
    }
}
