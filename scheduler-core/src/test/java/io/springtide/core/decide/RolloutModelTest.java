package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Goal;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Upgrade;
import io.springtide.core.sim.RolloutWatch;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.AppState;
import io.springtide.core.state.ClusterState;
import io.springtide.core.state.Instance;
import io.springtide.core.state.StateSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: whatever happens in whatever order, a change of a small app never breaks its bounds by our own
 * doing, and from everywhere it comes to its end once nothing fails any more. Method: every state that the
 * real core can reach from the change on is visited, along every order in which instances start, become
 * healthy, fall ill, fail and end, with at most two troubles on a way, one for the largest. States are the
 * same if the instances stand alike in the same order; numbers and times do not matter here, for there is no
 * delay after failures and time stands still.
 */
class RolloutModelTest {

    private static final int LARGE = 5;
    private static final long NOW_MS = 1_000_000;
    private static final AppId APP = new AppId("/web");
    private static final int[] SHARES = {0, 500_000, 1_000_000};

    private long statesSeen;

    /** Something that may happen next. */
    private record Step(InstanceStatus status, boolean trouble) {}

    /** A state on the way. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Node(String key, byte[] snapshot, int troublesLeft) {}

    private static SchedulerCore restored(byte[] snapshot) {
        return new SchedulerCore(StateSnapshot.decode(snapshot), CoreSettings.DEFAULT);
    }

    private static void decide(SchedulerCore core, Command command) {
        core.decide(command, NOW_MS).events().forEach(event -> apply(core, event));
        for (int round = 0;; round++) {
            List<Event> events = core.decide(new Command.Settle(), NOW_MS).events();
            if (events.isEmpty()) {
                return;
            }
            assertThat(round).as("rounds of a settlement").isLessThan(50);
            events.forEach(event -> apply(core, event));
        }
    }

    private static void apply(SchedulerCore core, Event event) {
        core.state().app(APP)
                .ifPresent(app -> RolloutWatch.before(core.state(), app, event));
        core.apply(event);
    }

    private static void say(SchedulerCore core, InstanceStatus status) {
        ClusterState state = core.state();
        int row = state.instance(status.instance()).orElseThrow().agentRow();
        decide(core, new Command.ReportStatuses(state.agents().spec(row).id(), 1,
                state.agents().seq(row) + 1, List.of(status)));
    }

    private static InstanceStatus ill(long number) {
        return new InstanceStatus(number, Condition.RUNNING, -1, "", "", Health.DEAD, 3, true);
    }

    /** What may happen; what is good first, what ends before what begins. */
    private static List<Step> steps(AppState app, int troublesLeft) {
        List<Step> ends = new ArrayList<>();
        List<Step> starts = new ArrayList<>();
        List<Step> troubles = new ArrayList<>();
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            long number = one.number();
            if (one.goal() != Goal.RUNNING) {
                ends.add(new Step(SimAgent.status(number, Condition.KILLED, Health.UNKNOWN),
                        false));
                continue;
            }
            if (one.seen() != Condition.RUNNING) {
                starts.add(new Step(SimAgent.status(number, Condition.RUNNING, Health.UNKNOWN),
                        false));
            } else if (one.health() != Health.ALIVE) {
                starts.add(new Step(SimAgent.status(number, Condition.RUNNING, Health.ALIVE),
                        false));
            }
            if (one.seen() == Condition.RUNNING && !one.exhausted()) {
                troubles.add(new Step(ill(number), true));
            }
            troubles.add(new Step(SimAgent.status(number, Condition.FAILED, Health.UNKNOWN),
                    true));
        }
        ends.addAll(starts);
        if (troublesLeft > 0) {
            ends.addAll(troubles);
        }
        return ends;
    }

    private static Node node(SchedulerCore core, int troublesLeft) {
        StringBuilder key = new StringBuilder().append(troublesLeft);
        AppState app = core.state().app(APP).orElseThrow();
        key.append(core.state().deployments().size()).append(app.rollout().stopFirst())
                .append(app.rollout().stage()).append(app.missing());
        for (int i = 0; i < app.instances().size(); i++) {
            Instance one = app.instances().get(i);
            key.append(Course.fresh(app, one.version()) ? 'n' : 'o').append(one.agentRow())
                    .append(one.goal().name().charAt(0)).append(one.seen().name().charAt(0))
                    .append(one.health().name().charAt(0)).append(one.exhausted() ? '!' : ' ');
        }
        return new Node(key.toString(), StateSnapshot.encode(core.state()), troublesLeft);
    }

    /** Visits everything; a state's good way on leads to another state, and in the end to where it is done. */
    private void explore(Specs.App before, Specs.App after, int agents) {
        SchedulerCore core = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);
        for (int i = 0; i < agents; i++) {
            decide(core, new Command.RegisterAgent(Specs.agent("a" + i, "s", "r",
                    new Resources(100_000, 100_000, 0, 0),
                    List.of(new PortRange(31_000, 31_099))), List.of()));
        }
        decide(core, before.submit());
        AppState app = core.state().app(APP).orElseThrow();
        while (!steps(app, 0).isEmpty()) {
            say(core, steps(app, 0).getFirst().status);
        }
        decide(core, after.submit());
        Map<String, Optional<String>> goodWay = new TreeMap<>();
        ArrayDeque<Node> open = new ArrayDeque<>();
        int instances = before.spec().instances() + after.spec().instances();
        open.push(node(core, instances < LARGE ? 2 : 1));
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (!goodWay.containsKey(node.key)) {
                goodWay.put(node.key, Optional.empty());
                visit(node, goodWay, open);
            }
        }
        statesSeen += goodWay.size();
        ends(goodWay, before + " to " + after);
    }

    private static void visit(Node node, Map<String, Optional<String>> goodWay,
            ArrayDeque<Node> open) {
        SchedulerCore core = restored(node.snapshot);
        List<Step> steps = steps(core.state().app(APP).orElseThrow(), node.troublesLeft);
        for (int i = 0; i < steps.size(); i++) {
            SchedulerCore copy = i == steps.size() - 1 ? core : restored(node.snapshot);
            say(copy, steps.get(i).status);
            Node next = node(copy, node.troublesLeft - (steps.get(i).trouble ? 1 : 0));
            open.push(next);
            if (i == 0 && !steps.get(i).trouble) {
                goodWay.put(node.key, Optional.of(next.key));
            }
        }
        if (goodWay.getOrDefault(node.key, Optional.empty()).isEmpty()) {
            done(StateSnapshot.decode(node.snapshot), node.key);
        }
    }

    /** Nothing is left to happen that is good: then all must be as wanted. */
    private static void done(ClusterState state, String key) {
        AppState app = state.app(APP).orElseThrow();
        assertThat(state.deployments()).as("running at " + key).isEmpty();
        assertThat(app.instances().size()).as("instances at " + key).isEqualTo(app.wanted());
        for (int i = 0; i < app.instances().size(); i++) {
            assertThat(Course.fresh(app, app.instances().get(i).version())).isTrue();
        }
    }

    private static void ends(Map<String, Optional<String>> goodWay, String what) {
        Map<String, Boolean> known = new TreeMap<>();
        for (String start : goodWay.keySet()) {
            List<String> way = new ArrayList<>();
            Optional<String> at = Optional.of(start);
            while (at.isPresent() && !known.containsKey(at.get())) {
                way.add(at.get());
                assertThat(way.size()).as("steps from " + start + " of " + what)
                        .isLessThan(200);
                at = goodWay.getOrDefault(at.get(), Optional.empty());
            }
            way.forEach(key -> known.put(key, true));
        }
    }

    private static Specs.App app(int instances, Upgrade upgrade) {
        Specs.App app = Specs.app("/web", instances).healthChecked()
                .backoff(new Backoff(0, 1_000_000, 0)).cpus(100);
        return new Specs.App(app.spec().withUpgrade(upgrade));
    }

    private static List<Upgrade> bounds() {
        List<Upgrade> bounds = new ArrayList<>();
        for (int min : SHARES) {
            for (int max : SHARES) {
                bounds.add(new Upgrade(min, max));
            }
        }
        for (int min = 0; min <= 2; min++) {
            for (int max = 0; max <= 2; max++) {
                bounds.add(new Upgrade(1_000_000, 1_000_000, min, max));
            }
        }
        return bounds;
    }

    @Test
    void everyChangeOfASmallAppKeepsItsBoundsAndEnds() {
        for (Upgrade upgrade : bounds()) {
            for (int old = 1; old <= 3; old++) {
                for (int wanted = 0; wanted <= 3; wanted++) {
                    if (upgrade.healthMinCount() != Upgrade.BY_SHARE && old != 2) {
                        continue;
                    }
                    explore(app(old, upgrade), app(wanted, upgrade).definition("v2"), 1);
                }
            }
        }
        assertThat(statesSeen).as("a model of nothing proves nothing").isGreaterThan(10_000);
    }

    @Test
    void andSoDoesOneForWhichOneHasToStopFirst() {
        for (Upgrade upgrade : bounds()) {
            for (int both = 1; both <= 2; both++) {
                explore(app(both, upgrade).hostPorts(31_000),
                        app(both, upgrade).hostPorts(31_000).definition("v2"), both);
            }
        }
        assertThat(statesSeen).isGreaterThan(1_000);
    }

    @Test
    void andSoDoesACanaryThatNobodyHolds() {
        for (Upgrade upgrade : bounds()) {
            explore(app(2, upgrade), app(2, upgrade).definition("v2")
                    .canary(new Delivery.Stage(1, 0, 0)), 1);
        }
        assertThat(statesSeen).isGreaterThan(1_000);
    }

    @Test
    void andSoDoesAScale() {
        for (Upgrade upgrade : bounds()) {
            explore(app(3, upgrade), app(1, upgrade), 1);
            explore(app(1, upgrade), app(3, upgrade), 1);
        }
        assertThat(statesSeen).isGreaterThan(1_000);
    }
}
