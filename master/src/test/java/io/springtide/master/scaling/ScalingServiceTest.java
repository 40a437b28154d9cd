package io.springtide.master.scaling;

import io.springtide.api.agent.Prefetch;
import io.springtide.core.command.Command;
import io.springtide.core.elasticity.ScalingDecision;
import io.springtide.core.elasticity.ScalingPolicy;
import io.springtide.core.elasticity.Schedule;
import io.springtide.core.elasticity.Target;
import io.springtide.master.prefetch.Progress;
import io.springtide.master.scaling.Queries.Answered;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: what is measured becomes counts. Method: the real core, said loads, a clock that steps. */
class ScalingServiceTest {

    private static final ScalingPolicy REQUESTS = new ScalingPolicy(2, 50,
            List.of(new Target(Target.Kind.REQUESTS, 100_000)));

    private final ScalingBed bed = new ScalingBed();
    private ScalingService service = bed.service();

    @BeforeEach
    void empty() {
        assertThat(bed.count()).isEqualTo(-1);
    }

    @Test
    void growsWithinTheReportThatTellsOfTheStep() {
        bed.app(2, REQUESTS);
        bed.report(180, 10);
        assertThat(bed.count()).isEqualTo(2);
        assertThat(bed.ordered).isEmpty();

        long beforeMs = bed.nowMs;
        bed.report(2_000);
        assertThat(bed.nowMs).isEqualTo(beforeMs);
        assertThat(bed.count()).isEqualTo(20);
        assertThat(bed.decisions().getLast().reason().sentence()).contains("requests/s 2000");
        assertThat(bed.counters.decisions(
                io.springtide.core.elasticity.Verdict.Direction.UP)).isOne();
    }

    @Test
    void neverHasTwoOrdersOfAnAppUnderWay() {
        bed.app(2, REQUESTS);
        bed.report(180, 3);
        bed.hold();
        bed.report(2_000, 5);
        bed.report(3_000, 5);
        assertThat(bed.ordered).hasSize(1);
        bed.release();
        bed.report(3_000, 1);
        assertThat(bed.count()).isEqualTo(30);
        assertThat(bed.ordered).hasSize(2);
    }

    @Test
    void whatIsReportedMeanwhileIsFollowedWhenTheOrderIsDone() {
        bed.app(2, REQUESTS);
        bed.report(180, 3);
        bed.hold();
        bed.report(2_000);
        bed.report(3_000);
        assertThat(bed.ordered).hasSize(1);
        bed.release();
        assertThat(bed.count()).as("without another report, and in the same second").isEqualTo(30);
        assertThat(bed.ordered).hasSize(2);
    }

    @Test
    void shrinksAfterTheWindowAndNotBefore() {
        bed.app(20, REQUESTS);
        bed.report(2_000, 310);
        bed.report(300, 290);
        assertThat(bed.count()).isEqualTo(20);
        bed.report(300, 20);
        assertThat(bed.count()).isEqualTo(3);
    }

    @Test
    void aSourceThatFallsSilentFreezesIsAlarmedAndComesBack() {
        bed.app(20, REQUESTS);
        bed.report(2_000, 310);
        bed.forget();
        bed.pass(400_000);
        assertThat(bed.count()).isEqualTo(20);
        Standing standing = service.standing(ScalingBed.APP).orElseThrow();
        assertThat(standing.verdict().frozen()).isTrue();
        assertThat(standing.trouble().orElseThrow()).contains("no load balancer has said anything");
        assertThat(service.alarming()).hasSize(1);
        assertThat(bed.counters.frozen()).isOne();

        bed.report(300, 310);
        assertThat(service.alarming()).isEmpty();
        assertThat(bed.count()).isEqualTo(3);
    }

    /** The same number again and again: whoever measures has stopped. */
    @Test
    void aReportThatIsNotRenewedGrowsStale() {
        bed.app(20, REQUESTS);
        bed.report(2_000, 310);
        bed.report(100);
        bed.pass(400_000);
        assertThat(bed.count()).isEqualTo(20);
        assertThat(service.standing(ScalingBed.APP).orElseThrow().trouble().orElseThrow())
                .contains("s old");
    }

    @Test
    void schedulesCountWhileEverythingElseIsSilent() {
        bed.app(2, REQUESTS.withSchedules(new Schedule("open", "30 10 * * *", "Europe/Berlin", 30,
                600_000, 0, 60_000)));
        // 09:00 UTC is 10:00 in Berlin: it must be ready at 10:29.
        bed.pass(28 * 60_000);
        assertThat(bed.count()).isEqualTo(2);
        bed.pass(61_000);
        assertThat(bed.count()).isEqualTo(30);
        assertThat(bed.decisions().getLast().reason().kind()).isEqualTo("schedule");
        assertThat(service.standing(ScalingBed.APP).orElseThrow().verdict().frozen()).isTrue();
        bed.pass(20 * 60_000);
        assertThat(bed.count()).as("frozen, so it does not shrink after it").isEqualTo(30);
    }

    @Test
    void whatAScheduleWillNeedIsFetchedBeforeItBegins() {
        bed.needed = Prefetch.newBuilder().setId("web-1").setImage("r/web:1").build();
        Schedule open = new Schedule("open", "30 10 * * *", "Europe/Berlin", 30, 600_000, 0,
                60_000);
        bed.app(2, REQUESTS.withSchedules(open));
        // 09:00 UTC is 10:00 in Berlin, and it begins at 10:29.
        bed.pass(1_000);
        assertThat(bed.wanted).containsExactly(bed.needed);
        Progress progress = service.prefetch(ScalingBed.APP).orElseThrow();
        assertThat(progress.occasion().schedule()).isEqualTo("open");
        assertThat(progress.occasion().missing()).isEqualTo(28);
        assertThat(progress.agents()).isOne();
        assertThat(service.unfetched()).isEmpty();

        bed.pass(30 * 60_000);
        assertThat(bed.count()).isEqualTo(30);
        assertThat(bed.wanted).isEmpty();
        assertThat(service.prefetch(ScalingBed.APP)).isEmpty();
    }

