package io.springtide.master.snapshot;

import io.springtide.core.state.ClusterState;
import io.springtide.core.state.StateSnapshot;
import io.springtide.master.journal.JournalException;
import io.springtide.master.journal.Snapshot;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReplayTest {

    private static final byte[] EMPTY = StateSnapshot.encode(new ClusterState());

    private static Snapshot snapshot(byte[] payload, long hash) {
        return new Snapshot(1, 7, 1_700_000_000_000L, hash, payload);
    }

    /** The third format had no list of groups that are gone, which is the last one. */
    private static byte[] ofThirdFormat() {
        byte[] old = Arrays.copyOf(EMPTY, EMPTY.length - 1);
        old[0] = 3;
        return old;
    }

    @Test
    void readsASnapshotThatAnOlderReleaseHasWritten() {
        byte[] old = ofThirdFormat();
        ClusterState state = Replay.decode(snapshot(old, StateSnapshot.hash(old)));
        assertThat(StateSnapshot.encode(state)).isEqualTo(EMPTY);
    }

    @Test
    void refusesOneThatIsNotWhatWasTaken() {
        for (byte[] payload : new byte[][]{EMPTY, ofThirdFormat()}) {
            assertThatThrownBy(() -> Replay
                    .decode(snapshot(payload, StateSnapshot.hash(payload) + 1)))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("does not give the state it was taken of");
        }
    }
}
