package io.springtide.core.elasticity;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What contradicts itself is refused, and the message says where it is. */
class PolicyRulesTest {

    private static final Target CPU = new Target(Target.Kind.CPU, 50_000);
    private static final Target REQUESTS = new Target(Target.Kind.REQUESTS, 100_000);
    private static final ScalingPolicy PLAIN = new ScalingPolicy(1, 10, List.of(CPU));

    static Stream<Arguments> wrong() {
        return Stream.of(
                of("/min", () -> new ScalingPolicy(5, 4, List.of())),
                of("/min", () -> new ScalingPolicy(-1, 4, List.of())),
                of("/max", () -> new ScalingPolicy(0, 0, List.of())),
                of("/max", () -> new ScalingPolicy(0, 1_000_001, List.of())),
                of("/targets(1)", () -> targets(CPU, CPU)),
                of("/targets(1)", () -> targets(CPU, new Target(Target.Kind.CPU, 60_000))),
                of("/targets(0)/value", () -> targets(new Target(Target.Kind.CPU, 0))),
                of("/targets(0)/value", () -> targets(new Target(Target.Kind.CPU, 1_000_001))),
                of("/targets(0)/query",
                        () -> targets(Target.query("  ", 1, Target.Measure.TOTAL))),
                of("/targets(0)/query", () -> targets(
                        Target.query("x".repeat(5_000), 1, Target.Measure.TOTAL))),
                of("/targets(0)/query", () -> targets(new Target(Target.Kind.CPU, 1, "up",
                        Target.Measure.AVERAGE))),
                of("/targets(0)/measure", () -> targets(new Target(Target.Kind.CPU, 1, "",
                        Target.Measure.TOTAL))),
                of("/targets", () -> targets(IntStream.range(0, 17)
                        .mapToObj(i -> Target.query("q" + i, 1, Target.Measure.TOTAL))
                        .toArray(Target[]::new))),
                of("/tolerance", () -> new ScalingPolicy(1, 2, List.of(), 500_001, Behaviour.UP,
                        Behaviour.DOWN, List.of(), Optional.empty(), Standby.NONE, false)),
                of("/up/stabilisationSeconds", () -> PLAIN.withBehaviour(
                        new Behaviour(3_600_001, List.of(), Behaviour.Select.MOST),
                        Behaviour.DOWN)),
                of("/down/steps(0)", () -> PLAIN.withBehaviour(Behaviour.UP, steps(0, 15_000))),
                of("/down/steps(0)/periodSeconds",
                        () -> PLAIN.withBehaviour(Behaviour.UP, steps(1, 0))),
                of("/standby/percent", () -> PLAIN.withStandby(new Standby(0, 1_001))),
                of("/standby/count", () -> PLAIN.withStandby(new Standby(-1, 0))),
                of("/standby", () -> PLAIN.withStandby(new Standby(1, 1))),
                of("/burst", () -> PLAIN.withBurst(Burst.DEFAULT)),
                of("/burst/factor",
                        () -> targets(REQUESTS).withBurst(new Burst(2_000, 1_000, 0))),
                of("/burst/windowSeconds",
                        () -> targets(REQUESTS).withBurst(new Burst(0, 2_000, 0))),
                of("/schedules(0)/count", () -> PLAIN.withSchedules(sale("a", "0 10 * * *", 11))),
                of("/schedules(0)/cron", () -> PLAIN.withSchedules(sale("a", " ", 5))),
                of("/schedules(1)/name", () -> PLAIN.withSchedules(sale("a", "0 10 * * *", 5),
                        sale("a", "0 11 * * *", 5))),
                of("/schedules(1)", () -> PLAIN.withSchedules(sale("a", "0 10 * * *", 5),
                        sale("b", "0 10 * * *", 6))),
                of("/schedules(0)/durationSeconds", () -> PLAIN.withSchedules(
                        new Schedule("a", "* * * * *", "UTC", 1, 0, 0, 0))));
    }

    private static Arguments of(String path, Supplier<ScalingPolicy> wrong) {
        return Arguments.of(path, wrong);
    }

    private static ScalingPolicy targets(Target... targets) {
        return new ScalingPolicy(1, 10, List.of(targets));
    }

    private static Behaviour steps(int amount, long periodMs) {
        return new Behaviour(0,
                List.of(new Behaviour.Step(Behaviour.Unit.INSTANCES, amount, periodMs)),
                Behaviour.Select.MOST);
    }

    private static Schedule sale(String name, String cron, int count) {
        return new Schedule(name, cron, "Asia/Shanghai", count, 3_600_000, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhereItIsWrong(String path, Supplier<ScalingPolicy> wrong) {
        assertThatThrownBy(wrong::get).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(path + ": ");
    }

    @Test
    void reasonsAreCutWhereTheyAreTooLong() {
        TreeMap<String, String> numbers = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            numbers.put("n" + i, "x".repeat(1_000));
        }
        ScalingReason reason = ScalingReason.cut(ScalingReason.TARGET, "\uD83D\uDE00".repeat(400),
                numbers);
        assertThat(reason.numbers()).hasSize(ScalingReason.NUMBERS_MAX);
        assertThat(reason.sentence()).hasSizeLessThanOrEqualTo(500)
                .endsWith("\uD83D\uDE00");
        assertThatThrownBy(() -> new ScalingReason("k", "x".repeat(501)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aShareOfStandbysIsRoundedUp() {
        assertThat(new Standby(0, 10).of(11)).isEqualTo(2);
        assertThat(new Standby(3, 0).of(11)).isEqualTo(3);
        assertThat(new Standby(0, 10).of(0)).isZero();
    }
}
