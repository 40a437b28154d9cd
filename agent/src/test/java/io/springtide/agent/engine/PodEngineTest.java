package io.springtide.agent.engine;

import io.springtide.agent.runtime.Ending;
import io.springtide.api.agent.CheckReport;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.ContainerStatus;
import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.PodContainer;
import io.springtide.api.agent.ReadinessCheck;
import io.springtide.api.agent.ReadinessReport;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.springtide.agent.engine.EngineRig.batches;
import static io.springtide.agent.engine.EngineRig.ended;
import static io.springtide.agent.engine.EngineRig.kill;
import static io.springtide.agent.engine.EngineRig.launch;
import static io.springtide.agent.engine.EngineRig.statuses;
import static org.assertj.core.api.Assertions.assertThat;

/** What the engine makes of containers, their health, and readiness. */
class PodEngineTest {

    private static final TaskSpec POD = EngineRig.SPEC.toBuilder().setDigest("pod")
            .addContainers(PodContainer.newBuilder().setName("a").setSpec(TaskSpec.newBuilder()
                    .setKillGraceMs(7000).addHealthChecks(HealthCheck.newBuilder())))
            .addContainers(PodContainer.newBuilder().setName("b")).build();
    private static final TaskSpec ASKED = EngineRig.SPEC.toBuilder().setDigest("asked")
            .setReadinessCheck(ReadinessCheck.newBuilder().setPath("/")).build();
    private static final ReadinessReport READY = ReadinessReport.newBuilder().setReady(true)
            .setHttpStatus(200).build();

    private final EngineRig rig = new EngineRig();

    @BeforeEach
    void connect() {
        rig.on(new Input.Started());
        rig.connect(5);
    }

    private static ContainerStatus container(String name, Condition condition) {
        return ContainerStatus.newBuilder().setName(name).setCondition(condition).build();
    }

    private static Input containers(Condition a, Condition b) {
        return new Input.ContainersSeen(1, List.of(container("a", a), container("b", b)));
    }

    private static InstanceStatus only(List<Effect> effects) {
        assertThat(statuses(effects)).hasSize(1);
        return statuses(effects).get(0);
    }

    private static List<Effect> watches(List<Effect> effects) {
        return effects.stream().filter(effect -> effect instanceof Effect.Watch).toList();
    }

    @Test
    void everyStatusOfAPodCarriesItsContainers() {
        rig.on(launch(5, POD, 1L));
        InstanceStatus early = only(rig.on(containers(Condition.STARTING, Condition.STAGING)));
        assertThat(early.getCondition()).isEqualTo(Condition.STAGING);
        assertThat(early.getContainersList()).containsExactly(
                container("a", Condition.STARTING), container("b", Condition.STAGING));
        List<Effect> effects = rig.on(containers(Condition.RUNNING, Condition.RUNNING),
                new Input.TaskRunning(1, "10.0.0.1"));
        assertThat(only(effects).getCondition()).isEqualTo(Condition.RUNNING);
        assertThat(only(effects).getContainersCount()).isEqualTo(2);
        assertThat(watches(effects)).containsExactly(
                new Effect.Watch(1, POD, List.of(), "10.0.0.1", false, false, false));
        InstanceStatus late = only(rig.on(containers(Condition.FINISHED, Condition.KILLED),
                ended(1, 0)));
        assertThat(late.getCondition()).isEqualTo(Condition.FINISHED);
        assertThat(late.getContainersList()).extracting(ContainerStatus::getCondition)
                .containsExactly(Condition.FINISHED, Condition.KILLED);
    }

    @Test
    void healthIsToldOfTheInstanceAndOfTheContainer() {
        rig.on(launch(5, POD, 1L));
        rig.on(containers(Condition.RUNNING, Condition.RUNNING), new Input.TaskRunning(1, ""));
        HealthReport bad = HealthReport.newBuilder().setConsecutiveFailures(2)
                .setLastFailure("x".repeat(5000)).build();
        InstanceStatus seen = only(rig.on(new Input.HealthSeen(1, bad, Map.of("a", bad))));
        assertThat(seen.getHealth().getConsecutiveFailures()).isEqualTo(2);
        assertThat(seen.getContainers(0).getHealth().getConsecutiveFailures()).isEqualTo(2);
        assertThat(seen.getContainers(1).hasHealth()).isFalse();
        assertThat(seen.getSerializedSize()).isLessThan(2000);
        // What is known is not taken back by news of something else.
        assertThat(only(rig.on(containers(Condition.RUNNING, Condition.RUNNING))).getHealth())
                .isEqualTo(seen.getHealth());
    }

    @Test
    void aPodsGraceIsThatOfItsLongestContainer() {
        rig.on(launch(5, POD, 1L, 2L));
        assertThat(rig.on(kill(5, 1, 0))).contains(new Effect.Kill(1, POD, 7000));
        assertThat(rig.on(kill(5, 2, 50))).contains(new Effect.Kill(2, POD, 50));
    }

    @Test
    void podsThatCannotBeAreRefused() {
        TaskSpec twice = POD.toBuilder().setDigest("twice")
                .addContainers(PodContainer.newBuilder().setName("a")).build();
        assertThat(only(rig.on(launch(5, twice, 1L)))).satisfies(status -> {
            assertThat(status.getCondition()).isEqualTo(Condition.ERROR);
            assertThat(status.getMessage()).contains("\"a\"");
        });
        assertThat(only(rig.on(launch(5, POD, 1L << 60))).getMessage())
                .contains("too large for a pod");
    }