    @Test
    void nothingIsFetchedForAPolicyOnTrialOrWhenItIsTakenAway() {
        bed.needed = Prefetch.newBuilder().setId("web-1").setImage("r/web:1").build();
        ScalingPolicy policy = REQUESTS.withSchedules(new Schedule("open", "30 10 * * *",
                "Europe/Berlin", 30, 600_000, 0, 60_000));
        bed.app(2, policy.withDryRun(true));
        bed.pass(2_000);
        assertThat(bed.wanted).isEmpty();
        bed.command(new Command.SetScaling(ScalingBed.APP, policy));
        bed.pass(2_000);
        assertThat(bed.wanted).hasSize(1);
        bed.command(new Command.RemoveScaling(ScalingBed.APP));
        bed.pass(2_000);
        assertThat(bed.wanted).isEmpty();
    }

    @Test
    void aPolicyOnTrialIsWrittenDownAndChangesNothing() {
        bed.app(2, REQUESTS.withDryRun(true));
        bed.report(2_000, 10);
        assertThat(bed.count()).isEqualTo(2);
        assertThat(bed.decisions()).hasSize(1);
        assertThat(bed.decisions().getFirst()).returns(true, ScalingDecision::dryRun)
                .returns(20, ScalingDecision::to);
        assertThat(bed.ordered).as("said once").hasSize(1);
        bed.report(3_000, 2);
        assertThat(bed.decisions().getLast().to()).isEqualTo(30);
    }

    @Test
    void aNewLeaderDoesNotShrinkBeforeItHasWatched() {
        bed.app(20, REQUESTS);
        bed.report(2_000, 310);
        bed.report(300, 100);
        service.close();
        bed.forget();
        service = bed.service();
        bed.pass(10_000);
        bed.report(300, 290);
        assertThat(bed.count()).isEqualTo(20);
        bed.report(300, 20);
        assertThat(bed.count()).isEqualTo(3);
    }

    @Test
    void aNewLeaderGrowsWithItsFirstReport() {
        bed.app(2, REQUESTS);
        bed.report(180, 3);
        service.close();
        service = bed.service();
        bed.report(2_000);
        assertThat(bed.count()).isEqualTo(20);
    }

    @Test
    void takesTheUseOfReadyInstancesAndIgnoresAgentsThatAreSilent() {
        bed.app(4, new ScalingPolicy(2, 50, List.of(new Target(Target.Kind.CPU, 50_000))));
        bed.uses(1_000);
        bed.pass(1_000);
        assertThat(bed.count()).isEqualTo(8);
        bed.heardMsAgo = 20_000;
        bed.pass(1_000);
        assertThat(service.standing(ScalingBed.APP).orElseThrow().trouble().orElseThrow())
                .contains("no agent says");
    }

    /** Half of them are new, and nothing is known of them: they count as nothing. */
    @Test
    void whatIsUnknownMovesNothing() {
        bed.app(4, new ScalingPolicy(2, 50, List.of(new Target(Target.Kind.CPU, 50_000))));
        bed.uses(600);
        bed.usages.keySet().removeIf(number -> number % 2 == 0);
        bed.pass(2_000);
        assertThat(bed.count()).isEqualTo(4);
    }

    @Test
    void asksForQueriesAndSaysWhatIsWrongWithTheirAnswers() {
        bed.app(2, new ScalingPolicy(2, 50,
                List.of(Target.query("sum(lag)", 10_000, Target.Measure.TOTAL))));
        bed.pass(1_000);
        assertThat(bed.asked).containsExactly("sum(lag)");
        assertThat(service.alarming()).isEmpty();
        bed.answers.put("sum(lag)", Answered.of(95, bed.nowMs));
        bed.pass(1_000);
        assertThat(bed.count()).isEqualTo(10);
        bed.answers.put("sum(lag)", Answered.none("the query gives 3 series", bed.nowMs));
        bed.pass(10_000);
        assertThat(service.alarming()).hasSize(1);
        assertThat(service.alarming().getFirst().trouble().orElseThrow())
                .contains("/targets(0): the query gives 3 series");
        bed.command(new Command.RemoveScaling(ScalingBed.APP));
        bed.pass(1_000);
        assertThat(service.alarming()).isEmpty();
        assertThat(bed.asked).isEmpty();
        assertThat(bed.count()).isEqualTo(10);
    }

    @Test
    void aDeployDoesNotResetWhatThePolicyOwns() {
        bed.app(2, REQUESTS);
        bed.report(2_000, 5);
        bed.submit(7);
        bed.report(2_000, 5);
        assertThat(bed.count()).isEqualTo(20);
    }

    @Test
    void anotherPolicyIsFollowedAtOnce() {
        bed.app(2, REQUESTS);
        bed.report(2_000, 3);
        bed.command(new Command.SetScaling(ScalingBed.APP, new ScalingPolicy(2, 50,
                List.of(new Target(Target.Kind.REQUESTS, 50_000)))));
        service.look();
        bed.report(2_000, 1);
        assertThat(bed.count()).isEqualTo(40);
    }
}
