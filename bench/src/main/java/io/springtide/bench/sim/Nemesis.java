package io.springtide.bench.sim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes things go wrong, and right again after a while. */
final class Nemesis {

    private static final long JUMP_MS_MAX = 600_000;
    /** After so long without an answer every agent has turned to another master. */
    private static final long FORSAKEN_MS = 22_000;
    private static final long LAST_WORDS_MS = 2_500;
    private static final int STALE_SECONDS = 60;
    /** Long enough for some to be given up. */
    private static final long STORM_MS_MIN = 15_000;
    private static final int SLOWNESS_MAX = 300;

    /** Injected when they meet something. */
    private static final Set<FaultKind> COUNTED_ELSEWHERE = EnumSet.of(FaultKind.RUNTIME,
            FaultKind.STORE_UNKNOWN, FaultKind.STALE_ORDERS);

    private final World world;
    private final Actor actor;

    Nemesis(World world, Actor actor) {
        this.world = world;
        this.actor = actor;
    }

    void plan(List<Fault> faults) {
        for (Fault fault : faults) {
            world.timeline().at(fault.atMs() * Timeline.MS, actor, () -> begin(fault));
        }
    }

    private void later(long ms, Runnable end) {
        world.timeline().after(ms * Timeline.MS, actor, () -> {
            if (!world.healed()) {
                end.run();
            }
        });
    }

    private void begin(Fault fault) {
        Dice dice = new Dice(fault.seed());
        long ms = fault.durationMs();
        if (world.healed()) {
            return;
        }
        if (!COUNTED_ELSEWHERE.contains(fault.kind())) {
            world.injected(fault.kind());
        }
        switch (fault.kind()) {
            case MASTER_CRASH -> crash(master(dice, 60), ms);
            case MASTER_PAUSE -> pause(master(dice, 80).actor, ms);
            case FALSE_LEADER -> falseLeader(ms);
            case STEP_DOWN -> leader().ifPresent(one -> one.actorDoes(one::stepDown));
            case STORE_OUTAGE -> {
                world.store().outage(true);
                later(ms, () -> world.store().outage(false));
            }
            case STORE_CUT -> cut(master(dice, 80).node, Network.STORE, dice.within(0, 3), ms);
            case SESSION_EXPIRY -> world.store().expire();
            case STORE_SLOW -> {
                world.store().slowness = dice.within(10, 1_000);
                later(ms, () -> world.store().slowness = 1);
            }
            case STORE_UNKNOWN -> {
                world.store().unknownPpm = dice.within(5_000, 300_000);
                later(ms, () -> world.store().unknownPpm = 0);
            }
            case AGENT_CRASH -> some(dice, 30).forEach(agent -> {
                agent.crash();
                world.restartAgent(agent, dice.latency(ms * Timeline.MS / 4));
            });
            case HOST_REBOOT -> some(dice, 15).forEach(agent -> {
                agent.reboot();
                world.restartAgent(agent, dice.latency(ms * Timeline.MS));
            });
            case AGENT_WIPED -> {
                SimAgent agent = agent(dice);
                agent.wipe();
                world.restartAgent(agent, dice.latency(ms * Timeline.MS));
            }
            case AGENT_PAUSE -> some(dice, 20).forEach(agent -> pause(agent.actor, ms));
            case STREAM_CUT -> some(dice, 50).forEach(SimAgent::cutStream);
            case STALE_ORDERS -> leader().ifPresent(one -> lastWords(one, ms));
            case PARTITION -> partition(dice, ms);
            case SWIZZLE -> swizzle(dice, ms);
            case GRAY_AGENT -> gray(agent(dice), dice, ms);
            case DISK_FULL -> {
                SimAgent agent = agent(dice);
                agent.disk.full = true;
                later(ms, () -> agent.disk.full = false);
            }
            case RUNTIME -> {
                world.runtimeFaults().draw(dice);
                later(ms, () -> world.runtimeFaults().stop());
            }
            case MASS_LOSS -> massLoss(dice, ms);
            case FLASH_LOAD -> world.clients().forEach(SimClient::flash);
            case HEALTH_PLAGUE -> plague(dice, ms);
            case CLOCK_JUMP -> jump(dice);
            case STORE_WIPED -> world.wipeStore();
            case CORDON -> some(dice, 20).forEach(agent -> {
                world.operator().cordon(agent);
                later(ms, () -> world.operator().open(agent));
            });
            case DRAIN -> drain(dice, ms);
            case STORM -> storm(dice, ms);
        }
    }

    private void gray(SimAgent agent, Dice dice, long ms) {
        agent.disk.slowness = dice.within(10, SLOWNESS_MAX);
        agent.machine.slowness = dice.within(10, SLOWNESS_MAX);
        later(ms, () -> {
            agent.disk.slowness = 1;
            agent.machine.slowness = 1;
        });
    }

    private void plague(Dice dice, long ms) {
        boolean all = dice.percent(50);
        String app = "/app-" + dice.within(0, world.options().apps());
        world.plague(all ? "" : app, true);
        later(ms, () -> world.plague(all ? "" : app, false));
    }

    private void jump(Dice dice) {
        long jumpMs = dice.within(-JUMP_MS_MAX, JUMP_MS_MAX);
        if (dice.percent(50)) {
            master(dice, 50).clockOffMs = jumpMs;
        } else {
            agent(dice).clockOffMs = jumpMs;
        }
    }

