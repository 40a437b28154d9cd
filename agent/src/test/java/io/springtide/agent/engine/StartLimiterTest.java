package io.springtide.agent.engine;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StartLimiterTest {

    private static final int PER_SECOND = 10;
    private static final int BURST = 5;

    private final StartLimiter limiter = new StartLimiter(
            new StartLimits(PER_SECOND, BURST, 1_000));

    private static List<Long> ids(List<StartLimiter.Turn> turns) {
        return turns.stream().map(StartLimiter.Turn::instanceId).toList();
    }

    private void add(String digest, int from, int count) {
        for (long id = from; id < from + count; id++) {
            limiter.add(id, digest, 0);
        }
    }

    @Test
    void letsABurstPassAndThenSoManyASecondInOrder() {
        add("a", 1, 20);
        assertThat(ids(limiter.due(0))).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(limiter.due(99)).isEmpty();
        assertThat(ids(limiter.due(100))).containsExactly(6L);
        assertThat(ids(limiter.due(400))).containsExactly(7L, 8L, 9L);
        assertThat(limiter.waiting()).isEqualTo(11);
        assertThat(ids(limiter.due(60_000))).as("no more than a burst is saved up").hasSize(BURST);
    }

    @Test
    void boundsTheColdStartsUnderWay() {
        StartLimiter two = new StartLimiter(new StartLimits(100, 100, 2));
        for (long id = 1; id <= 4; id++) {
            two.add(id, "a", 7);
        }
        assertThat(two.due(0)).containsExactly(new StartLimiter.Turn(1, 7),
                new StartLimiter.Turn(2, 7));
        two.starting(1);
        assertThat(two.due(10)).isEmpty();
        two.running(1, 20);
        assertThat(ids(two.due(20))).containsExactly(3L);
        two.starting(3);
        assertThat(ids(two.due(StartLimiter.FETCHING_AFTER_MS)))
                .as("2 waits for its image, which is no start").containsExactly(4L);
        two.ended(2, true, StartLimiter.FETCHING_AFTER_MS);
        assertThat(two.slowed()).isEqualTo(1);
    }

    @Test
    void oneThatIsStuckWhileItStartsGivesItsPlaceUp() {
        StartLimiter one = new StartLimiter(new StartLimits(100, 100, 1));
        one.add(1, "a", 0);
        one.add(2, "b", 0);
        assertThat(ids(one.due(0))).containsExactly(1L);
        one.starting(1);
        assertThat(one.due(StartLimiter.STUCK_AFTER_MS - 1)).isEmpty();
        assertThat(ids(one.due(StartLimiter.STUCK_AFTER_MS))).containsExactly(2L);
        one.ended(1, true, StartLimiter.STUCK_AFTER_MS);
        assertThat(one.slowed()).as("it has never run").isEqualTo(1);
    }

    @Test
    void specsThatFailAtOnceLeaveTheTokensToOthers() {
        long nowMs = 0;
        for (long id = 1; id <= 6; id++) {
            limiter.add(id, "bad", 0);
            limiter.due(nowMs);
            limiter.running(id, nowMs);
            limiter.ended(id, true, nowMs + 50);
            nowMs += 1_000;
        }
        assertThat(limiter.slowed()).isEqualTo(1);
        nowMs += 10_000;
        add("bad", 100, 500);
        add("good", 1_000, 500);
        int bad = 0;
        int good = 0;
        for (int i = 0; i < 100; i++, nowMs += 100) {
            for (long id : ids(limiter.due(nowMs))) {
                bad += id < 1_000 ? 1 : 0;
                good += id < 1_000 ? 0 : 1;
            }
        }
        assertThat(bad).as("a 32nd of 10 a second for 10 s, and one at first").isBetween(1, 5);
        assertThat(good).isBetween(95, 106);
    }

    @Test
    void oneThatLastsGivesItsSpecTheWholeShareBack() {
        for (long id = 1; id <= 3; id++) {
            limiter.add(id, "a", 0);
            limiter.due(0);
            limiter.ended(id, true, 10);
        }
        assertThat(limiter.slowed()).isEqualTo(1);
        limiter.add(4, "a", 0);
        assertThat(ids(limiter.due(30_000))).containsExactly(4L);
        limiter.running(4, 30_000);
        limiter.due(30_900);
        assertThat(limiter.slowed()).isEqualTo(1);
        limiter.due(31_000);
        assertThat(limiter.slowed()).isZero();
    }

    @Test
    void aFailureIsForgivenAfterAMinute() {
        limiter.add(1, "a", 0);
        limiter.due(0);
        limiter.ended(1, true, 10);
        limiter.due(59_000);
        assertThat(limiter.slowed()).isEqualTo(1);
        limiter.due(61_000);
        assertThat(limiter.slowed()).isZero();
    }

    @Test
    void aLateFailureAQuickSuccessAndAKillAreNoReason() {
        add("a", 1, 3);
        limiter.due(0);
        limiter.running(1, 0);
        limiter.ended(1, true, 1_500);
        limiter.ended(2, false, 20);
        limiter.ended(3, false, 20);
        assertThat(limiter.slowed()).isZero();
    }

    @Test
    void whatIsGivenUpWhileItWaitsTakesNoTurn() {
        add("a", 1, 7);
        limiter.due(0);
        assertThat(limiter.gpus(6)).hasValue(0);
        limiter.ended(6, false, 0);
        assertThat(limiter.gpus(6)).isEmpty();
        assertThat(ids(limiter.due(10_000))).containsExactly(7L);
    }

    @Test
    void theUsualLimitsDoNotSlowAHundred() {
        StartLimits usual = StartLimits.of(2);
        StartLimiter machine = new StartLimiter(usual);
        for (long id = 1; id <= 1_000; id++) {
            machine.add(id, "a", 0);
        }
        int begun = 0;
        for (int i = 0; i < 50 && begun < 100; i++) {
            for (long id : ids(machine.due(0))) {
                machine.running(id, 0);
                begun++;
            }
        }
        assertThat(begun).isEqualTo(100);
        assertThat(machine.due(0)).isEmpty();
        assertThat(usual).isEqualTo(new StartLimits(100, 100, 16));
    }
}
