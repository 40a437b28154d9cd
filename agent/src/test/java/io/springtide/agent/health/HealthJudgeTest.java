package io.springtide.agent.health;

import io.springtide.api.agent.HealthCheck;
import io.springtide.api.agent.HealthReport;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HealthJudgeTest {

    private final HealthJudge judge = new HealthJudge(
            HealthCheck.newBuilder().setGracePeriodMs(1000).setConsecutiveFailuresMax(2).build(),
            0, false);

    private HealthReport fail(long atMs) {
        return judge.judge(new Outcome.Unhealthy("no"), atMs).orElseThrow();
    }

    @Test
    void failuresDoNotCountWithinTheGrace() {
        assertThat(fail(100).getConsecutiveFailures()).isZero();
        assertThat(judge.judge(new Outcome.Unhealthy("no"), 800)).as("no news").isEmpty();
        assertThat(judge.judge(new Outcome.Unhealthy("never"), 900).orElseThrow().getExhausted())
                .isFalse();
        assertThat(fail(1001).getConsecutiveFailures()).isEqualTo(1);
        assertThat(fail(1002).getExhausted()).isFalse();
        assertThat(fail(1003).getExhausted()).isTrue();
    }

    @Test
    void oneFailureMoreThanTheMostThatAreAllowedIsTooMany() {
        judge.judge(new Outcome.Healthy(), 10);
        assertThat(fail(20).getExhausted()).isFalse();
        assertThat(fail(30)).satisfies(second -> {
            assertThat(second.getConsecutiveFailures()).isEqualTo(2);
            assertThat(second.getExhausted()).as("as many as are allowed").isFalse();
        });
        assertThat(fail(40).getExhausted()).isTrue();
        judge.judge(new Outcome.Healthy(), 50);
        assertThat(fail(60).getExhausted()).as("counted anew").isFalse();
    }

    @Test
    void whereNoneIsTheMostNoneIsTooMany() {
        HealthJudge lenient = new HealthJudge(HealthCheck.getDefaultInstance(), 0, true);
        for (int i = 0; i < 100; i++) {
            assertThat(lenient.judge(new Outcome.Unhealthy("no"), i).orElseThrow().getExhausted())
                    .isFalse();
        }
    }

    @Test
    void theGraceEndsWithTheFirstSuccess() {
        assertThat(judge.judge(new Outcome.Healthy(), 10).orElseThrow().getAlive()).isTrue();
        assertThat(fail(20).getConsecutiveFailures()).isEqualTo(1);
        assertThat(fail(30).getConsecutiveFailures()).isEqualTo(2);
    }

    @Test
    void whatWasAliveBeforeThisAgentWasStartedHasNoGraceAnyMore() {
        HealthJudge next = new HealthJudge(HealthCheck.newBuilder().setGracePeriodMs(1000)
                .setConsecutiveFailuresMax(2).build(), 0, true);
        assertThat(next.before().orElseThrow().getAlive()).isTrue();
        assertThat(judge.before()).isEmpty();
        assertThat(next.judge(new Outcome.Healthy(), 10)).as("no news").isEmpty();
        assertThat(next.judge(new Outcome.Unhealthy("no"), 20).orElseThrow()
                .getConsecutiveFailures()).isEqualTo(1);
    }

    @Test
    void onlyNewsIsTold() {
        assertThat(judge.judge(new Outcome.Healthy(), 10)).isPresent();
        assertThat(judge.judge(new Outcome.Healthy(), 20)).isEmpty();
        assertThat(judge.judge(new Outcome.Ignored(), 30)).isEmpty();
        fail(40);
        assertThat(judge.judge(new Outcome.Healthy(), 50).orElseThrow().getConsecutiveFailures())
                .isZero();
    }
}
