package io.springtide.master.snapshot;

import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which snapshots a master takes up. */
final class ReplayTest {

    /** A cluster without anything, as format 3 had it. */
    private static final byte[] OLDER = HexFormat.of().parseHex("03000101000000000000000000");

    private static Snapshot snapshot(byte[] payload, long hash) {
        return new Snapshot(1, 0, 0, hash, payload);
    }

    @Test
    void takesUpWhatAnOlderReleaseHasWritten() {
        assertThat(StateSnapshot.newest(OLDER)).isFalse();
        ClusterState state = Replay.decode(snapshot(OLDER, StateSnapshot.hash(OLDER)));
        assertThat(state.instanceCount()).isZero();
        assertThatThrownBy(() -> Replay.decode(snapshot(OLDER, 1)))
                .isInstanceOf(JournalException.class).hasMessageContaining("position 0");
    }

    @Test
    void takesUpWhatGivesTheStateItWasTakenOf() {
        byte[] payload = StateSnapshot.encode(new ClusterState());
        Snapshot good = snapshot(payload, StateSnapshot.hash(payload));
        assertThat(Replay.decode(good).instanceCount()).isZero();
        assertThatThrownBy(() -> Replay.decode(snapshot(payload, 1)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("does not give the state");
    }
}
