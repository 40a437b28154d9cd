package io.springtide.core.placement.gpu;

import io.springtide.core.placement.gpu.GpuMix.Seen;
import java.util.List;
import org.junit.jupiter.api.Test;

import static io.springtide.core.placement.gpu.GpuDemand.ANY_MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Which agent and which device an instance gets. */
class GpuFragmentationTest {

    private static final long PLENTY = 1_000_000;
    private static final GpuDemand HALF = new GpuDemand(2_000, 4_096, 0, 500, ANY_MODEL);
    private static final GpuDemand ONE = new GpuDemand(4_000, 8_192, 1, 0, ANY_MODEL);
    private static final GpuDemand TWO = new GpuDemand(8_000, 16_384, 2, 0, ANY_MODEL);
    private static final GpuDemand NO_GPU = new GpuDemand(4_000, 8_192, 0, 0, ANY_MODEL);
    private static final long[] GPUS = {8, 8};

    private final GpuFragmentation halvesAndWholes = of(new Seen(HALF, 1), new Seen(ONE, 1));

    @Test
    void idleGpuIsAFragmentForThoseWhoCannotUseIt() {
        // Half an instance in two asks for a whole device and finds none.
        assertThat(fragmentation(halvesAndWholes, PLENTY, PLENTY, 500)).isEqualTo(250_000);
        // It could use the whole one, but not the rest.
        assertThat(fragmentation(halvesAndWholes, PLENTY, PLENTY, 500, 1_000)).isEqualTo(250_000);
        assertThat(fragmentation(halvesAndWholes, PLENTY, PLENTY, 400, 1_000)).isEqualTo(400_000);
        assertThat(fragmentation(halvesAndWholes, PLENTY, PLENTY, 1_000)).isZero();
        assertThat(fragmentation(halvesAndWholes, PLENTY, PLENTY)).isZero();
    }

    @Test
    void gpuWithoutCpuOrMemoryBesideIsAFragment() {
        assertThat(fragmentation(halvesAndWholes, 3_999, PLENTY, 1_000)).isEqualTo(500_000);
        assertThat(fragmentation(halvesAndWholes, 1_999, PLENTY, 1_000)).isEqualTo(1_000_000);
        assertThat(fragmentation(halvesAndWholes, PLENTY, 8_191, 1_000)).isEqualTo(500_000);
    }

    @Test
    void severalDevicesMustBeWholeTogether() {
        GpuFragmentation pairs = of(new Seen(TWO, 1));
        assertThat(fragmentation(pairs, PLENTY, PLENTY, 1_000, 1_000)).isZero();
        assertThat(fragmentation(pairs, PLENTY, PLENTY, 1_000, 900)).isEqualTo(1_900_000);
    }

    @Test
    void countsTheModelsThatADemandAllows() {
        GpuFragmentation choosy = of(new Seen(new GpuDemand(1, 1, 1, 0, 0b10), 1));
        assertThat(choosy.fragmentationMicro(PLENTY, PLENTY, 0, new int[]{1_000}, 0, 1))
                .isEqualTo(1_000_000);
        assertThat(choosy.fragmentationMicro(PLENTY, PLENTY, 1, new int[]{1_000}, 0, 1)).isZero();
    }

    @Test
    void refusesWhatDoesNotFit() {
        int[] devices = {500, 900};
        assertThat(halvesAndWholes.best(ONE, PLENTY, PLENTY, 0, devices, 0, 2))
                .isEqualTo(GpuFragmentation.NO_FIT);
        assertThat(halvesAndWholes.best(HALF, 1_999, PLENTY, 0, devices, 0, 2))
                .isEqualTo(GpuFragmentation.NO_FIT);
        assertThat(halvesAndWholes.best(HALF, PLENTY, 4_095, 0, devices, 0, 2))
                .isEqualTo(GpuFragmentation.NO_FIT);
        assertThat(halvesAndWholes.best(new GpuDemand(0, 0, 0, 901, ANY_MODEL), PLENTY, PLENTY, 0,
                devices, 0, 2)).isEqualTo(GpuFragmentation.NO_FIT);
        assertThat(halvesAndWholes.best(new GpuDemand(0, 0, 0, 100, 0b10), PLENTY, PLENTY, 0,
                devices, 0, 2)).isEqualTo(GpuFragmentation.NO_FIT);
        assertThat(halvesAndWholes.best(HALF, PLENTY, PLENTY, 0, devices, 0, 0))
                .isEqualTo(GpuFragmentation.NO_FIT);
    }

    @Test
    void everyScoreIsBetterThanNoFit() {
        long worst = halvesAndWholes.best(HALF, PLENTY, PLENTY, 0, new int[16], 0, 0);
        long fits = halvesAndWholes.best(HALF, 2_000, 4_096, 0, new int[]{1_000}, 0, 1);
        assertThat(Long.compareUnsigned(fits, worst)).isNegative();
        assertThat(Integer.compareUnsigned(GpuFragmentation.score(fits),
                GpuFragmentation.score(GpuFragmentation.NO_FIT))).isNegative();
    }

    @Test
    void completesADeviceBeforeItOpensAnother() {
        assertThat(devices(HALF, 1_000, 500, 700)).isEqualTo(0b010);
        assertThat(devices(HALF, 1_000, 1_000)).isEqualTo(0b01);
    }

