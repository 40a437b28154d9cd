package io.springtide.bench.chaos;

import io.springtide.bench.chaos.TaskProcesses.Live;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Connections are cut, pass in one direction only, or are slow: to the store and to the masters. */
final class Cut implements Scenario {

    /** A fourth of the session. */
    private static final Duration SHORT = Duration.ofMillis(500);

    /** Longer than the session. */
    private static final Duration LONG = Duration.ofSeconds(5);

    /** An agent is unreachable after five seconds. */
    private static final Duration AGENT_SHORT = Duration.ofSeconds(2);

    private static final Duration DELAY = Duration.ofMillis(50);
    private static final Duration SLOW = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "cut";
    }

    @Override
    public List<Distribution> run(Trial trial, int rounds) {
        List<Double> oneWayMs = new ArrayList<>();
        List<Double> slowMs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            blip(trial);
            oneWayMs.add(oneWay(trial, FaultyProxy::holdAnswers, "hears nothing from the store"));
            oneWayMs.add(oneWay(trial, FaultyProxy::holdRequests, "is not heard by the store"));
            slow(trial, slowMs);
            agent(trial, FaultyProxy::cut, "cut off");
            agent(trial, FaultyProxy::holdRequests, "not heard");
            agent(trial, FaultyProxy::holdAnswers, "told nothing");
        }
        return List.of(new Distribution("leader cut off in one direction to the next accepted"
                + " change", oneWayMs),
                new Distribution("a change with " + DELAY.toMillis()
                        + " ms more on every way to the store", slowMs));
    }

    /** Shorter than the session: nobody else may lead. */
    private static void blip(Trial trial) {
        int leader = trial.awaitLeader();
        long epoch = epoch(trial, leader);
        Set<Live> before = trial.steady();
        List<FaultyProxy> ways = trial.cluster().toStore(leader);
        ways.forEach(FaultyProxy::cut);
        Pause.of(SHORT);
        ways.forEach(FaultyProxy::mend);
        double ms = trial.change(List.of(0, 1, 2), System.nanoTime());
        trial.settle();
        long after = epoch(trial, trial.awaitLeader());
        trial.check(after == epoch, "a cut of " + SHORT.toMillis() + " ms between leader and store,"
                + " shorter than the session, changed the leader: epoch " + epoch + ", now "
                + after);
        trial.checkSteady(before, "after a short cut between leader and store");
        trial.say(String.format("  leader cut off from the store for %d ms: epoch %d, then %d; a"
                + " change accepted %.0f ms later", SHORT.toMillis(), epoch, after, ms));
    }

    /** Longer than the session: another one must lead. */
    private static double oneWay(Trial trial, Consumer<FaultyProxy> fault, String what) {
        int leader = trial.awaitLeader();
        Set<Live> before = trial.steady();
        List<FaultyProxy> ways = trial.cluster().toStore(leader);
        long beganNs = System.nanoTime();
        ways.forEach(fault);
        double ms;
        try {
            ms = trial.change(Trial.others(leader), beganNs);
            double leftMs = LONG.toMillis() - Pause.msSince(beganNs);
            Pause.of(Duration.ofMillis(Math.max(0, (long) leftMs)));
        } finally {
            ways.forEach(FaultyProxy::mend);
        }
        trial.settle();
        trial.checkSteady(before, "after the leader " + what);
        trial.say(String.format("  leader %s: a change accepted elsewhere after %.0f ms", what,
                ms));
        return ms;
    }

    private static void slow(Trial trial, List<Double> slowMs) {
        int leader = trial.awaitLeader();
        long epoch = epoch(trial, leader);
        List<FaultyProxy> ways = trial.cluster().toStore(leader);
        ways.forEach(way -> way.delay(DELAY));
        try {
            long beganNs = System.nanoTime();
            while (Pause.msSince(beganNs) < SLOW.toMillis()) {
                slowMs.add(trial.change(List.of(leader), System.nanoTime()));
            }
        } finally {
            ways.forEach(FaultyProxy::mend);
        }
        trial.settle();
        long after = epoch(trial, trial.awaitLeader());
        trial.check(after == epoch, "a store that is " + DELAY.toMillis()
                + " ms slower changed the leader: epoch " + epoch + ", now " + after);
        trial.say("  store slower by " + DELAY.toMillis() + " ms each way: epoch " + epoch
                + ", then " + after);
    }

    /** Shorter than an agent may be silent: nothing is replaced. */
    private static void agent(Trial trial, Consumer<FaultyProxy> fault, String what) {
        Set<Live> before = trial.steady();
        List<FaultyProxy> ways = trial.cluster().toMasters(0);
        ways.forEach(fault);
        Pause.of(AGENT_SHORT);
        ways.forEach(FaultyProxy::mend);
        trial.settle();
        trial.checkSteady(before, "after an agent was " + what);
        trial.say("  an agent " + what + " for " + AGENT_SHORT.toSeconds()
                + " s: its tasks are what they were");
    }

    private static long epoch(Trial trial, int master) {
        return trial.api().status(master).map(one -> one.path("epoch").asLong())
                .orElseThrow(() -> new ChaosException("master-" + (master + 1)
                        + " does not tell its epoch"));
    }
}
