package io.springtide.core.decide;

import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Delivery;
import io.springtide.core.model.Health;
import io.springtide.core.model.InstanceStatus;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.Instance;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Deployments that end because time is up, or because too much of what is new has failed. */
class RollbackTest {

    private final Cluster cluster = new Cluster();

    @BeforeEach
    void agents() {
        cluster.joinMany(12);
    }

    private void running(Specs.App app) {
        cluster.accept(app.submit());
        cluster.quiesce();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    private void fate(SimAgent.Fate fate) {
        cluster.agents().forEach(agent -> agent.fate(fate));
    }

    private List<Long> of(String definition) {
        return cluster.instances("/web", one -> one.active()
                && one.version().spec().definition().equals(definition)).stream()
                .map(Instance::number).toList();
    }

    private List<Event.DeploymentEnded> failed() {
        return cluster.since(0, Event.DeploymentEnded.class).stream()
                .filter(ended -> ended.outcome() == Event.DeploymentEnded.Outcome.FAILED).toList();
    }

    private String definition(String path) {
        return cluster.app(path).current().spec().definition();
    }

    @Test
    void goesBackWhenTooManyNewOnesFail() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.5, 0.5).guard(3, 300_000);
        running(app);
        fate(SimAgent.Fate.FAILS);
        cluster.accept(app.definition("v2").submit());
        cluster.live(60);
        fate(SimAgent.Fate.WELL);
        cluster.live(30);
        assertThat(failed()).singleElement().satisfies(ended -> {
            assertThat(ended.number()).isEqualTo(2);
            assertThat(ended.reason()).isEqualTo("3 new instances of /web have failed or turned"
                    + " unhealthy within 300 s of the change.");
        });
        assertThat(of("v1")).hasSize(4);
        assertThat(cluster.healthy("/web")).isEqualTo(4);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void countsThoseThatTurnUnhealthyOnce() {
        Specs.App app = Specs.app("/web", 3).healthChecked().guard(2, 300_000);
        running(app);
        fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        long first = of("v2").getFirst();
        exhaust(first);
        exhaust(first);
        cluster.say(first, Condition.FAILED, Health.UNKNOWN);
        assertThat(cluster.app("/web").rollout().failures()).isEqualTo(1);
        assertThat(failed()).isEmpty();
        fate(SimAgent.Fate.WELL);
        exhaust(of("v2").getFirst());
        assertThat(failed()).hasSize(1);
        cluster.quiesce();
        assertThat(of("v1")).hasSize(3);
    }

    private void exhaust(long number) {
        cluster.say(new InstanceStatus(number, Condition.RUNNING, -1, "",
                "", Health.DEAD, 4, true));
    }

    @Test
    void goesBackEvenWhenTheDeploymentIsDone() {
        Specs.App app = Specs.app("/web", 3).guard(2, 300_000);
        running(app);
        running(app.definition("v2"));
        cluster.accept(app.definition("v2").instances(4).submit());
        cluster.quiesce();
        List<Long> two = of("v2").subList(0, 2);
        two.forEach(number -> cluster.say(number, Condition.FAILED, Health.UNKNOWN));
        cluster.quiesce();
        assertThat(definition("/web")).isEqualTo("v1");
        assertThat(of("v1")).as("a count set since then stays").hasSize(4);
        assertThat(failed()).as("the one that did it has succeeded").isEmpty();
    }

    @Test
    void doesNotGoBackAfterItsTime() {
        Specs.App app = Specs.app("/web", 3).guard(2, 30_000);
        running(app);
        running(app.definition("v2"));
        cluster.live(31);
        of("v2").subList(0, 2)
                .forEach(number -> cluster.say(number, Condition.FAILED, Health.UNKNOWN));
        cluster.live(5);
        assertThat(definition("/web")).isEqualTo("v2");
    }

    @Test
    void theWayBackIsNotGuarded() {
        Specs.App app = Specs.app("/web", 3).guard(1, 300_000);
        running(app);
        running(app.definition("v2"));
        cluster.say(of("v2").getFirst(), Condition.FAILED, Health.UNKNOWN);
        cluster.quiesce();
        assertThat(definition("/web")).isEqualTo("v1");
        int mark = cluster.journal().size();
        of("v1").forEach(number -> cluster.say(number, Condition.FAILED, Health.UNKNOWN));
        cluster.live(10);
        assertThat(definition("/web")).isEqualTo("v1");
        assertThat(cluster.since(mark, Event.DeploymentStarted.class)).isEmpty();
    }

    @Test
    void aFirstVersionHasNothingToGoBackTo() {
        fate(SimAgent.Fate.FAILS);
        cluster.accept(Specs.app("/web", 2).guard(2, 300_000).submit());
        cluster.live(5);
        assertThat(failed()).hasSize(1);
        assertThat(cluster.state().deployments()).isEmpty();
        fate(SimAgent.Fate.WELL);
        cluster.live(5);
        assertThat(cluster.healthy("/web")).as("it stays wanted").isEqualTo(2);
    }

