package io.springtide.agent.engine;

import io.springtide.api.agent.AgentMessage;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.Orders;
import io.springtide.api.agent.Prefetch;
import io.springtide.api.agent.PrefetchState;
import io.springtide.api.agent.PrefetchState.Stage;
import io.springtide.api.agent.Prefetches;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.springtide.agent.engine.EngineRig.kill;
import static io.springtide.agent.engine.EngineRig.launch;
import static io.springtide.agent.engine.EngineRig.ordered;
import static io.springtide.agent.engine.EngineRig.statuses;
import static org.assertj.core.api.Assertions.assertThat;

/** What an agent does not do at once. */
class StartsAndPrefetchesTest {

    private final EngineRig rig = new EngineRig(new StartLimits(10, 2, 100));

    @BeforeEach
    void connect() {
        rig.on(new Input.Started());
        rig.connect(5);
    }

    private static List<Long> launched(List<Effect> effects) {
        return effects.stream().filter(effect -> effect instanceof Effect.Launch)
                .map(effect -> ((Effect.Launch) effect).instanceId()).toList();
    }

    @Test
    void launchesBeyondTheLimitStayStagingInOrder() {
        List<Effect> effects = rig.on(launch(5, 1L, 2L, 3L, 4L));
        assertThat(launched(effects)).containsExactly(1L, 2L);
        assertThat(statuses(effects)).hasSize(4).extracting(InstanceStatus::getCondition)
                .containsOnly(Condition.STAGING);
        assertThat(rig.engine().startsWaiting()).isEqualTo(2);
        rig.pass(100);
        assertThat(launched(rig.on(new Input.Tick()))).containsExactly(3L);
        assertThat(rig.on(launch(5, 4L))).as("repeated").isEmpty();
    }

    @Test
    void whatWaitsIsStartedAfterACrashAndNotLookedFor() {
        rig.on(launch(5, 1L, 2L, 3L, 4L));
        rig.on(kill(5, 4, 10));
        List<Effect> effects = rig.crash();
        assertThat(effects).contains(new Effect.Adopt(1, EngineRig.SPEC, List.of()));
        assertThat(effects).doesNotContain(new Effect.Adopt(3, EngineRig.SPEC, List.of()));
        assertThat(launched(effects)).containsExactly(3L);
        assertThat(rig.crash()).as("begun, so it may run").contains(
                new Effect.Adopt(3, EngineRig.SPEC, List.of()));
    }

    @Test
    void aKillOfWhatWaitsEndsItAtOnce() {
        rig.on(launch(5, 1L, 2L, 3L));
        List<Effect> effects = rig.on(kill(5, 3, 100));
        assertThat(statuses(effects)).extracting(InstanceStatus::getCondition)
                .containsExactly(Condition.KILLED);
        assertThat(effects).noneMatch(effect -> effect instanceof Effect.Kill);
        rig.pass(1_000);
        assertThat(launched(rig.on(new Input.Tick()))).isEmpty();
    }

    // ------------------------------------------------------------ prefetches

    private static Prefetch item(String id) {
        return Prefetch.newBuilder().setId(id).setImage("image-" + id).build();
    }

    private static Input list(Prefetch... items) {
        return ordered(5, Orders.newBuilder()
                .setPrefetch(Prefetches.newBuilder().addAllItems(List.of(items))));
    }

    private static Input seen(String id, Stage stage, long done) {
        return new Input.PrefetchSeen(PrefetchState.newBuilder().setId(id).setStage(stage)
                .setBytesDone(done).setBytesTotal(100).build());
    }

    private static List<PrefetchState> told(List<Effect> effects) {
        return effects.stream().filter(effect -> effect instanceof Effect.Send)
                .map(effect -> ((Effect.Send) effect).message())
                .filter(AgentMessage::hasPrefetched)
                .flatMap(message -> message.getPrefetched().getStatesList().stream()).toList();
    }

    @Test
    void theNewestListCounts() {
        List<Effect> first = rig.on(list(item("a"), item("b")));
        assertThat(first).contains(new Effect.Prefetch(List.of(item("a"), item("b"))));
        assertThat(told(first)).extracting(PrefetchState::getStage)
                .containsExactly(Stage.WAITING, Stage.WAITING);
        rig.on(seen("a", Stage.DONE, 100));
        List<Effect> second = rig.on(list(item("a"), item("c")));
        assertThat(second).contains(new Effect.Prefetch(List.of(item("a"), item("c"))));
        assertThat(told(second)).extracting(PrefetchState::getId).containsExactly("a", "c");
        assertThat(told(second)).extracting(PrefetchState::getStage)
                .containsExactly(Stage.DONE, Stage.WAITING);
        assertThat(rig.on(seen("b", Stage.DONE, 100))).as("of no interest any more").isEmpty();
        assertThat(rig.on(launch(5, 1L))).as("says nothing of them")
                .noneMatch(effect -> effect instanceof Effect.Prefetch);
        assertThat(rig.on(list())).contains(new Effect.Prefetch(List.of()));
    }

    @Test
    void progressIsToldNowAndThenAndAnEndAtOnce() {
        rig.on(list(item("a")));
        assertThat(told(rig.on(seen("a", Stage.FETCHING, 1)))).hasSize(1);
        assertThat(told(rig.on(seen("a", Stage.FETCHING, 2)))).isEmpty();
        rig.pass(600);
        assertThat(told(rig.on(new Input.Tick()))).singleElement()
                .extracting(PrefetchState::getBytesDone).isEqualTo(2L);
        assertThat(told(rig.on(seen("a", Stage.DONE, 100)))).hasSize(1);
    }

    @Test
    void moreThanCanBeDoneIsRefused() {
        Prefetch[] many = IntStream.range(0, 40).mapToObj(i -> item("i" + i))
                .toArray(Prefetch[]::new);
        List<PrefetchState> told = told(rig.on(list(many)));
        assertThat(told).filteredOn(state -> state.getStage() == Stage.WAITING).hasSize(32);
        assertThat(told).filteredOn(state -> state.getStage() == Stage.UNFETCHED).hasSize(8);
    }
}