    @Test
    void readinessIsAskedOnceAndRememberedOverACrash() {
        rig.on(launch(5, ASKED, 1L));
        assertThat(watches(rig.on(new Input.TaskRunning(1, "")))).containsExactly(
                new Effect.Watch(1, ASKED, List.of(), "", false, false, false));
        ReadinessReport not = ReadinessReport.newBuilder().setHttpStatus(503).build();
        assertThat(only(rig.on(new Input.ReadinessSeen(1, not))).getReadiness()).isEqualTo(not);
        rig.crash();
        rig.connect(5);
        assertThat(watches(rig.on(new Input.TaskRunning(1, "")))).as("asked again").hasSize(1);
        InstanceStatus ready = only(rig.on(new Input.ReadinessSeen(1, READY)));
        assertThat(ready.getCondition()).isEqualTo(Condition.RUNNING);
        assertThat(ready.getReadiness()).isEqualTo(READY);
        rig.crash();
        rig.connect(5);
        List<Effect> effects = rig.on(new Input.TaskRunning(1, ""));
        assertThat(watches(effects)).isEmpty();
        assertThat(only(effects).getReadiness().getReady()).isTrue();
    }

    @Test
    void aCheckIsAskedAlwaysAndChangesNothing() {
        TaskSpec checked = EngineRig.SPEC.toBuilder().setDigest("checked")
                .setCheck(HealthCheck.newBuilder().setCommand("x")).build();
        CheckReport bad = CheckReport.newBuilder().setExitCode(3).build();
        rig.on(launch(5, checked, 1L));
        assertThat(rig.on(new Input.CheckSeen(1, bad))).as("it does not run yet").isEmpty();
        assertThat(watches(rig.on(new Input.TaskRunning(1, "")))).hasSize(1);
        InstanceStatus seen = only(rig.on(new Input.CheckSeen(1, bad)));
        assertThat(seen.getCondition()).isEqualTo(Condition.RUNNING);
        assertThat(seen.getCheck()).isEqualTo(bad);
        assertThat(seen.hasHealth()).isFalse();
        rig.crash();
        rig.connect(5);
        List<Effect> effects = rig.on(new Input.TaskRunning(1, ""));
        assertThat(watches(effects)).as("asked again").hasSize(1);
        assertThat(only(effects).hasCheck()).as("nothing is known of it").isFalse();
        List<Effect> killed = rig.on(kill(5, 1, 100));
        assertThat(killed).contains(new Effect.Unwatch(1));
        assertThat(rig.on(new Input.CheckSeen(1, bad))).isEmpty();
    }

    @Test
    void theEndOfAnInstanceNamesWhatItWasOf() {
        rig.on(launch(5, EngineRig.SPEC, 1L));
        assertThat(only(rig.on(new Input.TaskRunning(1, ""))).getAppId()).isEmpty();
        assertThat(only(rig.on(ended(1, 1))).getAppId()).isEqualTo("/a");
    }

    @Test
    void healthIsRememberedOverACrashUntilThereAreNews() {
        rig.on(launch(5, POD, 1L));
        rig.on(containers(Condition.RUNNING, Condition.RUNNING), new Input.TaskRunning(1, ""));
        HealthReport alive = HealthReport.newBuilder().setAlive(true).build();
        rig.on(new Input.HealthSeen(1, alive, Map.of("a", alive)));
        rig.crash();
        rig.connect(5);
        List<Effect> effects = rig.on(containers(Condition.RUNNING, Condition.RUNNING),
                new Input.TaskRunning(1, ""));
        assertThat(watches(effects)).containsExactly(
                new Effect.Watch(1, POD, List.of(), "", false, true, false));
        assertThat(only(effects).getHealth()).isEqualTo(alive);
        assertThat(only(effects).getContainers(0).getHealth()).isEqualTo(alive);
        assertThat(only(effects).getContainers(1).hasHealth()).isFalse();
        rig.on(new Input.HealthSeen(1, HealthReport.getDefaultInstance(), Map.of()));
        rig.crash();
        rig.connect(5);
        assertThat(only(rig.on(new Input.TaskRunning(1, ""))).hasHealth()).isFalse();
    }

    @Test
    void whatEndsIsAskedNoMore() {
        rig.on(launch(5, ASKED, 1L));
        rig.on(new Input.TaskRunning(1, ""));
        assertThat(rig.on(new Input.TaskEnded(1, new Ending.Exited(0, ""))))
                .contains(new Effect.Unwatch(1));
        assertThat(rig.on(new Input.ReadinessSeen(1, READY))).isEmpty();
        assertThat(rig.on(containers(Condition.RUNNING, Condition.RUNNING))).isEmpty();
    }

    @Test
    void batchesOfLargeStatusesStaySmall() {
        TaskSpec.Builder large = POD.toBuilder().clearContainers();
        List<ContainerStatus> parts = new java.util.ArrayList<>();
        for (int i = 0; i < 60; i++) {
            large.addContainers(PodContainer.newBuilder().setName("c" + i));
            parts.add(container("c" + i, Condition.FAILED).toBuilder()
                    .setMessage("y".repeat(5000)).build());
        }
        Long[] ids = LongStream.rangeClosed(1, 400).boxed().toArray(Long[]::new);
        rig.on(launch(5, large.build(), ids));
        Input[] news = LongStream.rangeClosed(1, 400)
                .mapToObj(id -> new Input.ContainersSeen(id, parts)).toArray(Input[]::new);
        List<StatusBatch> sent = batches(rig.on(news));
        assertThat(sent).hasSizeGreaterThan(1).allSatisfy(
                batch -> assertThat(batch.getSerializedSize()).isLessThan(3 << 20));
        assertThat(sent.stream().mapToInt(StatusBatch::getStatusesCount).sum()).isEqualTo(400);
    }
}
