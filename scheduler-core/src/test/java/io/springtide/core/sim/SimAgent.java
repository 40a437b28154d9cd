package io.springtide.core.sim;

import io.springtide.core.command.Command;
import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.CheckResult;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.Readiness;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.InstanceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An agent as the core sees it: it is driven toward what the state says it should hold, and keeps its
 * reports until they have arrived.
 */
public final class SimAgent {

    /** How launches turn out. */
    public enum Fate {
        /** Runs and is healthy at once. */
        WELL,
        /** Runs, and stays without a word of health. */
        UNCHECKED,
        /** Is started and gets no further. */
        HANGS,
        /** Ends with an error at once. */
        FAILS
    }

    private AgentSpec spec;
    private final TreeMap<Long, Condition> held = new TreeMap<>();
    private final List<Command.ReportStatuses> spool = new ArrayList<>();
    private long seq;
    private Fate fate = Fate.WELL;
    private boolean connected;

    SimAgent(AgentSpec spec) {
        this.spec = spec;
    }

    public AgentSpec spec() {
        return spec;
    }

    public boolean connected() {
        return connected;
    }

    /** Numbers of what it runs. */
    public List<Long> held() {
        return List.copyOf(held.keySet());
    }

    public void fate(Fate next) {
        fate = next;
    }

    public void spec(AgentSpec next) {
        spec = next;
    }

    void connected(boolean now) {
        connected = now;
    }

    /** Its machine was set up anew: nothing is left but its name. */
    void wipe() {
        spec = Specs.wiped(spec);
        held.clear();
        spool.clear();
        seq = 0;
    }

    /** It lost its containers, yet not its folder. */
    void crash() {
        held.clear();
        spool.clear();
    }

    Command.RegisterAgent registration() {
        return new Command.RegisterAgent(spec, held());
    }

    /** Starts what it should hold and ends what it should not; at most so many steps. */
    void sync(ClusterState state, int stepsMax) {
        int row = state.agents().rowOf(spec.id()).orElseThrow();
        InstanceList ordered = state.agents().instances(row);
        TreeSet<Long> wanted = new TreeSet<>();
        List<InstanceStatus> statuses = new ArrayList<>();
        int steps = 0;
        for (int i = 0; i < ordered.size(); i++) {
            Instance instance = ordered.get(i);
            if (instance.goal() == Goal.DECOMMISSIONED) {
                if (!held.containsKey(instance.number()) && steps++ < stepsMax) {
                    statuses.add(status(instance.number(), Condition.KILLED, Health.UNKNOWN));
                }
                continue;
            }
            wanted.add(instance.number());
            Condition now = held.get(instance.number());
            boolean fresh = now == null && instance.seen() == Condition.PLACED;
            if ((fresh || now == Condition.STAGING) && steps++ < stepsMax) {
                start(instance, statuses);
            } else if ((now == Condition.STARTING || now == frozen(!instance.standby()))
                    && steps++ < stepsMax) {
                freezeOrThaw(instance, statuses);
            }
        }
        for (long number : held()) {
            if (!wanted.contains(number) && steps++ < stepsMax) {
                held.remove(number);
                statuses.add(status(number, Condition.KILLED, Health.UNKNOWN));
            }
        }
        report(statuses);
    }

    private static Condition frozen(boolean standby) {
        return standby ? Condition.PAUSED : Condition.RUNNING;
    }

    /** A standby is frozen once it is ready, and is checked again once it serves. */
    private void freezeOrThaw(Instance instance, List<InstanceStatus> statuses) {
        Condition next = frozen(instance.standby());
        held.put(instance.number(), next);
        statuses.add(status(instance.number(), next,
                next == Condition.RUNNING && fate != Fate.UNCHECKED
                        ? Health.ALIVE
                        : Health.UNKNOWN));
    }

    private void start(Instance instance, List<InstanceStatus> statuses) {
        long number = instance.number();
        if (instance.standby() && (fate == Fate.WELL || fate == Fate.UNCHECKED)) {
            // Nothing of it is told as running; its checks may fail before it is ready.
            held.put(number, Condition.STARTING);
            statuses.add(status(number, Condition.STARTING,
                    number % 2 == 0 ? Health.DEAD : Health.UNKNOWN));
            return;
        }
        switch (fate) {
            case WELL -> {
                held.put(number, Condition.RUNNING);
                statuses.add(status(number, Condition.RUNNING, Health.ALIVE));
            }
            case UNCHECKED -> {
                held.put(number, Condition.RUNNING);
                statuses.add(status(number, Condition.RUNNING, Health.UNKNOWN));
            }
            case HANGS -> {
                if (held.put(number, Condition.STAGING) == null) {
                    statuses.add(status(number, Condition.STAGING, Health.UNKNOWN));
                }
            }
            case FAILS -> {
                held.remove(number);
                statuses.add(status(number, Condition.FAILED, Health.UNKNOWN));
            }
        }
    }

    /** One of its instances ends by itself. */
    void end(long number, Condition how) {
        if (held.remove(number) != null) {
            report(List.of(status(number, how, Health.UNKNOWN)));
        }
    }

    /** It says everything it knows about what it holds once more. */
    void repeat(Health health) {
        List<InstanceStatus> statuses = new ArrayList<>();
        Readiness answer = new Readiness(health == Health.ALIVE, 200, "", "");
        held.forEach((number, condition) -> statuses.add(status(number, condition, health)
                .with(List.of(), Optional.of(answer))
                .with(Optional.of(new CheckResult(CheckResult.Kind.HTTP, 200)))));
        report(statuses);
    }

    /** One of its instances has failed its checks too often. */
    void exhaust(long number) {
        if (held.containsKey(number)) {
            report(List.of(new InstanceStatus(number, held.get(number), -1, "", "", Health.DEAD, 4,
                    true)));
        }
    }

    /** Puts a batch into the spool. */
    void report(List<InstanceStatus> statuses) {
        if (!statuses.isEmpty()) {
            spool.add(new Command.ReportStatuses(spec.id(), spec.incarnation(), ++seq, statuses));
        }
    }

    /** What has not been acknowledged, oldest first. */
    List<Command.ReportStatuses> spool() {
        return List.copyOf(spool);
    }

    void acknowledge(Command.ReportStatuses report) {
        spool.remove(report);
    }

    /** A plain status. */
    public static InstanceStatus status(long number, Condition condition, Health health) {
        return new InstanceStatus(number, condition, condition.terminal() ? 1 : -1,
                condition.terminal() ? "ended" : "", "", health, 0, false);
    }
}
