package io.springtide.bench.chaos;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PromisesTest {

    private static final String APP = "/app";

    private final Promises promises = new Promises();

    @Test
    void onlyTheLastAcceptedSizeIsRight() {
        ask(3, true);
        ask(5, true);
        assertThat(promises.allows(APP, 5)).isTrue();
        assertThat(promises.allows(APP, 3)).isFalse();
        assertThat(promises.most(APP)).isEqualTo(5);
    }

    @Test
    void anUnansweredSizeMayHaveTakenEffectOrNot() {
        ask(3, true);
        ask(4, false);
        assertThat(promises.allows(APP, 3)).isTrue();
        assertThat(promises.allows(APP, 4)).isTrue();
        assertThat(promises.allows(APP, 2)).isFalse();
    }

    @Test
    void whatAllMastersHaveShownIsNoLongerOpen() {
        ask(3, true);
        ask(4, false);
        promises.settled(APP, 4);
        assertThat(promises.allows(APP, 4)).isTrue();
        assertThat(promises.allows(APP, 3)).isFalse();
    }

    @Test
    void aDistributionNamesTheSampleOfTheRank() {
        Distribution ten = new Distribution("ten", List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0,
                9.0, 10.0));
        assertThat(ten.percentileMs(0.5)).isEqualTo(5);
        assertThat(ten.percentileMs(0.99)).isEqualTo(10);
        assertThat(ten.toString()).contains("p90 9", "max 10", "(10)");
    }

    private void ask(int size, boolean accepted) {
        promises.asked(APP, size);
        if (accepted) {
            promises.accepted(APP, size);
        }
    }
}
