package io.springtide.core.placement.gpu;

import io.springtide.core.placement.gpu.GpuMix.Seen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

import static io.springtide.core.placement.gpu.GpuDemand.ANY_MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What counts as popular. */
class GpuMixTest {

    private static final long[] NO_GPUS = {};
    private static final GpuDemand HALF = new GpuDemand(1_000, 1_024, 0, 500, ANY_MODEL);
    private static final GpuDemand ONE = new GpuDemand(4_000, 8_192, 1, 0, ANY_MODEL);
    private static final GpuDemand NONE = new GpuDemand(2_000, 2_048, 0, 0, ANY_MODEL);

    @Test
    void keepsTheMostPopularKindsUntilTheyCoverEnough() {
        GpuMix mix = GpuMix.of(
                List.of(new Seen(HALF, 5), new Seen(NONE, 25), new Seen(ONE, 70)), NO_GPUS);
        assertThat(mix.kinds()).containsExactly(ONE, NONE);
        assertThat(mix.popularity(0) + mix.popularity(1)).isEqualTo(GpuMix.POPULARITY_ONE);
        assertThat(mix.popularity(1)).isEqualTo(GpuMix.POPULARITY_ONE * 25L / 95);
    }

    @Test
    void addsUpEqualDemandsInAnyOrder() {
        List<Seen> seen = new ArrayList<>(List.of(new Seen(HALF, 2), new Seen(ONE, 3),
                new Seen(HALF, 2), new Seen(NONE, 3)));
        List<GpuDemand> kinds = GpuMix.of(seen, NO_GPUS).kinds();
        assertThat(kinds).startsWith(HALF);
        for (int i = 0; i < 10; i++) {
            Collections.shuffle(seen, new Random(i));
            assertThat(GpuMix.of(seen, NO_GPUS).kinds()).isEqualTo(kinds);
        }
    }

    @Test
    void anEmptyMixHasNoKinds() {
        GpuMix mix = GpuMix.of(List.of(), new long[]{8});
        assertThat(mix.kinds()).isEmpty();
        assertThat(mix.pressure(0)).isZero();
    }

    @Test
    void boundsTheNumberOfKinds() {
        List<Seen> seen = new ArrayList<>();
        for (int i = 1; i <= GpuMix.KINDS_MAX * 2; i++) {
            seen.add(new Seen(new GpuDemand(i, i, 1, 0, ANY_MODEL), 1));
        }
        GpuMix mix = GpuMix.of(seen, NO_GPUS);
        assertThat(mix.kinds()).hasSize(GpuMix.KINDS_MAX);
    }

    @Test
    void averagesWhatGpuInstancesTakeBesides() {
        GpuMix mix = GpuMix.of(List.of(new Seen(ONE, 3), new Seen(NONE, 9)), NO_GPUS);
        assertThat(mix.gpuMilliPerCpuMilli()).isEqualTo((1L << GpuMix.RATIO_BITS) / 4);
        assertThat(mix.gpuMilliPerMemMib()).isEqualTo(1_000 * (1L << GpuMix.RATIO_BITS) / 8_192);
    }

    @Test
    void feelsPressureOnModelsThatSomeInsistOn() {
        GpuDemand onlyModel1 = new GpuDemand(1_000, 1_024, 1, 0, 0b10);
        GpuMix mix = GpuMix.of(List.of(new Seen(ONE, 3), new Seen(onlyModel1, 1)),
                new long[]{6, 2});
        // A quarter of the demand insists on a quarter of the devices.
        assertThat(mix.pressure(1)).isEqualTo(1L << GpuMix.RATIO_BITS);
        assertThat(mix.pressure(0)).isZero();
        assertThat(mix.pressure(9)).as("a model it has never heard of").isZero();
    }

    @Test
    void staysInRangeWithAbsurdlyMuch() {
        GpuDemand huge = new GpuDemand(GpuDemand.AMOUNT_MAX, GpuDemand.AMOUNT_MAX,
                GpuDemand.DEVICES_MAX, 0, 1);
        GpuMix mix = GpuMix.of(List.of(new Seen(huge, Seen.INSTANCES_MAX),
                new Seen(huge, Seen.INSTANCES_MAX)), new long[]{1, 1_000_000_000});
        assertThat(mix.pressure(0)).isEqualTo(4L << GpuMix.RATIO_BITS);
        assertThat(mix.popularity(0)).isEqualTo(GpuMix.POPULARITY_ONE);
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new GpuDemand(1, 1, 1, 500, ANY_MODEL))
                .hasMessageContaining("not for both");
        assertThatThrownBy(() -> new GpuDemand(-1, 1, 1, 0, ANY_MODEL))
                .hasMessageContaining("cpusMilli");
        assertThatThrownBy(() -> new GpuDemand(1, 1, 17, 0, ANY_MODEL))
                .hasMessageContaining("gpus");
        assertThatThrownBy(() -> new GpuDemand(1, 1, 0, 1_000, ANY_MODEL))
                .hasMessageContaining("gpuShareMilli");
        assertThatThrownBy(() -> new GpuDemand(1, 1, 1, 0, 0)).hasMessageContaining("model");
        assertThatThrownBy(() -> new Seen(ONE, 0)).hasMessageContaining("instances");
    }
}
