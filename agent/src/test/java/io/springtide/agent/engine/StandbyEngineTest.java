package io.springtide.agent.engine;

import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.Holding;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.LaunchGroup;
import io.springtide.api.agent.Look;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.springtide.agent.engine.EngineRig.ack;
import static io.springtide.agent.engine.EngineRig.batches;
import static io.springtide.agent.engine.EngineRig.ended;
import static io.springtide.agent.engine.EngineRig.kill;
import static io.springtide.agent.engine.EngineRig.launch;
import static io.springtide.agent.engine.EngineRig.ordered;
import static io.springtide.agent.engine.EngineRig.standby;
import static io.springtide.agent.engine.EngineRig.statuses;
import static io.springtide.agent.engine.EngineRig.thaw;
import static org.assertj.core.api.Assertions.assertThat;

class StandbyEngineTest {

    private static final TaskSpec SPEC = EngineRig.SPEC;
    private static final TaskSpec CHECKED = SPEC.toBuilder().setDigest("checked")
            .setReadinessCheck(ReadinessCheck.newBuilder().setPath("/"))
            .addHealthChecks(HealthCheck.newBuilder().setPath("/")).build();
    private static final Input READY = new Input.ReadinessSeen(1,
            ReadinessReport.newBuilder().setReady(true).build());
    private static final Input UNREADY = new Input.ReadinessSeen(1,
            ReadinessReport.getDefaultInstance());
    private static final Input ALIVE = new Input.HealthSeen(1,
            HealthReport.newBuilder().setAlive(true).build(), Map.of());
    private static final Input RUNS = new Input.TaskRunning(1, "10.0.0.1");
    private static final Input PAUSED = new Input.TaskPaused(1);
    private static final Input RESUMED = new Input.TaskResumed(1);

    private final EngineRig rig = new EngineRig();

    @BeforeEach
    void connect() {
        rig.on(new Input.Started());
        rig.connect(5);
    }

    private static List<Condition> conditions(List<Effect> effects) {
        return statuses(effects).stream().map(InstanceStatus::getCondition).toList();
    }

    private static Effect.Watch watch(boolean ready, boolean alive, boolean thawed) {
        return new Effect.Watch(1, CHECKED, List.of(), "10.0.0.1", ready, alive, thawed);
    }

    private void freeze(TaskSpec spec) {
        rig.on(standby(5, spec, 1L));
        rig.on(RUNS);
        if (spec.equals(CHECKED)) {
            rig.on(READY, ALIVE);
        }
        assertThat(conditions(rig.on(PAUSED))).containsExactly(Condition.PAUSED);
    }

    @Test
    void isFrozenAsSoonAsItRunsWhereNothingIsToBeChecked() {
        assertThat(conditions(rig.on(standby(5, SPEC, 1L)))).containsExactly(Condition.STAGING);
        assertThat(conditions(rig.on(new Input.TaskStarting(1))))
                .containsExactly(Condition.STARTING);
        List<Effect> effects = rig.on(RUNS);
        assertThat(effects).contains(new Effect.Pause(1, SPEC));
        assertThat(conditions(effects)).containsExactly(Condition.STARTING);
        assertThat(conditions(rig.on(PAUSED))).containsExactly(Condition.PAUSED);
        assertThat(rig.on(PAUSED)).as("no news").isEmpty();
    }

    @Test
    void isFrozenOnlyOnceEveryCheckIsContent() {
        rig.on(standby(5, CHECKED, 1L));
        assertThat(rig.on(RUNS)).contains(watch(false, false, false))
                .doesNotContain(new Effect.Pause(1, CHECKED));
        List<Effect> unready = rig.on(UNREADY);
        assertThat(conditions(unready)).containsExactly(Condition.STARTING);
        assertThat(statuses(unready).get(0).hasReadiness()).as("why it takes so long").isTrue();
        List<Effect> ready = rig.on(READY);
        assertThat(conditions(ready)).containsExactly(Condition.STARTING);
        assertThat(statuses(ready).get(0).hasReadiness())
                .as("nobody must take it for one that serves").isFalse();
        List<Effect> effects = rig.on(ALIVE);
        assertThat(effects).containsSubsequence(new Effect.Unwatch(1),
                new Effect.Pause(1, CHECKED));
        assertThat(conditions(effects)).containsExactly(Condition.STARTING);
        assertThat(rig.on(new Input.HealthSeen(1, HealthReport.getDefaultInstance(), Map.of())))
                .as("a check that was under way when it was frozen").isEmpty();
        assertThat(conditions(rig.on(PAUSED))).containsExactly(Condition.PAUSED);
    }

