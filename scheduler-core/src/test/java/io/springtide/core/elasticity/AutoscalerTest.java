package io.springtide.core.elasticity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What one policy decides on, example by example. */
class AutoscalerTest {

    private static final Target REQUESTS = new Target(Target.Kind.REQUESTS, 100_000);
    private static final Target CONCURRENCY = new Target(Target.Kind.CONCURRENCY, 10_000);
    private static final Target CPU = new Target(Target.Kind.CPU, 50_000);
    private static final Target LATENCY = new Target(Target.Kind.LATENCY, 200_000);
    private static final long START_MS = 1_000_000;

    private long nowMs = START_MS;

    private static Autoscaler scaler(ScalingPolicy policy) {
        return new Autoscaler(policy, List.of(), START_MS);
    }

    private static ScalingPolicy policy(Target... targets) {
        return new ScalingPolicy(1, 100, List.of(targets));
    }

    private Observation seen(int count, int ready, double... values) {
        List<Optional<Sample>> samples = new ArrayList<>();
        for (double value : values) {
            samples.add(Optional.of(new Sample(value, nowMs, 1_000)));
        }
        return new Observation(count, ready, count - ready, samples, Optional.empty(), List.of());
    }

    private Observation with(Observation seen, double arrivals, double inFlight, double waiting) {
        return new Observation(seen.count(), seen.ready(), seen.launching(), seen.samples(),
                Optional.of(new Traffic(arrivals, inFlight, waiting, nowMs)), seen.windows());
    }

    private static Observation with(Observation seen, ScheduleWindow... windows) {
        return new Observation(seen.count(), seen.ready(), seen.launching(), seen.samples(),
                seen.traffic(), List.of(windows));
    }

    @Test
    void growsAtOnceToWhatTheLoadAsksFor() {
        Verdict verdict = scaler(policy(REQUESTS)).decide(seen(10, 10, 5_260), nowMs);
        assertThat(verdict.count()).isEqualTo(53);
        assertThat(verdict.direction()).isEqualTo(Verdict.Direction.UP);
        assertThat(verdict.sentence()).isEqualTo("53 instead of 10 instances:"
                + " requests/s 5260, of 100 for each, which asks for 53");
        assertThat(verdict.reason().kind()).isEqualTo(ScalingReason.TARGET);
        assertThat(verdict.reason().numbers()).containsEntry("/targets(0)",
                "53: requests/s 5260, of 100 for each");
    }

    @Test
    void averagesAloneNeverLeaveAnAppWithoutAnInstance() {
        ScalingPolicy low = new ScalingPolicy(0, 100, List.of(CPU, LATENCY))
                .withBehaviour(Behaviour.UP, new Behaviour(0, List.of(), Behaviour.Select.MOST));
        Autoscaler scaler = scaler(low);
        assertThat(scaler.decide(seen(3, 3, 0, 0), nowMs).count()).isEqualTo(2);
        assertThat(scaler.decide(seen(1, 1, 0, 0), nowMs).count()).isEqualTo(1);
        Verdict back = scaler.decide(seen(0, 0, 0, 0), nowMs);
        assertThat(back.count()).isEqualTo(1);
        assertThat(back.sentence()).contains("averages cannot be measured without an instance");
        assertThat(scaler(new ScalingPolicy(0, 100, List.of(REQUESTS, CPU)))
                .decide(seen(0, 0, 0, 0), nowMs).count()).isZero();
    }

    @Test
    void doesNothingWithinItsTolerance() {
        Autoscaler scaler = scaler(policy(REQUESTS));
        assertThat(scaler.decide(seen(10, 10, 1_100), nowMs).count()).isEqualTo(10);
        assertThat(scaler.decide(seen(10, 10, 1_100.1), nowMs).count()).isEqualTo(12);
        nowMs += 400_000;
        assertThat(scaler.decide(seen(10, 10, 900), nowMs).count()).isEqualTo(10);
    }

