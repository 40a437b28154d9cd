package io.springtide.agent.checkpoint;

import io.springtide.agent.checkpoint.Held.Warmth;
import io.springtide.api.agent.Condition;
import io.springtide.api.agent.InstanceStatus;
import io.springtide.api.agent.StatusBatch;
import io.springtide.api.agent.TaskSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CheckpointTest {

    private static final CheckpointRecord.Identity FRESH = new CheckpointRecord.Identity("agent-a",
            42);
    private static final CheckpointRecord.Identity OTHER = new CheckpointRecord.Identity("agent-b",
            43);

    @TempDir
    Path folder = Path.of("");

    private void write(List<CheckpointRecord> facts) {
        try (Checkpoint checkpoint = Checkpoint.open(folder, FRESH)) {
            facts.forEach(checkpoint::append);
            checkpoint.sync();
        }
    }

    private static StatusBatch batch(long seq, long id, Condition condition) {
        return StatusBatch.newBuilder().setSeq(seq)
                .addStatuses(InstanceStatus.newBuilder().setInstanceId(id).setCondition(condition))
                .build();
    }

    private static List<CheckpointRecord> everyKind() {
        return List.of(new CheckpointRecord.Cluster("5f0c9e1ad2b34c77"),
                new CheckpointRecord.Epoch(7),
                new CheckpointRecord.Spec(
                        TaskSpec.newBuilder().setDigest("d").setAppId("/a").build()),
                new CheckpointRecord.Launched(1, "d", List.of(31000, 31001)),
                new CheckpointRecord.Launched(2, "d", List.of()),
                new CheckpointRecord.KillOrdered(2, 500), new CheckpointRecord.Ready(1),
                new CheckpointRecord.Alive(1, true), new CheckpointRecord.Alive(2, true),
                new CheckpointRecord.Alive(2, false),
                new CheckpointRecord.Reported(batch(1, 1, Condition.RUNNING)),
                new CheckpointRecord.Reported(batch(2, 2, Condition.KILLED)),
                new CheckpointRecord.Acknowledged(1), new CheckpointRecord.Buried(List.of(9L)),
                new CheckpointRecord.SeqLast(2));
    }

    @Test
    void everyKindOfFactComesBack() {
        write(everyKind());
        Memory expected = new Memory();
        expected.apply(FRESH);
        everyKind().forEach(expected::apply);
        try (Checkpoint again = Checkpoint.open(folder, OTHER)) {
            assertThat(again.memory().facts()).isEqualTo(expected.facts());
            assertThat(again.memory().agentId()).isEqualTo("agent-a");
            assertThat(again.memory().held(2).orElseThrow().ended()).isTrue();
            assertThat(again.memory().held(2).orElseThrow().ready()).isFalse();
            assertThat(again.memory().held(1).orElseThrow().ready()).isTrue();
            assertThat(again.memory().held(1).orElseThrow().alive()).isTrue();
            assertThat(again.memory().held(2).orElseThrow().alive()).isFalse();
        }
    }

    @Test
    void howFarStandbysAndLaunchesHaveComeIsKept() {
        write(List.of(new CheckpointRecord.Spec(TaskSpec.newBuilder().setDigest("d").build()),
                launched(1), new CheckpointRecord.Standby(1), launched(2),
                new CheckpointRecord.Standby(2), new CheckpointRecord.Ready(2),
                new CheckpointRecord.Frozen(2), launched(3), new CheckpointRecord.Standby(3),
                new CheckpointRecord.Ready(3), new CheckpointRecord.Alive(3, true),
                new CheckpointRecord.Frozen(3), new CheckpointRecord.Thawed(3), launched(4),
                new CheckpointRecord.Standby(4), new CheckpointRecord.Thawed(4), launched(5),
                new CheckpointRecord.Waiting(5, 6), launched(6),
                new CheckpointRecord.Waiting(6, 0), new CheckpointRecord.Begun(6), launched(7),
                new CheckpointRecord.Frozen(7), new CheckpointRecord.Thawed(7),
                new CheckpointRecord.Ready(7)));
        for (int life = 0; life < 2; life++) { // once from the log, once from what it was compacted to
            try (Checkpoint again = Checkpoint.open(folder, OTHER)) {
                assertThat(again.memory().held()).extracting(Held::warmth).containsExactly(
                        Warmth.WARMING, Warmth.FROZEN, Warmth.THAWED, Warmth.ORDINARY,
                        Warmth.ORDINARY, Warmth.ORDINARY, Warmth.THAWED);
                assertThat(again.memory().held()).extracting(Held::ready)
                        .as("frozen since is no longer ready")
                        .containsExactly(false, true, false, false, false, false, true);
                assertThat(again.memory().held(3).orElseThrow().alive()).isFalse();
                assertThat(again.memory().held(5).orElseThrow().waitingGpus()).hasValue(6);
                assertThat(again.memory().held(6).orElseThrow().waiting()).isFalse();
            }
        }
    }

    private static CheckpointRecord launched(long id) {
        return new CheckpointRecord.Launched(id, "d", List.of());
    }

    @Test
    void acknowledgedEndingsAreBuriedAndTheirSpecsForgotten() {
        write(everyKind());
        write(List.of(new CheckpointRecord.Reported(batch(3, 1, Condition.FINISHED)),
                new CheckpointRecord.Acknowledged(3)));
        try (Checkpoint again = Checkpoint.open(folder, OTHER)) {
            assertThat(again.memory().held()).isEmpty();
            assertThat(again.memory().buried(1)).isTrue();
            assertThat(again.memory().spec("d")).isEmpty();
            assertThat(again.memory().seqLast()).isEqualTo(3);
        }
    }

    @Test
    void whatWasNotSyncedIsNotThere() {
        try (Checkpoint checkpoint = Checkpoint.open(folder, FRESH)) {
            checkpoint.append(new CheckpointRecord.Epoch(5));
        }
        try (Checkpoint again = Checkpoint.open(folder, OTHER)) {
            assertThat(again.memory().epochHighest()).isZero();
        }
    }

    @Test
    void aTornTailIsCutOffAtEveryByte() throws IOException {
        write(everyKind());
        write(List.of()); // opening compacts
        Path log = folder.resolve("checkpoint.log");
        byte[] whole = Files.readAllBytes(log);
        write(List.of(new CheckpointRecord.Epoch(8)));
        byte[] longer = Files.readAllBytes(log);
        assertThat(longer.length).isGreaterThan(whole.length);
        for (int length = whole.length; length < longer.length; length++) {
            Files.write(log, Arrays.copyOf(longer, length));
            try (Checkpoint again = Checkpoint.open(folder, OTHER)) {
                assertThat(again.memory().epochHighest()).isEqualTo(7);
            }
        }
    }

    @Test
    void damageBeforeTheEndRefusesToStart() throws IOException {
        write(everyKind());
        Path log = folder.resolve("checkpoint.log");
        byte[] bytes = Files.readAllBytes(log);
        bytes[12] ^= 1;
        Files.write(log, bytes);
        assertThatThrownBy(() -> Checkpoint.open(folder, OTHER))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("damaged at byte 0");
    }

    @Test
    void garbageAtTheEndIsCutOff() throws IOException {
        write(everyKind());
        Files.write(folder.resolve("checkpoint.log"), new byte[]{0, 0, 0, 9, 1, 2, 3},
                StandardOpenOption.APPEND);
        try (Checkpoint again = Checkpoint.open(folder, OTHER)) {
            assertThat(again.memory().epochHighest()).isEqualTo(7);
        }
    }

    @Test
    void aSecondAgentOnTheFolderRefusesToStart() {
        try (Checkpoint first = Checkpoint.open(folder, FRESH)) {
            assertThat(first.memory().agentId()).isEqualTo("agent-a");
            assertThatThrownBy(() -> Checkpoint.open(folder, OTHER))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("another agent is running");
        }
    }

    @Test
    void theLogDoesNotGrowWithoutEnd() throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(folder, FRESH)) {
            for (int epoch = 1; epoch <= 400_000; epoch++) {
                checkpoint.append(new CheckpointRecord.Epoch(epoch));
                if (epoch % 40_000 == 0) {
                    checkpoint.sync();
                }
            }
            checkpoint.sync();
        }
        assertThat(Files.size(folder.resolve("checkpoint.log"))).isLessThan(5L << 20);
        try (Checkpoint again = Checkpoint.open(folder, OTHER)) {
            assertThat(again.memory().epochHighest()).isEqualTo(400_000);
        }
    }
}