    @Test
    void thawedItRunsAtOnceAndIsReadyWhenItHasSaidSoAgain() {
        freeze(CHECKED);
        List<Effect> ordered = rig.on(thaw(5, 1L));
        assertThat(ordered).containsExactly(new Effect.Resume(1, CHECKED));
        List<Effect> resumed = rig.on(RESUMED);
        assertThat(conditions(resumed)).containsExactly(Condition.RUNNING);
        assertThat(statuses(resumed).get(0).hasReadiness()).isFalse();
        assertThat(statuses(resumed).get(0).hasHealth()).isFalse();
        assertThat(resumed).contains(watch(false, false, true));
        InstanceStatus ready = statuses(rig.on(READY)).get(0);
        assertThat(ready.getReadiness().getReady()).isTrue();
        assertThat(rig.on(RESUMED)).isEmpty();
        assertThat(rig.on(thaw(5, 1L))).as("again").isEmpty();
        assertThat(rig.on(PAUSED)).as("late").isEmpty();
    }

    @Test
    void aThawThatComesFirstMakesAnOrdinaryLaunchOfIt() {
        rig.on(standby(5, CHECKED, 1L), thaw(5, 1L));
        assertThat(conditions(rig.on(RUNS))).containsExactly(Condition.RUNNING);
        assertThat(rig.on(READY, ALIVE))
                .doesNotContain(new Effect.Pause(1, CHECKED));
    }

    @Test
    void aThawWhileItWarmsUpTellsThatItRuns() {
        rig.on(standby(5, CHECKED, 1L));
        rig.on(RUNS);
        rig.on(READY);
        List<Effect> effects = rig.on(thaw(5, 1L));
        assertThat(conditions(effects)).containsExactly(Condition.RUNNING);
        assertThat(statuses(effects).get(0).getReadiness().getReady())
                .as("it was never frozen").isTrue();
        assertThat(effects).hasSize(1);
    }

    @Test
    void aThawBeforeTheFreezeIsConfirmedOvertakesIt() {
        rig.on(standby(5, SPEC, 1L));
        rig.on(RUNS);
        assertThat(rig.on(thaw(5, 1L))).containsExactly(new Effect.Resume(1, SPEC));
        assertThat(rig.on(PAUSED)).isEmpty();
        assertThat(conditions(rig.on(RESUMED))).containsExactly(Condition.RUNNING);
    }

    @Test
    void thawsOnlyWhatIsAStandby() {
        rig.on(launch(5, 1L));
        rig.on(RUNS);
        assertThat(rig.on(thaw(5, 1L))).isEmpty();
        assertThat(conditions(rig.on(thaw(5, 42L)))).containsExactly(Condition.GONE);
    }

    @Test
    void aKillOfAFrozenOneWins() {
        freeze(SPEC);
        List<Effect> killed = rig.on(kill(5, 1, 700));
        assertThat(killed).contains(new Effect.Kill(1, SPEC, 700));
        assertThat(conditions(killed)).containsExactly(Condition.KILLING);
        assertThat(rig.on(thaw(5, 1L))).isEmpty();
        assertThat(rig.on(RESUMED)).as("so that it can end").isEmpty();
        assertThat(conditions(rig.on(ended(1, 143)))).containsExactly(Condition.KILLED);
    }

    @Test
    void oneThatDiesFrozenIsReportedAsAnyOther() {
        freeze(SPEC);
        assertThat(conditions(rig.on(ended(1, 137)))).containsExactly(Condition.FAILED);
        assertThat(conditions(rig.on(thaw(5, 1L)))).isEmpty();
    }

    @Test
    void aRestartedAgentFindsItFrozenAndAStandby() {
        freeze(CHECKED);
        rig.crash();
        assertThat(statuses(rig.connect(5))).extracting(InstanceStatus::getCondition)
                .doesNotContain(Condition.RUNNING);
        List<Effect> found = rig.on(RUNS);
        assertThat(found).contains(new Effect.Pause(1, CHECKED))
                .noneMatch(effect -> effect instanceof Effect.Watch);
        assertThat(conditions(rig.on(PAUSED))).containsExactly(Condition.PAUSED);
        assertThat(rig.on(thaw(5, 1L))).containsExactly(new Effect.Resume(1, CHECKED));
    }

