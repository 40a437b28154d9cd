package io.springtide.core.sim;

import io.springtide.core.model.AgentSpec;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.model.PortRange;
import io.springtide.core.model.Resources;
import io.springtide.core.model.Upgrade;
import io.springtide.core.state.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: what {@code RolloutModelTest} shows of small apps holds for larger ones: whatever fails in whatever
 * order, no kill of ours takes an app below its minimum, it never has more instances than allowed, a canary
 * never more new ones than its stage lets in, and once nothing fails any more the change comes to its end.
 * Method: random counts, bounds, stages and troubles from a seed.
 */
class RolloutProperties {

    private static final int STEPS = 300;
    private static final int ROUNDS_MAX = 400;

    @Property(tries = 60, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void aChangeKeepsItsBoundsAndEnds(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cluster cluster = new Cluster();
        AgentSpec spec = Specs.agent("a", "s", "r", new Resources(1_000_000, 1_000_000, 0, 0),
                List.of(new PortRange(31_000, 31_999)));
        SimAgent agent = cluster.join(spec);
        Upgrade upgrade = random.nextBoolean()
                ? new Upgrade(random.nextInt(5) * 250_000, random.nextInt(5) * 250_000)
                : new Upgrade(0, 0, random.nextInt(12), random.nextInt(12));
        Specs.App app = new Specs.App(Specs.app("/web", random.nextInt(1, 25)).healthChecked()
                .cpus(100).backoff(new Backoff(0, 1_000_000, 0)).spec().withUpgrade(upgrade));
        cluster.accept(app.submit());
        cluster.quiesce();
        cluster.watch("/web");
        int stage = random.nextInt(6);
        Specs.App next = app.definition("v2").instances(random.nextInt(25));
        if (stage > 0) {
            next = next.canary(new Delivery.Stage(stage, 0, 0));
        }
        cluster.accept(next.submit());
        agent.fate(SimAgent.Fate.UNCHECKED);
        for (int i = 0; i < STEPS; i++) {
            step(cluster, agent, random);
        }
        ends(cluster, agent, next.spec().instances());
    }

    private static void step(Cluster cluster, SimAgent agent, SplittableRandom random) {
        List<Instance> active = cluster.instances("/web", Instance::active);
        int dice = random.nextInt(10);
        if (dice < 4 || active.isEmpty()) {
            cluster.sync(agent, 1);
            return;
        }
        Instance one = active.get(random.nextInt(active.size()));
        if (!agent.held().contains(one.number())) {
            cluster.sync(agent, 1);
        } else if (dice < 8) {
            cluster.say(one.number(), Condition.RUNNING, Health.ALIVE);
        } else if (dice == 8) {
            cluster.say(new InstanceStatus(one.number(), Condition.RUNNING, -1, "", "",
                    Health.DEAD, 3, true));
        } else {
            cluster.end(agent, one.number(), Condition.FAILED);
        }
    }

    private static void ends(Cluster cluster, SimAgent agent, int wanted) {
        agent.fate(SimAgent.Fate.WELL);
        for (int round = 0; round < ROUNDS_MAX; round++) {
            cluster.quiesce();
            List<Instance> sick = new ArrayList<>(cluster.instances("/web",
                    one -> one.active() && !cluster.state().healthy(one)));
            if (sick.isEmpty() && cluster.state().deployments().isEmpty()) {
                break;
            }
            sick.forEach(one -> cluster.state().instance(one.number())
                    .filter(Instance::active).ifPresent(still -> cluster.say(still.number(),
                            Condition.RUNNING, Health.ALIVE)));
            cluster.passMs(1_000);
        }
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.instances("/web", one -> true)).hasSize(wanted)
                .allMatch(one -> one.version().spec().definition().equals("v2"));
    }
}
