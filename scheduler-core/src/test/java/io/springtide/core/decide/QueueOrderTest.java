package io.springtide.core.decide;

import io.springtide.core.CoreSettings;
import io.springtide.core.command.Command;
import io.springtide.core.event.Event;
import io.springtide.core.model.AppId;
import io.springtide.core.model.Backoff;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Rejection;
import io.springtide.core.model.Resources;
import io.springtide.core.model.RoleSpec;
import io.springtide.core.model.Rules;
import io.springtide.core.model.ServiceClass;
import io.springtide.core.sim.Cluster;
import io.springtide.core.sim.SimAgent;
import io.springtide.core.sim.Specs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Who is placed first where not all have room, what quota allows, and that nobody waits for ever. */
class QueueOrderTest {

    private static final long UNLIMITED = RoleSpec.UNLIMITED;

    private final Cluster cluster = new Cluster();

    private static Specs.App app(String path, int instances, Rules rules) {
        return Specs.app(path, instances).hostPorts().rules(rules);
    }

    private static Specs.App ofRole(String path, int instances, String role) {
        return app(path, instances, Rules.NONE.withRole(role));
    }

    /** Puts apps into one batch. */
    private void submit(Specs.App... apps) {
        for (Specs.App app : apps) {
            cluster.ask(app.submit());
        }
        cluster.settle();
    }

    private void role(String name, int weight, long guaranteedCpus, long limitCpus) {
        cluster.run(new Command.ConfigureRole(
                new RoleSpec(name, weight, new Resources(guaranteedCpus * 1_000, 0, 0, 0),
                        limitCpus == UNLIMITED
                                ? Optional.empty()
                                : Optional.of(new Resources(limitCpus * 1_000, UNLIMITED,
                                        UNLIMITED, Integer.MAX_VALUE)),
                        Optional.empty())));
    }

    @Test
    void anAgentThatIsHeldIsKeptFromStandbysOfAnyPriority() {
        cluster.joinMany(1);
        cluster.accept(app("/web", 1, Rules.NONE.withPriority(10)).submit());
        Holds.Hold hold = new Holds.Hold(0, new AppId("/large"), 0, Long.MAX_VALUE);
        Quota quota = new Quota(cluster.state());
        assertThat(hold.against(new Waiting(cluster.app("/web"), true), quota)).isTrue();
        assertThat(hold.against(new Waiting(cluster.app("/web"), false), quota)).isFalse();
    }

    private int running(String path) {
        return cluster.active(path).size();
    }

    @Test
    void theHigherPriorityGoesFirst() {
        cluster.joinMany(1);
        submit(app("/a-low", 4, Rules.NONE), app("/b-high", 3, Rules.NONE.withPriority(5)));
        assertThat(running("/b-high")).isEqualTo(3);
        assertThat(running("/a-low")).isEqualTo(1);
    }

    @Test
    void withinAPriorityBestEffortGoesLast() {
        cluster.joinMany(1);
        Rules bestEffort = Rules.NONE.withServiceClass(ServiceClass.BEST_EFFORT);
        submit(app("/a", 4, bestEffort), app("/b", 4, Rules.NONE));
        assertThat(running("/b")).isEqualTo(4);
        assertThat(running("/a")).isZero();
    }

    @Test
    void withinARoleWhoHasWaitedLongestGoesFirst() {
        submit(app("/b-old", 3, Rules.NONE));
        cluster.passMs(500);
        submit(app("/a-new", 3, Rules.NONE));
        cluster.joinMany(1);
        assertThat(running("/b-old")).isEqualTo(3);
        assertThat(running("/a-new")).isEqualTo(1);
    }

    @Test
    void aBurstOfOneAppIsOneEvent() {
        cluster.joinMany(10);
        cluster.run(ofRole("/other", 1, "red").submit());
        int mark = cluster.journal().size();
        submit(ofRole("/burst", 30, "blue"));
        assertThat(cluster.since(mark, Event.InstancesPlaced.class)).hasSize(1);
    }

    @Test
    void rolesShareEvenly() {
        submit(ofRole("/a", 20, "red"), ofRole("/b", 20, "blue"));
        cluster.joinMany(3);
        assertThat(running("/a")).isEqualTo(6);
        assertThat(running("/b")).isEqualTo(6);
    }

    @Test
    void rolesShareByWeight() {
        role("red", 3, 0, UNLIMITED);
        submit(ofRole("/a", 20, "red"), ofRole("/b", 20, "blue"));
        cluster.joinMany(3);
        assertThat(running("/a")).isEqualTo(9);
        assertThat(running("/b")).isEqualTo(3);
    }

    @Test
    void whatARoleHasAlreadyCounts() {
        cluster.joinMany(1);
        submit(ofRole("/had", 4, "red"));
        submit(ofRole("/a", 20, "red"), ofRole("/b", 20, "blue"));
        cluster.join(Specs.agent("b0", "s0", "r0"));
        assertThat(running("/a")).isZero();
        assertThat(running("/b")).isEqualTo(4);
    }

    /** The example of the paper: 9 processors and 18 GB; one wants 1 and 4, the other 3 and 1. */
    @Test
    void sharesAreThoseOfTheDominantResource() {
        submit(ofRole("/a", 20, "red").resources(new Resources(1_000, 4_000, 0, 0)),
                ofRole("/b", 20, "blue").resources(new Resources(3_000, 1_000, 0, 0)));
        cluster.join(Specs.agent("a0", "s0", "r0", new Resources(9_000, 18_000, 0, 0), List.of()));
        assertThat(running("/a")).isEqualTo(3);
        assertThat(running("/b")).isEqualTo(2);
    }