    @Test
    void aThawOutlivesACrashBeforeItWasCarriedOut() {
        freeze(CHECKED);
        rig.on(thaw(5, 1L));
        rig.crash();
        rig.connect(5);
        List<Effect> found = rig.on(RUNS);
        assertThat(found).contains(new Effect.Resume(1, CHECKED));
        assertThat(conditions(found)).doesNotContain(Condition.RUNNING);
        List<Effect> resumed = rig.on(RESUMED);
        assertThat(conditions(resumed)).containsExactly(Condition.RUNNING);
        assertThat(resumed).contains(watch(false, false, true));
    }

    @Test
    void whatWasReadyAfterItsThawIsReadyAfterACrash() {
        freeze(CHECKED);
        rig.on(thaw(5, 1L));
        rig.on(RESUMED);
        rig.on(READY, ALIVE);
        rig.crash();
        rig.connect(5);
        rig.on(RUNS);
        List<Effect> resumed = rig.on(RESUMED);
        assertThat(resumed).contains(watch(true, true, true));
        assertThat(statuses(resumed).get(0).getReadiness().getReady()).isTrue();
    }

    @Test
    void aLookIsAnsweredWithPaused() {
        rig.on(standby(5, SPEC, 1L));
        rig.on(RUNS);
        StatusBatch last = batches(rig.on(PAUSED)).getLast();
        List<Effect> effects = rig.on(ack(5, last.getSeq()),
                new Input.Said(MasterMessage.newBuilder().setEpoch(5)
                        .setLook(Look.newBuilder().setNumber(1)).build()));
        assertThat(effects).filteredOn(effect -> effect instanceof Effect.Send).singleElement()
                .satisfies(effect -> {
                    AgentMessage message = ((Effect.Send) effect).message();
                    assertThat(message.getHoldings().getHeldList())
                            .containsExactly(Holding.newBuilder().setInstanceId(1)
                                    .setCondition(Condition.PAUSED).build());
                });
    }

    @Test
    void whatIsFoundAgainBecomesWhatTheMasterSays() {
        rig.on(ordered(5, adoption(1, true)));
        assertThat(rig.on(RUNS)).contains(new Effect.Pause(1, SPEC));
        rig.on(ordered(5, adoption(2, false)));
        List<Effect> found = rig.on(new Input.TaskRunning(2, ""));
        assertThat(found).contains(new Effect.Resume(2, SPEC));
        assertThat(conditions(found)).as("it may be frozen still")
                .containsExactly(Condition.STARTING);
        assertThat(conditions(rig.on(new Input.TaskResumed(2))))
                .containsExactly(Condition.RUNNING);
    }

    @Test
    void whatIsFoundAgainAndIsToServeIsLetGoOnByTheNextLifeToo() {
        rig.on(ordered(5, adoption(2, false)));
        rig.crash();
        rig.connect(5);
        List<Effect> found = rig.on(new Input.TaskRunning(2, ""));
        assertThat(found).contains(new Effect.Resume(2, SPEC));
        assertThat(conditions(found)).doesNotContain(Condition.RUNNING);
    }

    private static Orders.Builder adoption(long id, boolean standby) {
        return Orders.newBuilder().addSpecs(SPEC)
                .addAdoptions(LaunchGroup.newBuilder().setSpecDigest(SPEC.getDigest())
                        .addInstanceIds(id).setStandby(standby));
    }

    @Test
    void theContainersOfAPodDoNotServeEither() {
        TaskSpec pod = SPEC.toBuilder().setDigest("pod")
                .addContainers(PodContainer.newBuilder().setName("a").setSpec(SPEC)).build();
        Input seen = new Input.ContainersSeen(1, List.of(ContainerStatus.newBuilder()
                .setName("a").setCondition(Condition.RUNNING).build()));
        rig.on(standby(5, pod, 1L));
        assertThat(container(rig.on(seen))).isEqualTo(Condition.STARTING);
        assertThat(container(rig.on(RUNS))).isEqualTo(Condition.STARTING);
        assertThat(container(rig.on(PAUSED))).isEqualTo(Condition.PAUSED);
        rig.on(thaw(5, 1L));
        assertThat(container(rig.on(RESUMED))).isEqualTo(Condition.RUNNING);
    }

    private static Condition container(List<Effect> effects) {
        return statuses(effects).get(0).getContainers(0).getCondition();
    }

    @Test
    void oneThatCannotBeStartedSaysSo() {
        rig.on(standby(5, SPEC, 1L));
        assertThat(conditions(rig.on(new Input.TaskEnded(1, new Ending.NotStarted("no image")))))
                .containsExactly(Condition.ERROR);
    }
}
