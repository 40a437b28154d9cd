package io.springtide.core.decide;

import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.Standby;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Constraint;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Changes for which there is no place as long as all old instances stand. */
class StopFirstTest {

    private final Cluster cluster = new Cluster();

    @BeforeEach
    void agents() {
        cluster.joinMany(3);
    }

    private void running(Specs.App app) {
        cluster.accept(app.submit());
        cluster.quiesce();
        assertThat(cluster.healthy("/web")).isEqualTo(app.spec().instances());
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void endsOneFirstWhereEveryAgentsPortIsTaken() {
        Specs.App app = Specs.app("/web", 3).cpus(100).hostPorts(31_000).healthChecked();
        running(app);
        cluster.accept(app.definition("v2").submit());
        assertThat(cluster.app("/web").rollout().stopFirst()).as("seen at once").isTrue();
        assertThat(cluster.ending("/web")).hasSize(1);
        int rounds = 0;
        while (!cluster.state().deployments().isEmpty()) {
            assertThat(rounds++).isLessThan(100);
            for (SimAgent agent : cluster.agents()) {
                cluster.sync(agent, 1);
                assertThat(cluster.healthy("/web")).isGreaterThanOrEqualTo(2);
            }
        }
        assertThat(cluster.instances("/web", one -> true)).hasSize(3)
                .allMatch(one -> one.version().spec().definition().equals("v2"));
    }

    @Test
    void aStandbyThatHoldsThePortIsWaitedFor() {
        cluster.silence(cluster.agent("a2"));
        Specs.App app = Specs.app("/web", 1).cpus(100).hostPorts(31_000);
        running(app);
        cluster.accept(new Command.SetScaling(new AppId("/web"),
                new ScalingPolicy(1, 1, List.of()).withStandby(new Standby(1, 0))));
        cluster.quiesce();
        assertThat(cluster.app("/web").standbys()).isEqualTo(1);
        cluster.accept(app.definition("v2").submit());
        int rounds = 0;
        while (!cluster.state().deployments().isEmpty()) {
            assertThat(rounds++).isLessThan(100);
            for (SimAgent agent : cluster.agents()) {
                cluster.sync(agent, 1);
                assertThat(cluster.healthy("/web")).isGreaterThanOrEqualTo(1);
            }
        }
        assertThat(cluster.since(0, Event.RolloutMoved.class)).isEmpty();
    }

    @Test
    void doesNotWhereOnePortIsLeft() {
        Specs.App app = Specs.app("/web", 2).cpus(100).hostPorts(31_000);
        running(app);
        running(app.definition("v2"));
        assertThat(cluster.since(0, Event.RolloutMoved.class)).isEmpty();
    }

    @Test
    void doesNotWhereTheBoundsLetOneEndAnyway() {
        Specs.App app = Specs.app("/web", 3).cpus(100).hostPorts(31_000).upgrade(0.5, 0);
        running(app);
        running(app.definition("v2"));
        assertThat(cluster.since(0, Event.RolloutMoved.class)).isEmpty();
    }

    @Test
    void doesNotWhereNothingWouldComeOfIt() {
        Specs.App app = Specs.app("/web", 3).cpus(100).hostPorts(31_000);
        running(app);
        cluster.accept(app.definition("v2").hostPorts(40_000).submit());
        cluster.live(10);
        assertThat(cluster.healthy("/web")).isEqualTo(3);
        assertThat(cluster.active("/web")).containsExactly(1L, 2L, 3L);
    }

    @Test
    void resourcesAreNoReason() {
        Specs.App app = Specs.app("/web", 3).cpus(4_000);
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.live(10);
        assertThat(cluster.active("/web")).as("an agent may join").containsExactly(1L, 2L, 3L);
        cluster.join(Specs.agent("a9", "s0", "r0"));
        cluster.live(10);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    /** Source: Marathon: instances of an older configuration do not count for a constraint. */
    @Test
    void uniqueHostsAreNoReason() {
        Specs.App app = Specs.app("/web", 3).cpus(100)
                .constraints(new Constraint("hostname", Constraint.Operator.UNIQUE, ""));
        running(app);
        running(app.definition("v2"));
        assertThat(cluster.since(0, Event.RolloutMoved.class)).isEmpty();
    }

    @Test
    void uniqueHostsWithFixedPortsAre() {
        Specs.App app = Specs.app("/web", 3).cpus(100).hostPorts(31_000)
                .constraints(new Constraint("hostname", Constraint.Operator.UNIQUE, ""));
        running(app);
        running(app.definition("v2"));
        assertThat(cluster.since(0, Event.RolloutMoved.class)).hasSize(1);
    }
}
