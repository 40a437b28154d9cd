package io.springtide.core.elasticity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Goal: a sale that multiplies the load by fifty within a second is met within seconds, and the machines
 * are given back once. Method: a series with noise, second by second, replayed against an app whose
 * instances take some seconds to start; metrics are averages of ten seconds, as metrics are.
 */
class FlashSaleTest {

    private static final int BASE = 400;
    private static final int PEAK = 20_000;
    private static final int EACH = 100;
    private static final int SALE_S = 900;
    private static final int END_S = SALE_S + 240;
    private static final int SECONDS = 3_000;
    private static final int START_S = 4;
    private static final long BEGIN_MS = 1_700_000_000_000L;

    /** One second of the replay. */
    private record Second(int at, double load, int count, int ready) {}

    /** Requests a second: flat, then fifty times as many, then a decay with a half-life of a minute. */
    private static double[] sale() {
        SplittableRandom random = new SplittableRandom(7);
        double[] series = new double[SECONDS];
        for (int i = 0; i < SECONDS; i++) {
            double mean = BASE;
            if (i >= SALE_S) {
                mean = i < END_S ? PEAK : BASE + (PEAK - BASE) * Math.pow(0.5, (i - END_S) / 60.0);
            }
            series[i] = mean * (1 + random.nextDouble(-0.04, 0.04));
        }
        return series;
    }

    private static List<Second> replay(ScalingPolicy policy, List<ScheduleWindow> windows) {
        double[] series = sale();
        Autoscaler scaler = new Autoscaler(policy, List.of(), BEGIN_MS - 600_000);
        TreeMap<Integer, Integer> coming = new TreeMap<>();
        List<Second> seconds = new ArrayList<>();
        int count = BASE / EACH;
        int ready = count;
        for (int i = 0; i < SECONDS; i++) {
            ready += coming.getOrDefault(i, 0);
            coming.remove(i);
            int launching = coming.values().stream().mapToInt(Integer::intValue).sum();
            double sum = 0;
            for (int back = 0; back < 10; back++) {
                sum += series[Math.max(0, i - back)];
            }
            long nowMs = BEGIN_MS + i * 1_000L;
            Verdict verdict = scaler.decide(new Observation(count, ready, launching,
                    List.of(Optional.of(new Sample(sum / 10, nowMs, 1_000))),
                    Optional.of(new Traffic(series[i], 0, 0, nowMs)), windows), nowMs);
            count = verdict.count();
            int more = count - ready - launching;
            if (more > 0) {
                coming.merge(i + START_S, more, Integer::sum);
            } else {
                ready += more;
            }
            seconds.add(new Second(i, series[i], count, ready));
        }
        return seconds;
    }

    private static ScalingPolicy policy() {
        return new ScalingPolicy(2, 1_000,
                List.of(new Target(Target.Kind.REQUESTS, EACH * 1_000L)));
    }

    private static int turns(List<Second> seconds) {
        int turns = 0;
        int direction = 0;
        for (int i = 1; i < seconds.size(); i++) {
            int step = Integer.compare(seconds.get(i).count, seconds.get(i - 1).count);
            turns += step != 0 && step != direction ? 1 : 0;
            direction = step == 0 ? direction : step;
        }
        return turns;
    }

    @Test
    void aFloodIsMetInTheSecondInWhichItIsSeen() {
        List<Second> seconds = replay(policy().withBurst(Burst.DEFAULT), List.of());
        Second first = seconds.get(SALE_S);
        assertThat(first.count).isGreaterThanOrEqualTo((int) (first.load / EACH));
        for (Second one : seconds.subList(SALE_S + START_S, SECONDS)) {
            assertThat(one.ready * EACH * 1.1).as("at " + one.at)
                    .isGreaterThanOrEqualTo(one.load);
        }
        assertThat(seconds.stream().mapToInt(Second::count).max().orElse(0))
                .isLessThanOrEqualTo((int) Math.ceil(PEAK * 1.04 / EACH) + 1);
        assertThat(seconds.getLast().count).isLessThanOrEqualTo(BASE / EACH + 2);
        assertThat(turns(seconds)).as("up once, down once").isEqualTo(2);
    }

    /** Without it the average of ten seconds is what is followed. */
    @Test
    void withoutBurstModeItTakesTheWindowOfTheMetric() {
        List<Second> seconds = replay(policy(), List.of());
        assertThat(seconds.get(SALE_S).count * EACH).isLessThan(PEAK / 4);
        assertThat(seconds.get(SALE_S + 10).count * EACH * 1.1).isGreaterThan(PEAK);
        assertThat(turns(seconds)).isEqualTo(2);
    }

    @Test
    void aScheduledSaleFindsEverythingReady() {
        Schedule sale = new Schedule("sale", "0 10 * * *", "Asia/Shanghai", 208, 300_000, 60_000,
                (START_S + 1) * 1_000L);
        List<Second> seconds = replay(policy().withSchedules(sale),
                List.of(ScheduleWindow.of(sale, BEGIN_MS + SALE_S * 1_000L)));
        for (Second one : seconds) {
            assertThat(one.ready * EACH * 1.1).as("at " + one.at)
                    .isGreaterThanOrEqualTo(one.load);
        }
        assertThat(seconds.get(SALE_S - 70).count).isLessThan(8);
        assertThat(turns(seconds)).isEqualTo(2);
    }
}