    // ------------------------------------------------------------ whom it meets

    private Optional<SimMaster> leader() {
        return world.masters().stream().filter(SimMaster::leads).findFirst();
    }

    /** The leader with this chance, else any. */
    private SimMaster master(Dice dice, int leaderPercent) {
        SimMaster any = world.masters().get(dice.within(0, world.masters().size()));
        return dice.percent(leaderPercent) ? leader().orElse(any) : any;
    }

    private SimAgent agent(Dice dice) {
        return world.agents().get(dice.within(0, world.agents().size()));
    }

    /** At least one. */
    private List<SimAgent> some(Dice dice, int percent) {
        List<SimAgent> drawn = new ArrayList<>();
        for (SimAgent agent : world.agents()) {
            if (dice.percent(percent)) {
                drawn.add(agent);
            }
        }
        return drawn.isEmpty() ? List.of(agent(dice)) : drawn;
    }

    // ------------------------------------------------------------ what it does

    private void crash(SimMaster master, long ms) {
        if (!master.actor.down) {
            master.crash();
            later(ms, () -> {
                if (master.actor.down) {
                    master.start();
                }
            });
        }
    }

    private void falseLeader(long ms) {
        Optional<SimMaster> first = leader();
        if (world.masters().size() == 1 || first.isEmpty()) {
            return;
        }
        pause(first.get().actor, FORSAKEN_MS + ms);
        later(FORSAKEN_MS + ms, () -> world.masters().stream()
                .filter(other -> other != first.get() && other.leads())
                .forEach(other -> crash(other, ms)));
    }

    /** The leader speaks to nobody's ear, dies, and is heard when another one leads. */
    private void lastWords(SimMaster dying, long ms) {
        world.clients().forEach(SimClient::flash);
        world.agents().forEach(agent -> stop(dying.node, agent.node, 1));
        later(LAST_WORDS_MS, () -> {
            crash(dying, Math.min(ms, LAST_WORDS_MS));
            world.agents().forEach(agent -> letPass(dying.node, agent.node, 1));
            for (long second = 1; second < STALE_SECONDS; second++) {
                later(second * 1_000, () -> world.agents().forEach(SimAgent::hearStale));
            }
        });
    }

    private void pause(Actor process, long ms) {
        if (process.works()) {
            process.paused = true;
            int life = process.life;
            later(ms, () -> {
                if (process.life == life && process.paused) {
                    world.timeline().resume(process);
                }
            });
        }
    }

    /** @param direction 0 both, 1 from the first to the second, 2 back */
    private void cut(int one, int other, int direction, long ms) {
        stop(one, other, direction);
        later(ms, () -> letPass(one, other, direction));
    }

    private void stop(int one, int other, int direction) {
        if (direction != 2) {
            world.network().stop(one, other);
        }
        if (direction != 1) {
            world.network().stop(other, one);
        }
    }

    private void letPass(int one, int other, int direction) {
        if (direction != 2) {
            world.network().letPass(one, other);
        }
        if (direction != 1) {
            world.network().letPass(other, one);
        }
    }

    private void partition(Dice dice, long ms) {
        int direction = dice.within(0, 3);
        List<SimAgent> agents = some(dice, dice.within(5, 100));
        for (SimMaster master : world.masters()) {
            if (dice.percent(60)) {
                agents.forEach(agent -> cut(agent.node, master.node, direction, ms));
            }
        }
    }

    private void swizzle(Dice dice, long ms) {
        for (SimAgent agent : some(dice, 40)) {
            SimMaster master = world.masters().get(dice.within(0, world.masters().size()));
            int direction = dice.within(0, 3);
            later(dice.within(0L, 5_000L), () -> cut(agent.node, master.node, direction,
                    ms / 2 + dice.within(0L, 5_000L)));
        }
    }

    private void drain(Dice dice, long ms) {
        boolean force = dice.percent(50);
        long deadlineMs = dice.percent(30) ? dice.within(2_000L, 40_000L) : 0;
        for (SimAgent agent : some(dice, dice.within(1, 25))) {
            world.operator().drain(agent, deadlineMs, force);
            // A drain is seldom over in a moment.
            later(5_000 + 3 * ms, () -> world.operator().open(agent));
        }
    }

    private void storm(Dice dice, long ms) {
        long lastsMs = STORM_MS_MIN + 2 * ms;
        massLoss(dice, lastsMs);
        if (dice.percent(40)) {
            later(dice.within(STORM_MS_MIN / 2, lastsMs), world.operator()::releaseStorm);
        }
    }

    private void massLoss(Dice dice, long ms) {
        List<SimAgent> gone = some(dice, dice.within(30, 101));
        switch (dice.within(0, 3)) {
            case 0 -> gone.forEach(agent -> {
                agent.crash();
                world.restartAgent(agent, ms * Timeline.MS);
            });
            case 1 -> gone.forEach(agent -> {
                agent.reboot();
                world.restartAgent(agent, ms * Timeline.MS);
            });
            default -> gone.forEach(agent -> world.masters()
                    .forEach(master -> cut(agent.node, master.node, 0, ms)));
        }
    }
}
