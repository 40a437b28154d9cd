package io.springtide.bench.sim;

import io.springtide.bench.sim.mutant.Mutant;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: the simulator finds bugs. Method: plant one, look from several first seeds on, until it is found. */
final class MutantsTest {

    static {
        System.setProperty("logback.configurationFile", "sim-logback.xml");
    }

    private static final int STARTS = 3;
    private static final int APART = 1_000;
    private static final int SEEDS_MAX = 200;
    private static final int MINUTES = 5;
    private static final int AGENTS_MAX = 8;

    @ParameterizedTest
    @EnumSource(Mutant.class)
    void isFound(Mutant mutant) {
        List<Integer> needed = new ArrayList<>();
        for (int start = 0; start < STARTS; start++) {
            Optional<Integer> seeds = new Simulator(
                    new Simulator.Settings(1 + (long) start * APART, SEEDS_MAX, MINUTES, 1,
                            AgentRange.upTo(AGENTS_MAX)),
                    mutant::seams, new PrintWriter(new StringWriter())).seedsToFind();
            assertThat(seeds).as("%s from seed %d on", mutant, 1 + start * APART).isPresent();
            needed.add(seeds.orElseThrow());
        }
        needed.sort(null);
        System.out.println(mutant + ": median seeds to find " + needed.get(STARTS / 2) + " of "
                + needed);
    }

    @Test
    void thereAreTenAtLeast() {
        assertThat(Mutant.values()).hasSizeGreaterThanOrEqualTo(10);
    }
}
