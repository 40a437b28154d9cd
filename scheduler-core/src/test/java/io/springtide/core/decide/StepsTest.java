package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Answer;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppSpec;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Deployment;
import io.springtide.core.model.DeploymentAction;
import io.springtide.core.model.GroupSpec;
import io.springtide.core.model.Health;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import io.springtide.core.state.ClusterState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Deployments of several apps, step after step, and what becomes of them when others come between. */
class StepsTest {

    private final Cluster cluster = new Cluster();

    @BeforeEach
    void agents() {
        cluster.joinMany(12);
    }

    private static Command.SubmitApps all(Specs.App... apps) {
        return new Command.SubmitApps(changes(apps), false);
    }

    private static List<Command.AppChange> changes(Specs.App... apps) {
        return Arrays.stream(apps)
                .map(app -> new Command.AppChange(app.spec(), Command.AppChange.ANY)).toList();
    }

    private static Command.SubmitApps group(Command.GroupChange.Kind kind, String path,
            List<String> after, Specs.App... apps) {
        return new Command.SubmitApps(changes(apps), List.of(), List.of(new Command.GroupChange(
                new GroupSpec(path, after, Optional.empty()), kind)), false);
    }

    private void running(Specs.App... apps) {
        cluster.accept(all(apps));
        cluster.quiesce();
        assertThat(cluster.state().deployments()).isEmpty();
    }

    private void fate(SimAgent.Fate fate) {
        cluster.agents().forEach(agent -> agent.fate(fate));
    }

    private Deployment deployment(long number) {
        return cluster.state().deployment(number).orElseThrow();
    }

    private List<List<String>> steps(long number) {
        return deployment(number).steps().stream()
                .map(step -> step.stream().map(action -> action.app().path()).toList()).toList();
    }