    @Test
    void whatIsLaunchingIsNotLaunchedOnceMore() {
        Autoscaler scaler = scaler(policy(CPU));
        assertThat(scaler.decide(seen(10, 10, 100), nowMs).count()).isEqualTo(20);
        assertThat(scaler.decide(seen(20, 10, 100), nowMs).count()).isEqualTo(20);
        assertThat(scaler.decide(seen(20, 12, 100), nowMs).count()).isEqualTo(24);
        assertThat(scaler(policy(REQUESTS)).decide(seen(20, 10, 2_000), nowMs).count())
                .isEqualTo(20);
    }

    @Test
    void theTargetThatAsksForMostWins() {
        Verdict verdict = scaler(policy(REQUESTS, CPU)).decide(seen(10, 10, 1_500, 100), nowMs);
        assertThat(verdict.count()).isEqualTo(20);
        assertThat(verdict.winner().orElseThrow().path()).isEqualTo("/targets(1)");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1,
            1e13})
    void aMadSampleFreezesAndOthersMayStillGrow(double mad) {
        Autoscaler scaler = scaler(policy(REQUESTS, CPU));
        nowMs += 400_000;
        Verdict verdict = scaler.decide(seen(10, 10, mad, 1), nowMs);
        assertThat(verdict.frozen()).isTrue();
        assertThat(verdict.count()).isEqualTo(10);
        assertThat(verdict.sentence()).contains("can be believed");
        assertThat(scaler.decide(seen(10, 10, mad, 100), nowMs).count()).isEqualTo(20);
    }

    @Test
    void whatIsMissingOrOldFreezes() {
        Autoscaler scaler = scaler(policy(REQUESTS));
        nowMs += 400_000;
        Observation missing = new Observation(10, 10, 0, List.of(Optional.empty()),
                Optional.empty(), List.of());
        assertThat(scaler.decide(missing, nowMs).frozen()).isTrue();
        Observation then = seen(10, 10, 5);
        assertThat(scaler.decide(then, nowMs + 15_000).frozen()).isFalse();
        Verdict verdict = scaler.decide(then, nowMs + 15_001);
        assertThat(verdict.frozen()).isTrue();
        assertThat(verdict.count()).isEqualTo(10);
        assertThat(new Sample(1, nowMs, 60_000).stale(nowMs + 180_000)).isFalse();
    }

    @Test
    void theFreezeIsStillRememberedInTheWindow() {
        Autoscaler scaler = scaler(policy(REQUESTS));
        nowMs += 400_000;
        scaler.decide(seen(10, 10, Double.NaN), nowMs);
        nowMs += 299_000;
        assertThat(scaler.decide(seen(10, 10, 5), nowMs).count()).isEqualTo(10);
        nowMs += 2_000;
        assertThat(scaler.decide(seen(10, 10, 5), nowMs).count()).isEqualTo(1);
    }

    @Test
    void anAverageOverNobodySaysNothing() {
        Verdict verdict = scaler(policy(CPU)).decide(seen(3, 0, 0), nowMs + 900_000);
        assertThat(verdict.frozen()).isTrue();
        assertThat(verdict.count()).isEqualTo(3);
    }

    @Test
    void comesUpFromNothing() {
        ScalingPolicy none = new ScalingPolicy(0, 100, List.of(REQUESTS));
        assertThat(scaler(none).decide(seen(0, 0, 1), nowMs).count()).isEqualTo(1);
        assertThat(scaler(none).decide(seen(0, 0, 0), nowMs).count()).isZero();
    }

    @Test
    void aNewLeaderDoesNotShrinkInItsFirstWindow() {
        Autoscaler scaler = scaler(policy(REQUESTS));
        for (int second = 0; second < 300; second++) {
            assertThat(scaler.decide(seen(50, 50, 500), nowMs).count()).isEqualTo(50);
            nowMs += 1_000;
        }
        assertThat(scaler.decide(seen(50, 50, 500), nowMs).count()).isEqualTo(5);
    }

    @Test
    void fallsNoLowerThanWasAskedForWithinTheWindow() {
        Autoscaler scaler = scaler(policy(REQUESTS));
        nowMs += 400_000;
        scaler.decide(seen(50, 50, 3_000), nowMs);
        nowMs += 200_000;
        Verdict verdict = scaler.decide(seen(50, 50, 500), nowMs);
        assertThat(verdict.count()).isEqualTo(30);
        assertThat(verdict.sentence()).contains("more was asked for a while ago");
        nowMs += 101_000;
        assertThat(scaler.decide(seen(30, 30, 500), nowMs).count()).isEqualTo(5);
    }

    @Test
    void waitsForARiseToLastWhereItIsToldTo() {
        Behaviour slow = new Behaviour(10_000, List.of(), Behaviour.Select.MOST);
        Autoscaler scaler = scaler(policy(REQUESTS).withBehaviour(slow, Behaviour.DOWN));
        scaler.decide(seen(10, 10, 1_000), nowMs);
        nowMs += 5_000;
        assertThat(scaler.decide(seen(10, 10, 4_000), nowMs).count()).isEqualTo(10);
        nowMs += 6_000;
        assertThat(scaler.decide(seen(10, 10, 3_000), nowMs).count()).isEqualTo(30);
    }

    @Test
    void keepsTheStepsOfItsPolicy() {
        Behaviour two = new Behaviour(0,
                List.of(new Behaviour.Step(Behaviour.Unit.INSTANCES, 2, 10_000),
                        new Behaviour.Step(Behaviour.Unit.PERCENT, 50, 10_000)),
                Behaviour.Select.LEAST);
        Autoscaler scaler = scaler(policy(REQUESTS).withBehaviour(two, Behaviour.DOWN));
        Verdict verdict = scaler.decide(seen(3, 3, 9_000), nowMs);
        assertThat(verdict.count()).isEqualTo(5);
        assertThat(verdict.sentence()).contains("steps allow no more");
        nowMs += 9_000;
        assertThat(scaler.decide(seen(5, 5, 9_000), nowMs).count()).isEqualTo(5);
        nowMs += 2_000;
        assertThat(scaler.decide(seen(5, 5, 9_000), nowMs).count()).isEqualTo(7);
    }

    @Test
    void stepsOfTheLeaderBeforeStillCount() {
        Behaviour two = new Behaviour(0,
                List.of(new Behaviour.Step(Behaviour.Unit.INSTANCES, 2, 10_000)),
                Behaviour.Select.MOST);
        ScalingPolicy policy = policy(REQUESTS).withBehaviour(two, Behaviour.DOWN);
        ScalingReason reason = new ScalingReason(ScalingReason.TARGET, "");
        Autoscaler next = new Autoscaler(policy,
                List.of(new ScalingDecision(nowMs - 3_000, 3, 5, reason, false)), nowMs);
        assertThat(next.decide(seen(5, 5, 9_000), nowMs).count()).isEqualTo(5);
    }

    @Test
    void neverMovesWhereThePolicySaysSo() {
        Behaviour never = new Behaviour(0, List.of(), Behaviour.Select.NONE);
        Autoscaler scaler = scaler(policy(REQUESTS).withBehaviour(never, never));
        nowMs += 10_000;
        assertThat(scaler.decide(seen(5, 5, 9_000), nowMs).count()).isEqualTo(5);
        assertThat(scaler.decide(seen(5, 5, 1), nowMs).count()).isEqualTo(5);
    }

    @Test
    void aFloodIsMetByItsOwnWindowAndHeld() {
        Autoscaler scaler = scaler(policy(REQUESTS).withBurst(Burst.DEFAULT));
        nowMs += 400_000;
        // The sample is of a longer window and has hardly noticed.
        Verdict verdict = scaler.decide(with(seen(10, 10, 1_050), 5_000, 0, 0), nowMs);
        assertThat(verdict.count()).isEqualTo(50);
        assertThat(verdict.winner().orElseThrow().kind()).isEqualTo(ScalingReason.BURST);
        for (int second = 1; second < 60; second++) {
            assertThat(scaler.decide(with(seen(50, 50, 100), 100, 0, 0),
                    nowMs + second * 1_000L).count()).isEqualTo(50);
        }
    }

    @Test
    void aFloodIsNoneWhereTheReadyOnesShouldCarryIt() {
        Autoscaler scaler = scaler(policy(REQUESTS).withBurst(Burst.DEFAULT));
        assertThat(scaler.decide(with(seen(10, 10, 1_000), 1_990, 0, 0), nowMs).count())
                .isEqualTo(10);
    }

    @Test
    void whatWaitsIsAFloodToo() {
        Autoscaler scaler = scaler(policy(CONCURRENCY).withBurst(Burst.DEFAULT));
        assertThat(scaler.decide(with(seen(10, 10, 100), 0, 100, 150), nowMs).count())
                .isEqualTo(25);
    }

    @Test
    void aSteepRiseAboveWhatTheyCarryIsAFlood() {
        Autoscaler scaler = scaler(policy(REQUESTS).withBurst(Burst.DEFAULT));
        scaler.decide(with(seen(10, 10, 950), 600, 0, 0), nowMs);
        nowMs += 1_000;
        Verdict verdict = scaler.decide(with(seen(10, 10, 950), 1_400, 0, 0), nowMs);
        assertThat(verdict.count()).isEqualTo(14);
        assertThat(verdict.sentence()).contains("risen from 600");
    }

    @Test
    void aSlopeAsksForWhatItWillBeInAWindow() {
        Autoscaler scaler = scaler(policy(REQUESTS).withBurst(Burst.DEFAULT));
        scaler.decide(with(seen(10, 10, 950), 600, 0, 0), nowMs);
        nowMs += 1_000;
        scaler.decide(with(seen(10, 10, 950), 1_000, 0, 0), nowMs);
        nowMs += 1_000;
        Verdict verdict = scaler.decide(with(seen(10, 10, 950), 1_400, 0, 0), nowMs);
        assertThat(verdict.count()).isEqualTo(22);
        assertThat(verdict.sentence()).isEqualTo("22 instead of 10 instances: arrivals/s 1400,"
                + " where 10 ready ones should have 1000, risen from 600, got ready for 2200,"
                + " which asks for 22");
    }

    @Test
    void aSlopeIsNotBelievedBeyondTheFactor() {
        Autoscaler scaler = scaler(policy(REQUESTS).withBurst(new Burst(2_000, 1_500, 60_000)));
        scaler.decide(with(seen(10, 10, 950), 600, 0, 0), nowMs);
        nowMs += 1_000;
        scaler.decide(with(seen(10, 10, 950), 1_000, 0, 0), nowMs);
        nowMs += 1_000;
        assertThat(scaler.decide(with(seen(10, 10, 950), 1_400, 0, 0), nowMs).count())
                .isEqualTo(21);
    }

    @Test
    void aStepIsNoSlope() {
        Autoscaler scaler = scaler(policy(REQUESTS).withBurst(Burst.DEFAULT));
        for (int second = 0; second < 2; second++) {
            scaler.decide(with(seen(10, 10, 950), 950, 0, 0), nowMs);
            nowMs += 1_000;
        }
        for (int second = 0; second < 4; second++) {
            assertThat(scaler.decide(with(seen(10, 10, 950), 5_000, 0, 0), nowMs).count())
                    .isEqualTo(50);
            nowMs += 1_000;
        }
    }

    @Test
    void whatWaitsCountsWithoutATargetOfConcurrency() {
        Autoscaler scaler = scaler(policy(REQUESTS).withBurst(Burst.DEFAULT));
        assertThat(scaler.decide(with(seen(10, 10, 1_000), 1_000, 100, 400), nowMs).count())
                .as("worked off soon enough").isEqualTo(10);
        nowMs += 1_000;
        Verdict verdict = scaler.decide(with(seen(10, 10, 1_300), 1_300, 100, 900), nowMs);
        assertThat(verdict.count()).isEqualTo(22);
        assertThat(verdict.sentence()).contains("arrivals/s 1300 and 900 waiting",
                "got ready for 2200");
        nowMs += 1_000;
        assertThat(scaler.decide(with(seen(22, 10, 1_300), 1_300, 100, 90_000), nowMs).count())
                .as("not beyond the factor").isEqualTo(26);
    }

    @Test
    void stepsBoundAFloodToo() {
        Behaviour slow = new Behaviour(0,
                List.of(new Behaviour.Step(Behaviour.Unit.INSTANCES, 3, 15_000)),
                Behaviour.Select.MOST);
        Autoscaler scaler = scaler(policy(REQUESTS).withBehaviour(slow, Behaviour.DOWN)
                .withBurst(Burst.DEFAULT));
        assertThat(scaler.decide(with(seen(10, 10, 1_000), 1_300, 100, 900), nowMs).count())
                .isEqualTo(13);
    }

    @Test
    void aScheduleIsReadyByItsTimeEvenWithoutSamples() {
        Schedule sale = new Schedule("sale", "0 10 * * *", "UTC", 41, 60_000, 100_000, 30_000);
        Autoscaler scaler = scaler(policy(REQUESTS).withSchedules(sale));
        long fromMs = nowMs + 400_000;
        ScheduleWindow window = ScheduleWindow.of(sale, fromMs);
        Observation blind = with(seen(1, 1, Double.NaN), window);
        assertThat(scaler.decide(blind, fromMs - 130_001).count()).isEqualTo(1);
        assertThat(scaler.decide(blind, fromMs - 80_000).count()).isEqualTo(21);
        Verdict verdict = scaler.decide(blind, fromMs - 30_000);
        assertThat(verdict.count()).isEqualTo(41);
        assertThat(verdict.frozen()).isTrue();
        assertThat(verdict.reason().kind()).isEqualTo(ScalingReason.SCHEDULE);
        nowMs = fromMs + 60_000;
        assertThat(scaler.decide(with(seen(41, 41, 1), window), nowMs).count()).isEqualTo(41);
        nowMs += 301_000;
        assertThat(scaler.decide(with(seen(41, 41, 1), window), nowMs).count()).isEqualTo(1);
    }

    @Test
    void schedulesAloneAreEnough() {
        Schedule sale = new Schedule("sale", "0 10 * * *", "UTC", 7, 60_000, 0, 0);
        Autoscaler scaler = scaler(policy().withSchedules(sale));
        nowMs += 400_000;
        assertThat(scaler.decide(with(seen(1, 1), ScheduleWindow.of(sale, nowMs)), nowMs).count())
                .isEqualTo(7);
        nowMs += 400_000;
        Verdict over = scaler.decide(seen(7, 7), nowMs);
        assertThat(over.count()).isEqualTo(1);
        assertThat(over.sentence()).isEqualTo(
                "1 instead of 7 instances: nothing asks for more than the least");
    }

    @Test
    void latencySaysThatItIsTooMuchAndNotHowMuch() {
        Autoscaler scaler = scaler(policy(LATENCY));
        assertThat(scaler.decide(seen(10, 10, 9_000), nowMs).count()).isEqualTo(20);
        nowMs += 400_000;
        assertThat(scaler.decide(seen(20, 20, 150), nowMs).count()).isEqualTo(20);
        nowMs += 400_000;
        assertThat(scaler.decide(seen(20, 20, 20), nowMs).count()).isEqualTo(18);
    }

    @Test
    void theReasonOfTheLargestPolicyIsBounded() {
        ScalingPolicy large = policy(IntStream.range(0, 16)
                .mapToObj(i -> Target.query("query" + i, 1, Target.Measure.TOTAL))
                .toArray(Target[]::new));
        double[] values = IntStream.range(0, 16).mapToDouble(i -> i).toArray();
        ScalingReason reason = scaler(large).decide(seen(1, 1, values), nowMs).reason();
        assertThat(reason.numbers()).hasSize(16);
        assertThat(reason.sentence()).contains("bounds are 1 and 100");
    }

    @Test
    void samplesOfAnotherPolicyAreRefused() {
        assertThatThrownBy(() -> scaler(policy(CPU)).decide(seen(1, 1), nowMs))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void numbersAreWrittenAsPeopleWriteThem() {
        assertThat(List.of(Load.plain(0), Load.plain(1), Load.plain(1_500), Load.plain(20_000),
                Load.plain(5_260_050))).containsExactly("0", "0.001", "1.5", "20", "5260.05");
    }
}
