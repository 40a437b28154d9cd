package io.springtide.agent.link;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Whose turn it is among several masters. */
class TurnsTest {

    private static final List<MasterAddress> THREE = List.of(MasterAddress.parse("m1:1"),
            MasterAddress.parse("m2:2"), MasterAddress.parse("m3:3"));

    private static Turns turns(List<MasterAddress> masters) {
        SplittableRandom random = new SplittableRandom(1);
        return new Turns(masters, new Backoff(100, 2_000, random), random);
    }

    @Test
    void triesAllOfThemQuicklyAndPausesAfterARound() {
        Turns turns = turns(THREE);
        List<String> tried = new ArrayList<>();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            tried.add(turns.master().toString());
            waits.add(turns.over(false, "connection refused"));
        }
        assertThat(tried).startsWith("m1:1", "m2:2", "m3:3", "m1:1");
        for (int i = 0; i < 9; i++) {
            assertThat(waits.get(i)).isLessThanOrEqualTo(i % 3 == 2 ? 100L << (i / 3) : 50L);
            assertThat(waits.get(i)).isGreaterThanOrEqualTo(i % 3 == 2 ? 50L << (i / 3) : 0L);
        }
    }

    @Test
    void believesAStandbyThatNamesTheLeader() {
        Turns turns = turns(THREE);
        turns.over(false, "UNAVAILABLE: this master does not lead; m3:3 does");
        assertThat(turns.master()).hasToString("m3:3");
        turns.over(false, "UNAVAILABLE: this master does not lead; m9:9 does");
        assertThat(turns.master()).as("one it does not know").hasToString("m1:1");
    }

    @Test
    void leavesAMasterThatDiedForTheOthersAtOnce() {
        Turns turns = turns(THREE);
        assertThat(turns.over(true, "connection reset")).isLessThanOrEqualTo(50);
        assertThat(turns.master()).hasToString("m2:2");
    }

    @Test
    void aSingleMasterIsTriedAgainAfterAPause() {
        Turns turns = turns(THREE.subList(0, 1));
        assertThat(turns.over(true, "")).isBetween(50L, 100L);
        assertThat(turns.over(false, "")).isBetween(100L, 200L);
        assertThat(turns.master()).hasToString("m1:1");
    }
}