    private static Answer.Refused refused(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Refused.class);
        return (Answer.Refused) answer;
    }

    private String definition(String path) {
        return cluster.app(path).current().spec().definition();
    }

    @Test
    void appsComeAfterWhatTheyDependOn() {
        fate(SimAgent.Fate.HANGS);
        cluster.accept(all(Specs.app("/web", 1).after("/api"), Specs.app("/api", 1).after("/db"),
                Specs.app("/db", 1), Specs.app("/other", 1)));
        assertThat(steps(1)).containsExactly(List.of("/db", "/other"), List.of("/api"),
                List.of("/web"));
        cluster.live(2);
        assertThat(cluster.active("/db")).hasSize(1);
        assertThat(cluster.active("/api")).isEmpty();
        assertThat(cluster.app("/api").awaiting()).isTrue();
        fate(SimAgent.Fate.WELL);
        cluster.live(2);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(cluster.instances("/web", one -> true).getFirst().number())
                .isGreaterThan(cluster.active("/api").getFirst());
        assertThat(cluster.since(0, Event.DeploymentAdvanced.class))
                .extracting(Event.DeploymentAdvanced::step).containsExactly(1, 2);
    }

    @Test
    void anAppComesAfterAllOfAGroup() {
        cluster.accept(all(Specs.app("/web", 1).after("/back"), Specs.app("/back/in/db", 1),
                Specs.app("/back/api", 1).after("/back/in/db")));
        assertThat(steps(1)).containsExactly(List.of("/back/in/db"), List.of("/back/api"),
                List.of("/web"));
    }

    @Test
    void allOfAGroupComeAfterAGroup() {
        cluster.accept(group(Command.GroupChange.Kind.SET, "/front", List.of("/back"),
                Specs.app("/front/a", 1), Specs.app("/front/in/b", 1), Specs.app("/back/db", 1)));
        assertThat(steps(1)).containsExactly(List.of("/back/db"),
                List.of("/front/a", "/front/in/b"));
        cluster.quiesce();
        cluster.accept(all(Specs.app("/front/in/b", 1).definition("v2"),
                Specs.app("/back/db", 1).definition("v2")));
        assertThat(steps(2)).as("what was said of the group holds on")
                .containsExactly(List.of("/back/db"), List.of("/front/in/b"));
    }

    @Test
    void whatIsInBetweenCountsEvenIfItDoesNotChange() {
        running(Specs.app("/web", 1).after("/api"), Specs.app("/api", 1).after("/db"),
                Specs.app("/db", 1));
        cluster.accept(all(Specs.app("/web", 1).after("/api").definition("v2"),
                Specs.app("/db", 1).definition("v2")));
        assertThat(steps(2)).containsExactly(List.of("/db"), List.of("/web"));
    }

    @Test
    void circlesAreRefused() {
        Answer.Refused refused = refused(cluster.run(all(Specs.app("/a", 1).after("/b"),
                Specs.app("/b", 1).after("/c"), Specs.app("/c", 1).after("/a"))));
        assertThat(refused.code()).isEqualTo(Answer.Code.INVALID);
        assertThat(refused.detail()).contains("cyclic");
        assertThat(refused(cluster.run(all(Specs.app("/g/a", 1).after("/g")))).detail())
                .contains("cyclic");
        running(Specs.app("/x/a", 1).after("/y/b"), Specs.app("/y/b", 1));
        assertThat(refused(cluster.run(group(Command.GroupChange.Kind.SET, "/y", List.of("/x"))))
                .detail()).as("through apps that do not change").contains("cyclic");
        assertThat(refused(cluster.run(all(Specs.app("/y/b", 1).after("/x/a")))).detail())
                .contains("cyclic");
        assertThat(cluster.state().apps()).hasSize(2);
    }

    @Test
    void whatGoesGoesFirst() {
        running(Specs.app("/old", 2));
        cluster.accept(new Command.SubmitApps(changes(Specs.app("/new", 1)),
                List.of(new AppId("/old"), new AppId("/unknown")), List.of(), false));
        assertThat(steps(2)).containsExactly(List.of("/old"), List.of("/new"));
        assertThat(deployment(2).actions()).extracting(DeploymentAction::kind)
                .containsExactly(DeploymentAction.Kind.STOP, DeploymentAction.Kind.START);
        assertThat(cluster.active("/new")).isEmpty();
        cluster.quiesce();
        assertThat(cluster.state().apps().keySet()).containsExactly(new AppId("/new"));
        assertThat(cluster.healthy("/new")).isEqualTo(1);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aPlannedVersionIsShownButNotYetRun() {
        running(Specs.app("/web", 2).after("/db"), Specs.app("/db", 1));
        fate(SimAgent.Fate.HANGS);
        cluster.accept(all(Specs.app("/web", 3).after("/db").definition("v2"),
                Specs.app("/db", 1).definition("v2")));
        assertThat(cluster.app("/web").latest().spec().definition()).isEqualTo("v2");
        assertThat(definition("/web")).isEqualTo("v1");
        fate(SimAgent.Fate.WELL);
        cluster.say(cluster.active("/web").getFirst(), Condition.FAILED, Health.UNKNOWN);
        cluster.passSeconds(3);
        assertThat(cluster.instances("/web", one -> one.active())).hasSize(2)
                .allMatch(one -> one.version().spec().definition().equals("v1"));
        cluster.live(3);
        assertThat(cluster.instances("/web", one -> true)).hasSize(3)
                .allMatch(one -> one.version().spec().definition().equals("v2"));
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void whoTakesOneAppLeavesTheOthersGoingOn() {
        running(Specs.app("/a", 1), Specs.app("/b", 1), Specs.app("/c", 1).after("/a"));
        fate(SimAgent.Fate.HANGS);
        cluster.accept(all(Specs.app("/a", 1).definition("v2"), Specs.app("/b", 1).definition("v2"),
                Specs.app("/c", 1).definition("v2").after("/a")));
        cluster.accept(Specs.app("/a", 1).definition("v3").force());
        assertThat(cluster.state().deployments()).extracting(Deployment::number)
                .containsExactly(2L, 3L);
        assertThat(cluster.app("/a").deployment()).isEqualTo(3);
        assertThat(cluster.app("/b").deployment()).isEqualTo(2);
        cluster.accept(Specs.app("/b", 1).definition("v3").force());
        assertThat(cluster.app("/c").latest().spec().definition())
                .as("its step begins now that nothing is before it").isEqualTo("v2");
        assertThat(definition("/c")).isEqualTo("v2");
        cluster.accept(Specs.app("/c", 1).definition("v3").after("/a").force());
        assertThat(cluster.state().deployment(2)).as("it has no app left").isEmpty();
        fate(SimAgent.Fate.WELL);
        cluster.live(3);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(List.of(definition("/a"), definition("/b"), definition("/c")))
                .containsOnly("v3");
    }

    @Test
    void aDeploymentWhoseLaterStepsWereTakenIsOver() {
        running(Specs.app("/old", 1), Specs.app("/new", 1));
        fate(SimAgent.Fate.HANGS);
        cluster.accept(new Command.SubmitApps(changes(Specs.app("/new", 1).definition("v2")),
                List.of(new AppId("/old")), List.of(), false));
        cluster.accept(Specs.app("/new", 1).definition("v3").force());
        fate(SimAgent.Fate.WELL);
        cluster.live(3);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(definition("/new")).isEqualTo("v3");
    }

    @Test
    void fewerAndNoneAtAllGoPastALock() {
        running(Specs.app("/web", 4));
        fate(SimAgent.Fate.HANGS);
        cluster.accept(Specs.app("/web", 4).definition("v2").submit());
        assertThat(refused(cluster.run(Specs.app("/web", 5).definition("v2").submit())).code())
                .isEqualTo(Answer.Code.LOCKED);
        assertThat(refused(cluster.run(Specs.app("/web", 2).definition("v3").submit())).code())
                .isEqualTo(Answer.Code.LOCKED);
        cluster.accept(Specs.app("/web", 2).definition("v2").submit());
        assertThat(cluster.app("/web").wanted()).isEqualTo(2);
        cluster.accept(new Command.DeleteApp(new AppId("/web")));
        fate(SimAgent.Fate.WELL);
        cluster.live(2);
        assertThat(cluster.state().apps()).isEmpty();
    }

    /** One goes, one changes, one is still to start. */
    private void inTheMiddle() {
        running(Specs.app("/old", 1), Specs.app("/db", 2));
        cluster.accept(new Command.SubmitApps(
                changes(Specs.app("/db", 2).definition("v2"), Specs.app("/web", 1).after("/db")),
                List.of(new AppId("/old")), List.of(), false));
        fate(SimAgent.Fate.HANGS);
        cluster.live(2);
        assertThat(deployment(2).step()).isEqualTo(1);
        assertThat(cluster.state().app(new AppId("/old"))).isEmpty();
        assertThat(definition("/db")).isEqualTo("v2");
        assertThat(cluster.app("/web").awaiting()).isTrue();
    }

    @Test
    void rollbackInTheMiddleBringsBackWhatIsGone() {
        inTheMiddle();
        cluster.accept(new Command.CancelDeployment(2, true));
        fate(SimAgent.Fate.WELL);
        cluster.live(3);
        assertThat(cluster.state().apps().keySet()).containsExactly(new AppId("/db"),
                new AppId("/old"));
        assertThat(definition("/db")).isEqualTo("v1");
        assertThat(cluster.healthy("/old")).isEqualTo(1);
        assertThat(cluster.healthy("/db")).isEqualTo(2);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aStopInTheMiddleBeginsNothingMore() {
        inTheMiddle();
        cluster.accept(new Command.CancelDeployment(2, false));
        fate(SimAgent.Fate.WELL);
        cluster.live(3);
        assertThat(cluster.state().apps().keySet()).containsExactly(new AppId("/db"));
        assertThat(definition("/db")).isEqualTo("v2");
        assertThat(cluster.active("/db")).as("what serves is kept").containsExactly(1L, 2L);
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void aPausedDeploymentBeginsNoStep() {
        fate(SimAgent.Fate.HANGS);
        cluster.accept(all(Specs.app("/db", 1), Specs.app("/web", 1).after("/db")));
        cluster.accept(new Command.PauseDeployment(1, true));
        fate(SimAgent.Fate.WELL);
        cluster.live(3);
        assertThat(cluster.healthy("/db")).isEqualTo(1);
        assertThat(deployment(1).step()).isZero();
        cluster.accept(new Command.PauseDeployment(1, false));
        cluster.live(2);
        assertThat(cluster.healthy("/web")).isEqualTo(1);
    }

    @Test
    void whatWasStoppedHalfwayStaysSoUntilItsStep() {
        running(Specs.app("/web", 4).upgrade(0.75, 0), Specs.app("/db", 1));
        fate(SimAgent.Fate.HANGS);
        cluster.accept(Specs.app("/web", 4).upgrade(0.75, 0).definition("v2").submit());
        cluster.live(2);
        cluster.accept(new Command.CancelDeployment(2, false));
        List<Long> before = cluster.active("/web");
        assertThat(before).hasSize(4);
        cluster.accept(all(Specs.app("/web", 4).definition("v3").after("/db"),
                Specs.app("/db", 1).definition("v2")));
        before.stream().filter(number -> number > 5)
                .forEach(number -> cluster.say(number, Condition.RUNNING, Health.ALIVE));
        cluster.live(2);
        assertThat(cluster.active("/web")).isEqualTo(before);
        fate(SimAgent.Fate.WELL);
        cluster.live(3);
        assertThat(cluster.active("/web")).hasSize(4);
        assertThat(definition("/web")).isEqualTo("v3");
        assertThat(cluster.state().deployments()).isEmpty();
    }

    @Test
    void progressTellsTheStepsApart() {
        inTheMiddle();
        DeploymentProgress progress = DeploymentProgress.of(cluster.state(), deployment(2),
                cluster.nowMs());
        assertThat(progress.actions()).extracting(DeploymentProgress.Action::state)
                .containsExactly(DeploymentProgress.State.DONE, DeploymentProgress.State.RUNNING,
                        DeploymentProgress.State.PENDING);
        assertThat(progress.actions()).extracting(DeploymentProgress.Action::why)
                .containsExactly(DeploymentProgress.Why.NONE, DeploymentProgress.Why.STARTING,
                        DeploymentProgress.Why.EARLIER_STEP);
        assertThat(progress.actions().get(1).fresh()).isEqualTo(2);
        assertThat(progress.actions().get(1).old()).isEqualTo(2);
    }

    @Test
    void groupsAreMadeByAppsAndStay() {
        running(Specs.app("/shop/front/web", 1));
        assertThat(cluster.state().groups().all().keySet()).containsExactly("/shop",
                "/shop/front");
        cluster.accept(new Command.DeleteApp(new AppId("/shop/front/web")));
        cluster.quiesce();
        assertThat(cluster.state().groupExists("/shop/front")).isTrue();
        assertThat(refused(cluster.run(group(Command.GroupChange.Kind.CREATE, "/shop", List.of())))
                .code()).isEqualTo(Answer.Code.EXISTS);
        cluster.accept(group(Command.GroupChange.Kind.REMOVE, "/shop", List.of()));
        assertThat(cluster.state().groups().all()).isEmpty();
        assertThat(cluster.state().groupExists("/shop")).isFalse();
    }

    @Test
    void anAppAndAGroupNeverHaveTheSameName() {
        running(Specs.app("/shop/web", 1));
        assertThat(refused(cluster.run(Specs.app("/shop", 1).submit())).code())
                .isEqualTo(Answer.Code.INVALID);
        assertThat(refused(cluster.run(Specs.app("/shop/web/in", 1).submit())).code())
                .isEqualTo(Answer.Code.INVALID);
        assertThat(refused(cluster.run(group(Command.GroupChange.Kind.SET, "/shop/web",
                List.of()))).code()).isEqualTo(Answer.Code.INVALID);
        assertThat(refused(cluster.run(group(Command.GroupChange.Kind.CREATE, "/shop/web",
                List.of()))).code()).isEqualTo(Answer.Code.EXISTS);
    }

    @Test
    void aRestoredCoreGoesOnInTheMiddleOfEverything() {
        inTheMiddle();
        cluster.accept(new Command.PauseDeployment(2, true));
        cluster.restoreShadow();
        cluster.accept(new Command.PauseDeployment(2, false));
        fate(SimAgent.Fate.WELL);
        cluster.live(2);
        cluster.accept(all(Specs.app("/db", 1).definition("v3"),
                Specs.app("/web", 2).after("/db").definition("v3")));
        cluster.live(5);
        assertThat(cluster.state().deployments()).isEmpty();
        assertThat(definition("/web")).isEqualTo("v3");
    }

    /** What a plan looks at must not grow with the cluster. */
    @ParameterizedTest
    @ValueSource(ints = {100, 10_000})
    void aPlanLooksOnlyAtWhatTheChangeDependsOn(int apps) {
        SchedulerCore large = new SchedulerCore(new ClusterState(), CoreSettings.DEFAULT);
        large.decide(all(Specs.app("/base/db", 0).servicePorts(),
                Specs.app("/base/api", 0).servicePorts().after("/base/db"),
                Specs.app("/web", 0).servicePorts().after("/base")), 1_000).events()
                .forEach(large::apply);
        large.decide(all(IntStream.range(0, apps - 3)
                .mapToObj(i -> Specs.app("/many/app" + i, 0).servicePorts().after("/base/db"))
                .toArray(Specs.App[]::new)), 2_000).events().forEach(large::apply);
        assertThat(large.state().apps()).hasSize(apps);
        AppSpec web = Specs.app("/web", 0).servicePorts().after("/base").definition("v2").spec();
        DependencyOrder order = new DependencyOrder(
                new WantedApps(large.state(), List.of(web), List.of(), List.of()));
        assertThat(order.depth(web.id())).hasValue(2);
        assertThat(order.visited()).isEqualTo(4);
    }
}