    @Test
    void amongEquallyGoodDevicesTheTightestWins() {
        GpuFragmentation wholes = of(new Seen(ONE, 1));
        long answer = wholes.best(new GpuDemand(0, 0, 0, 300, ANY_MODEL), PLENTY, PLENTY, 0,
                new int[]{900, 400, 1_000, 400}, 0, 4);
        assertThat(GpuFragmentation.devices(answer)).isEqualTo(0b0010);
    }

    @Test
    void wholeDevicesAreTheFirstThatAreWhole() {
        assertThat(devices(TWO, 900, 1_000, 0, 1_000, 1_000)).isEqualTo(0b01010);
        assertThat(devices(NO_GPU, 900, 1_000)).isZero();
    }

    @Test
    void readsOnlyItsOwnDevices() {
        int[] all = {1_000, 1_000, 300, 500, 1_000};
        long answer = halvesAndWholes.best(HALF, PLENTY, PLENTY, 0, all, 2, 2);
        assertThat(GpuFragmentation.devices(answer)).isEqualTo(0b10);
        assertThat(answer).isEqualTo(
                halvesAndWholes.best(HALF, PLENTY, PLENTY, 0, new int[]{300, 500}, 0, 2));
        assertThat(all).containsExactly(1_000, 1_000, 300, 500, 1_000);
    }

    @Test
    void prefersAnAgentWhoseDeviceIsHalfTaken() {
        assertThat(score(HALF, PLENTY, PLENTY, 500)).isLessThan(score(HALF, PLENTY, PLENTY, 1_000));
        assertThat(score(HALF, PLENTY, PLENTY, 500)).isLessThan(score(HALF, PLENTY, PLENTY, 900));
    }

    @Test
    void amongEqualsTheFullestAgentWins() {
        assertThat(score(ONE, PLENTY, PLENTY, 1_000))
                .isLessThan(score(ONE, PLENTY, PLENTY, 1_000, 1_000));
        assertThat(score(ONE, 40_000, PLENTY, 1_000, 1_000))
                .isLessThan(score(ONE, 90_000, PLENTY, 1_000, 1_000));
    }

    @Test
    void keepsCpuAndMemoryBesideIdleGpus() {
        GpuDemand hungry = new GpuDemand(16_000, 8_192, 1, 0, ANY_MODEL);
        assertThat(score(hungry, 40_000, PLENTY, 1_000, 1_000))
                .as("rather a rich agent than one that keeps too little CPU for its second device")
                .isLessThan(score(hungry, 18_000, PLENTY, 1_000, 1_000));
        assertThat(score(NO_GPU, 8_000, PLENTY)).isLessThan(score(NO_GPU, 8_000, PLENTY, 1_000));
        assertThat(score(NO_GPU, 8_000, PLENTY, 0)).isLessThan(score(NO_GPU, 8_000, PLENTY, 1_000));
        GpuDemand fat = new GpuDemand(2_000, 16_384, 0, 500, ANY_MODEL);
        assertThat(score(fat, PLENTY, 50_000, 1_000, 1_000))
                .isLessThan(score(fat, PLENTY, 20_000, 1_000, 1_000));
    }

    @Test
    void leavesSoughtAfterModelsToThoseWhoNeedThem() {
        GpuDemand choosy = new GpuDemand(4_000, 8_192, 1, 0, 0b10);
        GpuFragmentation scorer = of(new Seen(ONE, 3), new Seen(choosy, 1));
        int[] devices = {1_000};
        long plain = scorer.best(ONE, PLENTY, PLENTY, 0, devices, 0, 1);
        long sought = scorer.best(ONE, PLENTY, PLENTY, 1, devices, 0, 1);
        assertThat(Long.compareUnsigned(plain, sought)).isNegative();
    }

    @Test
    void worksWithoutAnyMix() {
        GpuFragmentation scorer = of();
        long answer = scorer.best(HALF, PLENTY, PLENTY, 5, new int[]{700, 600}, 0, 2);
        assertThat(GpuFragmentation.devices(answer)).isEqualTo(0b10);
    }

    @Test
    void refusesMoreDevicesThanItCanCount() {
        assertThatThrownBy(() -> halvesAndWholes.best(HALF, PLENTY, PLENTY, 0, new int[17], 0, 17))
                .hasMessageContaining("too many");
    }

    private static GpuFragmentation of(Seen... seen) {
        return new GpuFragmentation(GpuMix.of(List.of(seen), GPUS));
    }

    private static long fragmentation(GpuFragmentation scorer, long cpus, long mem,
            int... devices) {
        return scorer.fragmentationMicro(cpus, mem, 0, devices, 0, devices.length);
    }

    private int devices(GpuDemand demand, int... devices) {
        return GpuFragmentation.devices(
                halvesAndWholes.best(demand, PLENTY, PLENTY, 0, devices, 0, devices.length));
    }

    private long score(GpuDemand demand, long cpus, long mem, int... devices) {
        long answer = halvesAndWholes.best(demand, cpus, mem, 0, devices, 0, devices.length);
        assertThat(answer).isNotEqualTo(GpuFragmentation.NO_FIT);
        return Integer.toUnsignedLong(GpuFragmentation.score(answer));
    }
}