    @Test
    void whatWasDeployedTogetherGoesBackTogether() {
        Specs.App web = Specs.app("/web", 2).guard(1, 300_000);
        Specs.App db = Specs.app("/db", 2);
        running(web);
        running(db);
        cluster.accept(new Command.SubmitApps(List.of(
                new Command.AppChange(web.definition("v2").spec(), Command.AppChange.ANY),
                new Command.AppChange(db.definition("v2").spec(), Command.AppChange.ANY),
                new Command.AppChange(Specs.app("/new", 1).spec(), Command.AppChange.ANY)),
                false));
        cluster.agents().forEach(agent -> cluster.sync(agent, 1));
        fate(SimAgent.Fate.HANGS);
        cluster.say(of("v2").getFirst(), Condition.FAILED, Health.UNKNOWN);
        fate(SimAgent.Fate.WELL);
        cluster.live(5);
        assertThat(definition("/web")).isEqualTo("v1");
        assertThat(definition("/db")).isEqualTo("v1");
        assertThat(cluster.healthy("/new")).as("nobody asked to lose it").isEqualTo(1);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void stopsWhereItIsWhenTimeIsUp() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.75, 0).healthChecked()
                .deadline(60_000, false);
        running(app);
        fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(app.definition("v2").submit());
        cluster.live(59);
        assertThat(failed()).isEmpty();
        cluster.live(2);
        assertThat(failed()).singleElement().satisfies(ended -> assertThat(ended.reason())
                .isEqualTo("It was not done within 60 s: 0 of 4 instances of /web are healthy."));
        assertThat(of("v1")).hasSize(3);
        assertThat(of("v2")).hasSize(1);
        fate(SimAgent.Fate.WELL);
        of("v2").forEach(number -> cluster.say(number, Condition.RUNNING, Health.ALIVE));
        cluster.live(10);
        assertThat(of("v1")).as("nothing goes on unasked").hasSize(3);
        cluster.say(of("v1").getFirst(), Condition.FAILED, Health.UNKNOWN);
        cluster.live(5);
        assertThat(of("v1")).hasSize(2);
        assertThat(of("v2")).as("what dies is made up for").hasSize(2);
        cluster.accept(app.definition("v2").instances(5).submit());
        cluster.live(10);
        assertThat(of("v1")).as("the next deployment takes it up again").isEmpty();
        assertThat(of("v2")).hasSize(5);
    }

    @Test
    void goesBackWhenTimeIsUpIfItIsToldTo() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.5, 0).healthChecked().deadline(60_000, true);
        running(app);
        fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(app.definition("v2").submit());
        cluster.live(59);
        fate(SimAgent.Fate.WELL);
        cluster.live(5);
        assertThat(failed()).hasSize(1);
        assertThat(of("v1")).hasSize(4);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void theWayBackHasADeadlineButIsNotUndone() {
        Specs.App app = Specs.app("/web", 4).upgrade(0.5, 0).healthChecked().deadline(60_000, true);
        running(app);
        fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(app.definition("v2").submit());
        cluster.live(200);
        assertThat(failed()).extracting(Event.DeploymentEnded::number).containsExactly(2L, 3L);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(definition("/web")).isEqualTo("v1");
    }

    @Test
    void aPauseStopsTheClockAndItStartsAnew() {
        Specs.App app = Specs.app("/web", 2).healthChecked().deadline(60_000, false);
        running(app);
        fate(SimAgent.Fate.UNCHECKED);
        cluster.accept(app.definition("v2").submit());
        cluster.live(30);
        cluster.accept(new Command.PauseDeployment(2, true));
        cluster.live(100);
        assertThat(failed()).isEmpty();
        cluster.accept(new Command.PauseDeployment(2, false));
        cluster.live(59);
        assertThat(failed()).isEmpty();
        cluster.live(2);
        assertThat(failed()).hasSize(1);
    }

    @Test
    void theShortestDeadlineCounts() {
        fate(SimAgent.Fate.HANGS);
        cluster.accept(new Command.SubmitApps(List.of(
                new Command.AppChange(Specs.app("/a", 1).deadline(90_000, false).spec(),
                        Command.AppChange.ANY),
                new Command.AppChange(Specs.app("/b", 1).deadline(20_000, false).spec(),
                        Command.AppChange.ANY),
                new Command.AppChange(Specs.app("/c", 1).after("/b").spec(),
                        Command.AppChange.ANY)),
                false));
        cluster.live(21);
        assertThat(failed()).hasSize(1);
        assertThat(cluster.state().apps()).as("what has not begun does not begin")
                .hasSize(2);
    }

    @Test
    void severalDeadlinesAtOnceAllCount() {
        fate(SimAgent.Fate.HANGS);
        for (String path : List.of("/a", "/b", "/c")) {
            cluster.accept(Specs.app(path, 1).deadline(10_000, true).submit());
        }
        cluster.live(14);
        assertThat(failed()).hasSize(3);
    }

    @Test
    void cancelledHalfwayItStaysHalfway() {
        Specs.App app = Specs.app("/web", 4).canary(new Delivery.Stage(1, 0,
                Delivery.Stage.BY_HAND));
        running(app);
        cluster.accept(app.definition("v2").submit());
        cluster.quiesce();
        cluster.accept(new Command.CancelDeployment(2, false));
        cluster.live(20);
        assertThat(of("v1")).hasSize(3);
        assertThat(of("v2")).hasSize(1);
    }
}
