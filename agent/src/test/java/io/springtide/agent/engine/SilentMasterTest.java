package io.springtide.agent.engine;

import io.springtide.agent.checkpoint.CheckpointRecord;
import io.springtide.api.agent.Beat;
import io.springtide.api.agent.MasterMessage;
import io.springtide.api.agent.Register;
import io.springtide.api.agent.Runtime;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.agent.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What the agent does when a master is silent, and when no master is left. */
class SilentMasterTest {

    private static final long STOP_MS = 20_000;
    private static final TaskSpec STOPS = EngineRig.SPEC.toBuilder().setDigest("stops")
            .setStopWhenCutOffMs(STOP_MS).build();

    private final List<CheckpointRecord> disk = new ArrayList<>(
            List.of(new CheckpointRecord.Identity("agent-a", 1)));
    private AgentEngine engine = fresh();
    private long nowMs;

    private AgentEngine fresh() {
        return new AgentEngine(
                new AgentIdentity(Register.newBuilder().addRuntimes(Runtime.PROCESS).build()), StartLimits.NONE,
                disk);
    }

    private List<Effect> on(Input... inputs) {
        for (Input input : inputs) {
            engine.on(input, new Moment(nowMs, nowMs));
        }
        List<Effect> effects = engine.drain();
        effects.forEach(effect -> {
            if (effect instanceof Effect.Save(CheckpointRecord fact)) {
                disk.add(fact);
            }
        });
        return effects;
    }

    private static Input welcome(long epoch) {
        return new Input.Said(MasterMessage.newBuilder().setEpoch(epoch).setWelcome(Welcome
                .newBuilder().setClusterId(EngineRig.CLUSTER).setHeartbeatIntervalMs(1_000)
                .setSilentAfterMs(2_500)).build());
    }

    private static Input beat(long epoch, long number) {
        return new Input.Said(MasterMessage.newBuilder().setEpoch(epoch)
                .setBeat(Beat.newBuilder().setNumber(number)).build());
    }

    /** Time passes in the loop's steps; returns when something of a kind came first. */
    private OptionalLong until(Class<? extends Effect> kind, long ms) {
        for (long end = nowMs + ms; nowMs < end;) {
            nowMs += 200;
            if (on(new Input.Tick()).stream().anyMatch(kind::isInstance)) {
                return OptionalLong.of(nowMs);
            }
        }
        return OptionalLong.empty();
    }

    /** A master that answers every heartbeat. */
    private void answered(long ms) {
        for (long end = nowMs + ms; nowMs < end;) {
            nowMs += 200;
            for (Effect effect : on(new Input.Tick())) {
                assertThat(effect).isNotInstanceOfAny(Effect.HangUp.class, Effect.Kill.class);
                if (effect instanceof Effect.Beat(long number)) {
                    on(beat(5, number));
                }
            }
        }
    }

    @Test
    void leavesAMasterThatHasFallenSilent() {
        on(new Input.Started(), new Input.Connected(), welcome(5));
        answered(60_000);
        long silentMs = nowMs;
        assertThat(until(Effect.HangUp.class, 10_000).orElseThrow() - silentMs)
                .isBetween(2_000L, 2_900L);
        assertThat(engine.welcomed()).isFalse();
    }

    @Test
    void waitsForAnOlderMasterThatAnswersNothing() {
        on(new Input.Started(), new Input.Connected(), EngineRig.welcome(5, EngineRig.CLUSTER));
        assertThat(until(Effect.HangUp.class, 600_000)).isEmpty();
    }

    @Test
    void leavesAMasterThatDoesNotWelcomeItAndIsMorePatientEachTime() {
        on(new Input.Started());
        long before = 0;
        for (int attempt = 0; attempt < 4; attempt++) {
            on(new Input.Disconnected(), new Input.Connected());
            long began = nowMs;
            long waited = until(Effect.HangUp.class, 60_000).orElseThrow() - began;
            assertThat(waited).isGreaterThanOrEqualTo(before)
                    .isLessThanOrEqualTo(Contact.WELCOME_MS_CAP + 200);
            before = waited;
        }
        on(new Input.Connected(), welcome(5), new Input.Disconnected(), new Input.Connected());
        long began = nowMs;
        assertThat(until(Effect.HangUp.class, 60_000).orElseThrow() - began)
                .isLessThanOrEqualTo(Contact.WELCOME_MS_FIRST + 200);
    }

