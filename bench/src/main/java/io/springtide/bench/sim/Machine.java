package io.springtide.bench.sim;

import io.springtide.agent.engine.Input;
import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.TaskSpec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What runs on an agent's machine, beside and beyond the agent's process: the runtime of the simulation. It
 * keeps what has ended until it is told to forget it.
 */
final class Machine {

    private static final long CHECK_NANOS = 5 * Timeline.SECOND;
    private static final int EXHAUSTED_AFTER = 3;
    /** However slow a machine is, it has started something by then. */
    private static final long START_NANOS_MAX = 60 * Timeline.SECOND;
    private static final int TERMINATED = 143;

    private final World world;
    private final SimAgent agent;
    private final Dice dice;
    private final Actor host;
    private final Map<Long, Box> boxes = new LinkedHashMap<>();
    /** Launches and ends take so many times as long. */
    int slowness = 1;

    /** One instance. */
    static final class Box {
        final long id;
        final String app;
        final List<Integer> ports;
        boolean running;
        boolean ended;
        boolean killing;
        Ending ending = new Ending.Gone("");
        boolean watched;
        boolean alive;
        int failures;
        /** The life of the agent that hears of it. */
        int listener;

        Box(long id, String app, List<Integer> ports, int listener) {
            this.id = id;
            this.app = app;
            this.ports = ports;
            this.listener = listener;
        }
    }

    Machine(World world, SimAgent agent, Dice dice) {
        this.world = world;
        this.agent = agent;
        this.dice = dice;
        this.host = new Actor("host-" + agent.index, agent.node);
    }

    private Timeline timeline() {
        return world.timeline();
    }

    private long took(long meanNanos) {
        return dice.latency(meanNanos) * slowness;
    }

    // ------------------------------------------------------------ what the agent wants

    void launch(long id, TaskSpec spec, List<Integer> ports) {
        Box box = new Box(id, spec.getAppId(), ports, agent.actor.life);
        boxes.put(id, box);
        long startNanos = Math.min(START_NANOS_MAX, took(world.options().startNanosMean()));
        if (dice.ppm(world.runtimeFaults().createFailsPpm)) {
            world.injected(FaultKind.RUNTIME);
            timeline().after(startNanos, host,
                    () -> end(box, new Ending.NotStarted("the image is not there")));
            return;
        }
        if (dice.ppm(world.runtimeFaults().slowStartPpm)) {
            world.injected(FaultKind.RUNTIME);
            startNanos += dice.within(Timeline.SECOND, 30 * Timeline.SECOND);
        }
        timeline().after(startNanos / 2, host, () -> {
            if (!box.ended) {
                tell(box, new Input.TaskStarting(id));
            }
        });
        timeline().after(startNanos, host, () -> runs(box));
    }

    private void runs(Box box) {
        if (box.ended) {
            return;
        }
        box.running = true;
        tell(box, new Input.TaskRunning(box.id, ""));
        if (dice.ppm(world.runtimeFaults().exitsPpm)) {
            world.injected(FaultKind.RUNTIME);
            int code = dice.within(0, 2);
            timeline().after(dice.within(0, 60 * Timeline.SECOND), host,
                    () -> end(box, new Ending.Exited(code, "")));
        }
    }

    void adopt(long id) {
        Box box = boxes.get(id);
        if (box == null) {
            timeline().after(took(5 * Timeline.MS), agent.actor, () -> agent
                    .put(new Input.TaskEnded(id, new Ending.Gone("the runtime does not know it"))));
            return;
        }
        box.listener = agent.actor.life;
        box.watched = false;
        timeline().after(took(5 * Timeline.MS), host, () -> {
            if (box.ended) {
                tell(box, new Input.TaskEnded(id, box.ending));
            } else if (box.running) {
                tell(box, new Input.TaskRunning(id, ""));
            }
        });
    }

    void kill(long id, long graceMs) {
        Box box = boxes.get(id);
        if (box == null || box.ended || box.killing) {
            return;
        }
        box.killing = true;
        long nanos = Math.min(took(100 * Timeline.MS), graceMs * Timeline.MS);
        if (dice.ppm(world.runtimeFaults().killIgnoredPpm)) {
            world.injected(FaultKind.RUNTIME);
            nanos += dice.within(Timeline.SECOND, 30 * Timeline.SECOND);
        }
        timeline().after(nanos, host, () -> end(box, new Ending.Exited(TERMINATED, "")));
    }

    void forget(long id) {
        Box box = boxes.get(id);
        if (box != null && box.ended) {
            boxes.remove(id);
        }
    }

    private void end(Box box, Ending ending) {
        if (!box.ended) {
            box.ended = true;
            box.running = false;
            box.ending = ending;
            tell(box, new Input.TaskEnded(box.id, ending));
        }
    }

    private void tell(Box box, Input news) {
        if (box.listener == agent.actor.life && !agent.actor.down) {
            timeline().after(1, agent.actor, () -> agent.put(news));
        }
    }

    // ------------------------------------------------------------ health

    void watch(long id) {
        Box box = boxes.get(id);
        if (box != null) {
            box.watched = true;
            box.alive = false;
            box.failures = 0;
            timeline().after(dice.within(Timeline.SECOND, 3 * Timeline.SECOND), host,
                    () -> check(box));
        }
    }

    void unwatch(long id) {
        Box box = boxes.get(id);
        if (box != null) {
            box.watched = false;
        }
    }

    /** Checks of an app begin to fail, or to succeed again. */
    void healthChanged() {
        for (Box box : boxes.values()) {
            if (box.watched) {
                timeline().after(dice.within(0, CHECK_NANOS), host, () -> check(box));
            }
        }
    }

    private void check(Box box) {
        if (!box.watched || box.ended) {
            return;
        }
        boolean well = !world.plagued(box.app);
        if (well) {
            if (!box.alive) {
                box.alive = true;
                box.failures = 0;
                tell(box, health(box, false));
            }
            return;
        }
        box.alive = false;
        box.failures++;
        tell(box, health(box, box.failures >= EXHAUSTED_AFTER));
        timeline().after(CHECK_NANOS, host, () -> check(box));
    }

    private static Input health(Box box, boolean exhausted) {
        return new Input.HealthSeen(box.id,
                HealthReport.newBuilder().setAlive(box.alive)
                        .setConsecutiveFailures(box.failures).setExhausted(exhausted).build(),
                Map.of());
    }

    // ------------------------------------------------------------ the machine itself

    /** Everything that ran is gone, and nobody knows how it ended. */
    void reboot() {
        host.die();
        host.rise();
        boxes.clear();
        slowness = 1;
    }

    /** Numbers of what has not ended. */
    SortedSet<Long> running() {
        TreeSet<Long> running = new TreeSet<>();
        for (Box box : boxes.values()) {
            if (!box.ended) {
                running.add(box.id);
            }
        }
        return running;
    }

    Collection<Box> boxes() {
        return boxes.values();
    }
}
