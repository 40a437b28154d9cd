package io.springtide.bench.placement.work;

import io.springtide.bench.placement.engine.CheckedOutcome;
import io.springtide.bench.placement.engine.Outcome;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class WorkloadsTest {

    static Iterable<String> names() {
        return new Workloads(1).names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theSameSeedGivesTheSameWork(String name) {
        Workload once = new Workloads(7).named(name);
        Workload again = new Workloads(7).named(name);
        assertThat(once.name()).isEqualTo(name);
        assertThat(once.machines()).isEqualTo(again.machines());
        assertThat(once.groups()).isEqualTo(again.groups());
        assertThat(once.taskGroups()).isEqualTo(again.taskGroups());
        assertThat(once.residentGroups()).isEqualTo(again.residentGroups());
        assertThat(once.residentMachines()).isEqualTo(again.residentMachines());
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatRunsAlreadyFits(String name) {
        Workload work = new Workloads(1).named(name);
        long[] cpusFree = work.machines().stream().mapToLong(Machine::cpusMilli).toArray();
        long[] memFree = work.machines().stream().mapToLong(Machine::memMib).toArray();
        for (int i = 0; i < work.residentGroups().length; i++) {
            Need need = work.groups().get(work.residentGroups()[i]).need();
            cpusFree[work.residentMachines()[i]] -= need.cpusMilli();
            memFree[work.residentMachines()[i]] -= need.memMib();
        }
        assertThat(Arrays.stream(cpusFree).min().orElseThrow()).isNotNegative();
        assertThat(Arrays.stream(memFree).min().orElseThrow()).isNotNegative();
        assertThat(CheckedOutcome.of(work,
                new Outcome(Outcome.nowhere(work.taskCount()), 0, 1, 0)).violations()).isEmpty();
    }

    @Test
    void anotherSeedShufflesAnew() {
        assertThat(new Workloads(1).named("mixed-1k").taskGroups())
                .isNotEqualTo(new Workloads(2).named("mixed-1k").taskGroups());
    }

    @Test
    void tenMixedTasksToAMachineFillFourFifthsOfTheProcessors() {
        Workload work = new Workloads(3).named("mixed-5k");
        assertThat(work.taskCount()).isEqualTo(50_000);
        Map<Integer, Long> counts = Arrays.stream(work.taskGroups()).boxed()
                .collect(Collectors.groupingBy(group -> group, Collectors.counting()));
        assertThat(counts).isEqualTo(Map.of(0, 30_000L, 1, 15_000L, 2, 5_000L));
        long asked = Arrays.stream(work.taskGroups())
                .mapToLong(group -> work.groups().get(group).need().cpusMilli()).sum();
        long there = work.machines().stream().mapToLong(Machine::cpusMilli).sum();
        assertThat(asked * 10).isEqualTo(there * 8);
    }

    @Test
    void flashHasItsFourSizesAndTwoUnevenZones() {
        Workload work = new Workloads(3).named("flash");
        Map<Long, Long> sizes = work.machines().stream()
                .collect(Collectors.groupingBy(Machine::cpusMilli, Collectors.counting()));
        assertThat(sizes).isEqualTo(
                Map.of(8_000L, 2_000L, 16_000L, 1_500L, 32_000L, 1_000L, 64_000L, 500L));
        assertThat(work.machines().stream().filter(m -> m.zone().equals("zone-0")).count())
                .isEqualTo(2_750);
        assertThat(work.taskCount()).isEqualTo(9_990);
        assertThat(work.machines()).allMatch(m -> m.memMib() == m.cpusMilli() / 1_000 * 4_096);
    }

    @Test
    void appsFollowOneAnother() {
        Workload work = new Workloads(3).named("unique-5k");
        assertThat(work.groups()).hasSize(50);
        assertThat(work.taskGroups()).hasSize(5_000).isSorted();
    }
}