    @Test
    void whoLacksWhatItIsGuaranteedGoesFirst() {
        role("red", 1, 3, UNLIMITED);
        submit(ofRole("/a", 20, "blue"), ofRole("/b", 20, "red"));
        cluster.joinMany(1);
        assertThat(running("/b")).isEqualTo(3);
        assertThat(running("/a")).isEqualTo(1);
    }

    @Test
    void aLimitIsNeverPassed() {
        cluster.joinMany(4);
        role("red", 1, 0, 5);
        submit(ofRole("/a", 8, "red"));
        assertThat(running("/a")).isEqualTo(5);
        assertThat(cluster.app("/a").missing()).isEqualTo(3);
        assertThat(cluster.app("/a").rejections().count(Rejection.QUOTA)).isEqualTo(4);
        assertThat(cluster.app("/a").rejections().agents()).isEqualTo(4);
    }

    @Test
    void aRaisedLimitIsUsedAtOnce() {
        cluster.joinMany(4);
        role("red", 1, 0, 5);
        submit(ofRole("/a", 8, "red"));
        role("red", 1, 0, 7);
        assertThat(running("/a")).isEqualTo(7);
        cluster.run(new Command.RemoveRole("red"));
        assertThat(running("/a")).isEqualTo(8);
        assertThat(cluster.app("/a").missing()).isZero();
    }

    @Test
    void whatOthersAreGuaranteedStaysFree() {
        cluster.joinMany(2);
        role("red", 1, 3, UNLIMITED);
        submit(ofRole("/greedy", 8, "blue"));
        assertThat(running("/greedy")).isEqualTo(5);
        assertThat(cluster.app("/greedy").rejections().count(Rejection.QUOTA)).isEqualTo(2);
        submit(ofRole("/entitled", 4, "red"));
        assertThat(running("/entitled")).isEqualTo(3);
        assertThat(running("/greedy")).isEqualTo(5);
    }

    @Test
    void itsOwnGuaranteeARoleMayUseUp() {
        cluster.joinMany(1);
        role("red", 1, 3, UNLIMITED);
        role("blue", 1, 3, UNLIMITED);
        submit(ofRole("/a", 8, "red"));
        assertThat(running("/a")).isEqualTo(3);
    }

    @Test
    void bestEffortTakesNothingOfAGuarantee() {
        cluster.joinMany(1);
        role("red", 1, 4, UNLIMITED);
        submit(app("/spare", 4, Rules.NONE.withServiceClass(ServiceClass.BEST_EFFORT)));
        assertThat(running("/spare")).isEqualTo(4);
    }

    @Test
    void aRoleThatNobodyHasConfiguredCannotBeRemoved() {
        cluster.joinMany(1);
        submit(ofRole("/a", 1, "red"));
        int mark = cluster.journal().size();
        assertThat(cluster.run(new Command.RemoveRole("red")).toString()).contains("NOT_FOUND");
        assertThat(cluster.run(new Command.RemoveRole("green")).toString()).contains("NOT_FOUND");
        assertThat(cluster.journal()).hasSize(mark);
    }

    @Test
    void configuringTheSameAgainIsNoFact() {
        role("red", 2, 1, 5);
        int mark = cluster.journal().size();
        role("red", 2, 1, 5);
        assertThat(cluster.journal()).hasSize(mark);
    }

    @Test
    void aLargeOneDoesNotStarveBesideSmallOnes() {
        assertThat(servedWithin(400, CoreSettings.DEFAULT)).isTrue();
    }

    /** What the test above would be worth without the rule. */
    @Test
    void withoutHoldsItWould() {
        CoreSettings patient = new CoreSettings(5_000, 60_000, 300_000, 10_000, 19_999,
                Long.MAX_VALUE / 2, 100_000);
        assertThat(servedWithin(400, patient)).isFalse();
    }

    /** Small ones end every second, and others like them are there to take their place. */
    private static boolean servedWithin(int seconds, CoreSettings settings) {
        Cluster cluster = new Cluster(settings);
        cluster.joinMany(4);
        cluster.accept(Specs.app("/small", 40).hostPorts().backoff(new Backoff(0, 1_000_000, 0))
                .submit());
        cluster.passMs(100);
        cluster.accept(Specs.app("/large", 1).hostPorts().cpus(3_000).submit());
        cluster.quiesce();
        for (int second = 0; second < seconds; second++) {
            long oldest = cluster.active("/small").getFirst();
            cluster.agents().forEach(agent -> end(cluster, agent, oldest));
            cluster.live(1);
            if (!cluster.active("/large").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static void end(Cluster cluster, SimAgent agent, long number) {
        if (agent.held().contains(number)) {
            cluster.end(agent, number, Condition.FINISHED);
        }
    }

    /** Otherwise four small ones would wait for ever for one agent of a few. */
    @Test
    void onlyAPartOfTheAgentsIsHeld() {
        cluster.joinMany(2);
        submit(app("/a", 8, Rules.NONE));
        submit(app("/large", 2, Rules.NONE).cpus(4_000));
        cluster.passSeconds(61);
        submit(app("/b", 8, Rules.NONE));
        cluster.accept(new Command.DeleteApp(new AppId("/a")));
        cluster.quiesce();
        assertThat(running("/large") * 4 + running("/b")).isEqualTo(8);
    }
}
