package io.springtide.bench.sim;

import java.util.Optional;

/**
 * Whether a cluster that is well again does no more than one that nothing has happened to: a fault that is
 * over must not go on as work that makes itself.
 */
final class Rest {

    private static final long WINDOW_NANOS = 10 * Timeline.SECOND;
    /** Agents with nothing to run may still be looking for the leader when all else is well. */
    private static final int WINDOWS_MAX = 9;
    /** Facts of an agent or an app in one window: measurements, and what is still coming up. */
    private static final int FACTS_EACH = 5;

    private final World world;

    Rest(World world) {
        this.world = world;
    }

    /** Lets time go by until there is rest; fails if there is none. */
    void check() {
        Optional<String> restless = Optional.empty();
        for (int i = 0; i < WINDOWS_MAX && !world.timeline().stopped(); i++) {
            world.oracle().checked(Invariant.AT_REST);
            restless = window();
            if (restless.isEmpty()) {
                return;
            }
        }
        restless.ifPresent(why -> world.oracle().fail(Invariant.AT_REST, why));
    }

    private Optional<String> window() {
        long reigns = world.reigns();
        long opened = world.network().opened();
        long facts = world.facts();
        world.timeline().runUntil(world.timeline().nowNanos() + WINDOW_NANOS);
        long factsMax = FACTS_EACH * ((long) world.agents().size() + world.clients().size());
        if (world.reigns() == reigns && world.network().opened() == opened
                && world.facts() - facts <= factsMax) {
            return Optional.empty();
        }
        return Optional.of("all is well, and yet in ten seconds there were "
                + (world.reigns() - reigns) + " reigns, " + (world.network().opened() - opened)
                + " connections and " + (world.facts() - facts) + " facts");
    }
}
