package io.springtide.master;

import io.springtide.master.config.HostPort;
import io.springtide.master.config.MasterConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RehearsalTest {

    private static final MasterConfig CONFIG = new MasterConfig(new HostPort("127.0.0.1", 1),
            new HostPort("127.0.0.1", 2), "zk://127.0.0.1:3/nowhere", false, Duration.ofSeconds(5),
            Duration.ofMinutes(5));

    /** One whose cluster is of another size at each look, and that leads after a while. */
    private static final class FakeStandby implements Rehearsal.Standby {

        private final List<Integer> rehearsed = new ArrayList<>();
        private final List<Integer> sizes;
        private final int asksMax;
        private boolean breaks;
        private boolean breaksWhenAsked;
        private int looks;
        private int asked;

        FakeStandby(int asksMax, Integer... sizes) {
            this.asksMax = asksMax;
            this.sizes = List.of(sizes);
        }

        @Override
        public boolean leads() {
            if (++asked == 1 && breaksWhenAsked) {
                throw new IllegalStateException("a fault of the cluster of nobody");
            }
            return asked > asksMax;
        }

        @Override
        public int instances() {
            return sizes.get(Math.min(looks++, sizes.size() - 1));
        }

        @Override
        public void rehearse() {
            rehearsed.add(looks);
            if (breaks) {
                throw new IllegalStateException("a fault of the rehearsal");
            }
        }
    }

    private static FakeStandby repeated(Integer... sizes) {
        FakeStandby standby = new FakeStandby(100, sizes);
        new Rehearsal(CONFIG, standby).repeat(Duration.ofMillis(1));
        return standby;
    }

    @Test
    void aStandbyLeadsAClusterOfNobodyAndLeavesNothingBehind() throws IOException {
        List<Path> before = folders();
        FakeStandby standby = new FakeStandby(1_000, 7);
        new Rehearsal(CONFIG, standby).run();
        assertThat(standby.rehearsed).hasSize(1);
        assertThat(standby.asked).as("looks whether it leads").isGreaterThan(30);
        assertThat(folders()).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void whoLeadsStops() {
        FakeStandby standby = new FakeStandby(0, 7, 100_000);
        new Rehearsal(CONFIG, standby).keepUp(Duration.ofMillis(1));
        assertThat(standby.rehearsed).hasSizeLessThan(2);
        assertThat(standby.asked).as("looks whether it leads").isLessThan(5);
    }

    /** A size that counts is read twice: once to see that it does, once to know it. */
    @Test
    void rehearsesAgainWhenTheClusterHasGrownALot() {
        assertThat(repeated(0, 10, 999, 1_000, 1_000, 3_999, 4_000, 4_000, 15_999, 80_000,
                80_000).rehearsed).containsExactly(5, 8, 11);
    }

    @Test
    void whatFailsIsTriedAgainOnlyWithALargerCluster() {
        FakeStandby standby = new FakeStandby(100, 1_000, 1_000, 1_000, 3_999, 4_000, 4_000);
        standby.breaks = true;
        new Rehearsal(CONFIG, standby).repeat(Duration.ofMillis(1));
        assertThat(standby.rehearsed).containsExactly(2, 6);
        assertThat(standby.asked).as("it went on looking").isGreaterThan(100);
    }

    @Test
    void whoCannotLeadAClusterOfNobodyStillDecidesForTheRealOne() {
        FakeStandby standby = new FakeStandby(50, 7, 7, 7, 1_000, 1_000);
        standby.breaksWhenAsked = true;
        new Rehearsal(CONFIG, standby).keepUp(Duration.ofMillis(1));
        assertThat(standby.rehearsed).as("at once, and when it has grown").containsExactly(1, 5);
    }

    @Test
    void doesNotRehearseAgainForAFewMore() {
        FakeStandby standby = repeated(999);
        assertThat(standby.rehearsed).isEmpty();
        assertThat(standby.asked).as("it went on looking").isGreaterThan(100);
    }

    @Test
    void aClusterThatGrowsForEverIsRehearsedAFewTimes() {
        Integer[] sizes = new Integer[20];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = 1_000 << i;
        }
        FakeStandby standby = repeated(sizes);
        assertThat(standby.rehearsed).hasSize(6);
        assertThat(standby.asked).as("it has stopped by itself").isLessThan(100);
    }

    private static List<Path> folders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(
                    file -> file.getFileName().toString().startsWith("springtide-rehearsal"))
                    .toList();
        }
    }
}