    @Test
    void anAnswerOfAnOlderEpochIsNone() {
        on(new Input.Started(), new Input.Connected(), welcome(5));
        assertThat(on(beat(4, 1))).hasAtLeastOneElementOfType(Effect.HangUp.class);
    }

    /** The epoch is on the disk before anything that came with it is done. */
    @Test
    void savesTheEpochBeforeItObeys() {
        on(new Input.Started(), new Input.Connected(), welcome(5));
        List<Effect> effects = on(EngineRig.launch(7, 1L));
        int epoch = effects.indexOf(new Effect.Save(new CheckpointRecord.Epoch(7)));
        assertThat(epoch).isNotNegative();
        assertThat(effects.subList(0, epoch)).noneMatch(one -> one instanceof Effect.Launch);
    }

    @Test
    void nothingIsEndedForALostMaster() {
        on(new Input.Started(), new Input.Connected(), welcome(5), EngineRig.launch(5, 1L),
                new Input.TaskRunning(1, ""), new Input.Disconnected());
        assertThat(until(Effect.Kill.class, 3_600_000)).isEmpty();
    }

    @Test
    void endsWhatAsksForItAndOnlyWhenCutOffForLongEnough() {
        on(new Input.Started(), new Input.Connected(), welcome(5),
                EngineRig.launch(5, STOPS, 1L), EngineRig.launch(5, 2L),
                new Input.TaskRunning(1, ""), new Input.TaskRunning(2, ""));
        answered(120_000);
        long lastMs = nowMs;
        on(new Input.Disconnected());
        List<Effect> kills = new ArrayList<>();
        while (kills.isEmpty() && nowMs < lastMs + 60_000) {
            nowMs += 200;
            kills.addAll(on(new Input.Tick()).stream().filter(Effect.Kill.class::isInstance)
                    .toList());
        }
        assertThat(kills).singleElement().isInstanceOfSatisfying(Effect.Kill.class,
                kill -> assertThat(kill.instanceId()).isEqualTo(1));
        assertThat(nowMs - lastMs).isBetween(STOP_MS - 1_000, STOP_MS + 200);
        assertThat(until(Effect.Kill.class, 60_000)).as("once").isEmpty();
    }

    /** The last heartbeat that is known to have arrived counts, not the answer to it. */
    @Test
    void countsFromWhenTheHeartbeatWasSent() {
        on(new Input.Started(), new Input.Connected(), welcome(5),
                EngineRig.launch(5, STOPS, 1L), new Input.TaskRunning(1, ""));
        nowMs = 1_000;
        on(new Input.Tick());
        // It hears orders all the time, but its heartbeats do not get through.
        long killedMs = -1;
        while (killedMs < 0 && nowMs < 100_000) {
            nowMs += 200;
            List<Effect> effects = on(EngineRig.ack(5, 0), new Input.Tick());
            if (effects.stream().anyMatch(Effect.Kill.class::isInstance)) {
                killedMs = nowMs;
            }
        }
        assertThat(killedMs).isBetween(STOP_MS, STOP_MS + 200);
    }

    @Test
    void aReturnInTimeSavesIt() {
        on(new Input.Started(), new Input.Connected(), welcome(5),
                EngineRig.launch(5, STOPS, 1L), new Input.TaskRunning(1, ""),
                new Input.Disconnected());
        assertThat(until(Effect.Kill.class, STOP_MS - 1_000)).isEmpty();
        on(new Input.Connected(), welcome(6));
        assertThat(until(Effect.Kill.class, STOP_MS - 1_000)).isEmpty();
    }
}
