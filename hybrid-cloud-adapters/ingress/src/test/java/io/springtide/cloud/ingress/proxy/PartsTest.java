package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The parts that need no network: limit, breaker, histogram, choice. */
class PartsTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void limitLetsTheRateThroughAndAShortBurst() {
        RateLimit limit = new RateLimit(100, 0);
        int burst = 0;
        while (limit.take(0)) {
            burst++;
        }
        assertThat(burst).isEqualTo(10);
        int later = 0;
        for (long now = 0; now < 10 * SECOND; now += 1_000_000) {
            later += limit.take(now) ? 1 : 0;
        }
        assertThat(later).isBetween(995, 1_001);
    }

    @Test
    void limitOfOneASecondLetsOneThrough() {
        RateLimit limit = new RateLimit(1, 0);
        assertThat(limit.take(0)).isTrue();
        assertThat(limit.take(SECOND / 2)).isFalse();
        assertThat(limit.take(SECOND)).isTrue();
        limit.limit(0);
        assertThat(limit.take(SECOND)).isTrue();
    }

    @Test
    void breakerOpensAfterFiveInARowAndDoubles() {
        Breaker breaker = new Breaker();
        for (int i = 0; i < 4; i++) {
            breaker.failed(0, true);
        }
        breaker.succeeded();
        for (int i = 0; i < 5; i++) {
            assertThat(breaker.admits(0)).isTrue();
            breaker.failed(0, true);
        }
        assertThat(breaker.admits(SECOND - 1)).isFalse();
        assertThat(breaker.admits(SECOND)).isTrue();
        assertThat(breaker.begin()).isTrue();
        assertThat(breaker.admits(SECOND)).as("one trial at a time").isFalse();
        breaker.failed(SECOND, true);
        assertThat(breaker.admits(3 * SECOND - 1)).isFalse();
        assertThat(breaker.admits(3 * SECOND)).isTrue();
        breaker.begin();
        breaker.abandoned();
        assertThat(breaker.admits(3 * SECOND)).isTrue();
        breaker.begin();
        breaker.succeeded();
        assertThat(breaker.admits(3 * SECOND)).isTrue();
    }

    @Test
    void breakerIsOutForHalfAMinuteAtMost() {
        Breaker breaker = new Breaker();
        long now = 0;
        for (int i = 0; i < 20; i++) {
            breaker.begin();
            breaker.failed(now, false);
            now += 30 * SECOND;
        }
        assertThat(breaker.admits(now)).isTrue();
        assertThat(breaker.answers()).isTrue();
    }

    @Test
    void histogramIsWithinAnEighth() {
        Histogram histogram = new Histogram();
        for (int i = 1; i <= 1_000; i++) {
            histogram.add(i * 1_000_000L);
        }
        Histogram sum = new Histogram();
        sum.drain(histogram);
        assertThat(histogram.total()).isZero();
        assertThat(histogram.p99Ms()).isEqualTo(-1);
        assertThat(sum.meanMs()).isCloseTo(500.5, within(0.01));
        assertThat(sum.p99Ms()).isBetween(990.0, 990 * 1.125);
        sum.add(0);
        sum.add(Long.MAX_VALUE / 2);
        assertThat(sum.total()).isEqualTo(1_002);
    }

    @Test
    void sharesFollowWeightsWhileThereIsLittleToDo() {
        for (Balance balance : List.of(Balance.LEAST_CONNECTIONS, Balance.ROUND_ROBIN,
                Balance.SOURCE)) {
            Roster roster = roster(balance, 0, 90, 10, 0);
            Map<Long, Integer> shares = shares(roster, 20_000, 0);
            assertThat(shares.getOrDefault(0L, 0) / 20_000.0).as(balance + "").isCloseTo(0.9,
                    within(0.02));
            assertThat(shares.getOrDefault(1L, 0) / 20_000.0).as(balance + "").isCloseTo(0.1,
                    within(0.02));
            assertThat(shares).doesNotContainKey(2L);
        }
    }

    @Test
    void takesTheLeastBusyOfFewAndNeverTheBusiestOfMany() {
        Roster few = roster(Balance.LEAST_CONNECTIONS, 0, 100, 100, 100);
        few.all[0].inFlight.set(2);
        few.all[1].inFlight.set(1);
        few.all[2].inFlight.set(3);
        assertThat(shares(few, 100, 0)).containsOnlyKeys(1L);

        int[] weights = new int[50];
        java.util.Arrays.fill(weights, 100);
        Roster many = roster(Balance.LEAST_CONNECTIONS, 0, weights);
        for (Target target : many.all) {
            target.inFlight.set(5);
        }
        many.all[7].inFlight.set(50);
        assertThat(shares(many, 5_000, 0)).doesNotContainKey(7L).hasSize(49);
    }

    @Test
    void clientsOfAnEndpointThatStaysAreNotMoved() {
        Roster before = roster(Balance.SOURCE, 0, 100, 100, 100, 100, 100);
        Roster after = roster(Balance.SOURCE, 0, 100, 100, 100, 100);
        Choice choice = new Choice(0, 10, 1);
        for (int i = 0; i < 1_000; i++) {
            Target one = choice.any(before, new Choice.Turn(), "10.0.0." + i, null, 0);
            Target other = choice.any(after, new Choice.Turn(), "10.0.0." + i, null, 0);
            long from = Objects.requireNonNull(one).instance;
            if (from != 4) {
                assertThat(Objects.requireNonNull(other).instance).isEqualTo(from);
            }
        }
    }

    @Test
    void weightRisesSlowly() {
        Endpoint old = new Endpoint(0, "h", 1, 1, 100, false);
        Endpoint young = new Endpoint(1, "h", 2, 1, 100, false);
        List<Target> targets = List.of(new Target(old, "", -100 * SECOND, 1),
                new Target(young, "", 0, 1));
        Roster roster = new Roster(targets, List.of(old, young), rules(Balance.ROUND_ROBIN, 10_000),
                true, 0);
        assertThat(shares(roster, 11_000, 0).get(1L)).isCloseTo(1_000, within(10));
        assertThat(shares(roster, 15_000, 5 * SECOND).get(1L)).isCloseTo(5_000, within(10));
        assertThat(shares(roster, 10_000, 11 * SECOND).get(1L)).isCloseTo(5_000, within(10));
    }

    @Test
    void passesOverThoseThatAreOutUnlessNobodyElseIsLeft() {
        Roster roster = roster(Balance.LEAST_CONNECTIONS, 0, 100, 100);
        trip(roster.all[0], false);
        assertThat(shares(roster, 100, 0)).containsOnlyKeys(1L);
        trip(roster.all[1], false);
        assertThat(shares(roster, 100, 0)).as("they did answer").containsOnlyKeys(0L, 1L);
        trip(roster.all[0], true);
        assertThat(shares(roster, 100, 0)).containsOnlyKeys(1L);
        trip(roster.all[1], true);
        assertThat(shares(roster, 100, 0)).as("nobody is there").isEmpty();
    }

    private static void trip(Target target, boolean connecting) {
        Breaker breaker = target.lanes[0].breaker;
        breaker.succeeded();
        for (int i = 0; i < Breaker.FAILURES_MAX; i++) {
            breaker.failed(0, connecting);
        }
    }

    private static Map<Long, Integer> shares(Roster roster, int requests, long now) {
        Choice choice = new Choice(0, 10, 42);
        Choice.Turn turn = new Choice.Turn();
        Map<Long, Integer> shares = new HashMap<>();
        for (int i = 0; i < requests; i++) {
            Target target = choice.any(roster, turn, "client" + i, null, now);
            if (target != null) {
                shares.merge(target.instance, 1, Integer::sum);
            }
        }
        return shares;
    }

    private static TrafficRules rules(Balance balance, int slowStartMs) {
        return Kit.rules(rules -> {
            rules.balance = balance;
            rules.slowStartMs = slowStartMs;
        });
    }

    private static Roster roster(Balance balance, int slowStartMs, int... weights) {
        List<Endpoint> endpoints = new ArrayList<>();
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            Endpoint endpoint = new Endpoint(i, "h", 1 + i, 1, weights[i], false);
            endpoints.add(endpoint);
            targets.add(new Target(endpoint, "", 0, 1));
        }
        return new Roster(targets, endpoints, rules(balance, slowStartMs), slowStartMs > 0, 0);
    }
}
