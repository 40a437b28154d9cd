package io.springtide.master.traffic;

import io.springtide.cloud.ingress.IngressDriver;
import io.springtide.cloud.ingress.wire.IngressReport;
import io.springtide.cloud.ingress.wire.TrafficJson;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.core.command.Command;
import io.springtide.core.model.AppId;
import io.springtide.core.model.AppVersion;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Health;
import io.springtide.core.model.Readiness;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: traffic goes where it is served, and nowhere else. Method: the real core, stepped time. */
class TrafficTest {

    private static final AppId SHOP = new AppId("/shop");
    private final TrafficWorld world = new TrafficWorld();

    @BeforeEach
    void agents() {
        world.agent("a1");
        world.agent("a2");
    }

    private void checked(int instances, boolean readiness) {
        world.submit(world.spec("/shop", instances, Map.of("HAPROXY_GROUP", "external",
                "HAPROXY_0_VHOST", "shop.example"), !readiness, readiness, "1"));
    }

    private long first() {
        return world.instances("/shop").getFirst();
    }

    // ------------------------------------------------------------ the table

    @Test
    void servesWhatRunsAndSaysWhere() {
        world.served("/shop", 3);
        world.submit(world.spec("/batch", 2, Map.of("owner", "x"), false, false, "1"));
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).isEmpty();
        world.run("/shop");
        world.report("/batch", Condition.RUNNING, Health.UNKNOWN);
        world.timing.pass(20);
        assertThat(world.driver.last().services()).hasSize(1);
        Service shop = world.service("/shop:0");
        assertThat(world.open("/shop:0")).containsExactlyElementsOf(world.instances("/shop"));
        assertThat(shop.endpoints()).allSatisfy(one -> {
            assertThat(one.host()).endsWith(".example");
            assertThat(one.port()).isEqualTo(world.instance(one.instance()).port(0));
            assertThat(one.weight()).isEqualTo(Endpoint.WEIGHT);
        });
        assertThat(shop.front().hosts()).containsExactly("shop.example");
    }

    @Test
    void revisionsRiseAndANewLeaderIsAboveAll() {
        world.served("/shop", 1);
        world.run("/shop");
        assertThat(world.driver.told).extracting("revision", Long.class).isSorted()
                .allMatch(revision -> revision >> 32 == TrafficWorld.EPOCH);
        long before = world.driver.last().revision();
        world.reign(8, List.of(world.driver));
        world.timing.pass(20);
        assertThat(world.driver.last().revision()).isGreaterThan(before);
        assertThat(world.open("/shop:0")).hasSize(1);
    }

    @Test
    void aBurstOfFactsIsOneTable() {
        world.served("/shop", 30);
        world.timing.pass(100);
        int before = world.driver.told.size();
        world.report("/shop", Condition.RUNNING, Health.UNKNOWN);
        world.timing.pass(100);
        assertThat(world.driver.told.size() - before).isBetween(1, 2);
        assertThat(world.open("/shop:0")).hasSize(30);
    }

    @Test
    void waitsForHealthAndReadiness() {
        checked(1, false);
        world.run("/shop");
        assertThat(world.open("/shop:0")).isEmpty();
        world.report(first(), Condition.RUNNING, Health.ALIVE, Optional.empty());
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).hasSize(1);

        world.submit(world.spec("/ready", 1, Map.of("TIDE_0_HOST", "r.example"), false, true,
                "1"));
        world.run("/ready");
        assertThat(world.open("/ready:0")).isEmpty();
        world.report(world.instances("/ready").getFirst(), Condition.RUNNING, Health.UNKNOWN,
                Optional.of(new Readiness(true, 200, "", "")));
        world.timing.pass(20);
        assertThat(world.open("/ready:0")).hasSize(1);
    }

    @Test
    void oneThatFailsItsChecksGoesWhileOthersServe() {
        checked(3, false);
        world.report("/shop", Condition.RUNNING, Health.ALIVE);
        world.report(first(), Condition.RUNNING, Health.DEAD, Optional.empty());
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).hasSize(2).doesNotContain(first());
        assertThat(world.traffic.trouble().empty()).isEmpty();
        world.report(first(), Condition.RUNNING, Health.ALIVE, Optional.empty());
        world.timing.pass(20);
        assertThat(world.open("/shop:0")).hasSize(3);
    }

    @Test
    void sharesTrafficBetweenVersionsByTheirWeights() {
        world.served("/shop", 3);
        world.run("/shop");
        long oldMs = world.instance(first()).version().configuredMs();
        world.submit(world.spec("/shop", 3, Map.of("TIDE_0_HOST", "shop.example"), false, false,
                "2"));
        long newOne = world.instances("/shop").getLast();
        AppVersion next = world.instance(newOne).version();
        world.report(newOne, Condition.RUNNING, Health.UNKNOWN, Optional.empty());
        world.command(new Command.SetWeights(SHOP,
                new TreeMap<>(Map.of(oldMs, 90, next.versionMs(), 10))));
        world.timing.pass(20);
        List<Endpoint> open = world.service("/shop:0").endpoints().stream()
                .filter(one -> !one.draining()).toList();
        long olds = open.stream().filter(one -> one.versionMs() == oldMs).count();
        long news = open.size() - olds;
        assertThat(olds).isPositive();
        assertThat(news).isPositive();
        double newShare = open.stream().filter(one -> one.versionMs() != oldMs)
                .mapToInt(Endpoint::weight).sum()
                / (double) open.stream().mapToInt(Endpoint::weight).sum();
        assertThat(newShare).isBetween(0.07, 0.13);
    }

    @Test
    void weightsThatWouldTurnEverybodyAwayCountForNothing() {
        Endpoint one = new Endpoint(1, "h", 1, 100, Endpoint.WEIGHT, false);
        assertThat(new Weights(Map.of(200L, 100)).apply(List.of(one))).containsExactly(one);
        assertThat(new Weights(Map.of(100L, 0)).apply(List.of(one))).containsExactly(one);
    }

    /** A measurement, printed: what a fact costs must not depend on how many instances there are. */
    @Test
    void servesFiftyThousandInstances() {
        world.served("/shop", 50_000);
        world.runAtOnce("/shop");
        assertThat(world.open("/shop:0")).hasSize(50_000);
        List<Long> all = world.instances("/shop");
        long beganNanos = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            world.report(all.get(i), Condition.FINISHED, Health.UNKNOWN, Optional.empty());
        }
        double eachMs = (System.nanoTime() - beganNanos) / 20e6;
        long tableNanos = System.nanoTime();
        world.timing.pass(20);
        System.out.printf("a fact among 50 000 instances, the core's work included: %.3f ms;"
                + " the table: %.1f ms%n", eachMs, (System.nanoTime() - tableNanos) / 1e6);
        assertThat(world.open("/shop:0")).doesNotContain(all.getFirst());
    }

    @Test
    void anAppThatTakesItsLabelsBackIsServedNoLonger() {
        world.served("/shop", 1);
        world.run("/shop");
        world.submit(world.spec("/shop", 1, Map.of(), false, false, "1"));
        world.timing.pass(20);
        assertThat(world.driver.last().services()).isEmpty();
    }

    // ------------------------------------------------------------ the gate

    @Test
    void whatIsToEndIsHeldUntilNobodySendsAnythingAndAllIsAnswered() {
        world.served("/shop", 2);
        world.run("/shop");
        world.driver.idle();
        world.timing.pass(200);
        world.served("/shop", 1);
        long ending = world.instances("/shop").getLast();
        assertThat(world.traffic.mayKill(world.instance(ending))).isFalse();
        world.timing.pass(500);
        assertThat(world.draining("/shop:0")).containsExactly(ending);
        assertThat(world.released).as("the driver has the table before only").isEmpty();

        world.driver.busy("/shop:0", ending, 1, 0);
        world.timing.pass(500);
        assertThat(world.released).as("a request is under way").isEmpty();
        world.driver.busy("/shop:0", ending, 0, 2);
        world.timing.pass(500);
        assertThat(world.released).as("a client is bound to it").isEmpty();
        assertThat(world.traffic.mayKill(world.instance(ending))).isFalse();

        world.driver.busy("/shop:0", ending, 0, 0);
        world.timing.pass(200);
        assertThat(world.released).containsExactly(ending);
        assertThat(world.traffic.mayKill(world.instance(ending))).isTrue();
        assertThat(world.traffic.cuts()).isZero();
        world.timing.pass(2_000);
        assertThat(world.released).as("said again once").containsExactly(ending, ending);
    }

    @Test
    void afterItsTimeItIsCut() {
        world.submit(world.spec("/shop", 2,
                Map.of("TIDE_0_HOST", "shop.example", "TIDE_DRAIN", "5s"), false, false, "1"));
        world.run("/shop");
        world.submit(world.spec("/shop", 1,
                Map.of("TIDE_0_HOST", "shop.example", "TIDE_DRAIN", "5s"), false, false, "1"));
        long ending = world.instances("/shop").getLast();
        assertThat(world.traffic.mayKill(world.instance(ending))).isFalse();
        world.timing.pass(30);
        world.driver.busy("/shop:0", ending, 1, 0);
        world.timing.pass(4_900);
        assertThat(world.released).isEmpty();
        world.timing.pass(300);
        assertThat(world.released).containsExactly(ending);
        assertThat(world.traffic.cuts()).isEqualTo(1);
    }

    @Test
    void whatIsNotServedEndsAtOnce() {
        world.submit(world.spec("/batch", 1, Map.of(), false, false, "1"));
        world.run("/batch");
        long batch = world.instances("/batch").getFirst();
        world.served("/shop", 2);
        long starting = world.instances("/shop").getFirst();
        world.submit(world.spec("/quick", 1,
                Map.of("TIDE_0_HOST", "q.example", "TIDE_DRAIN", "0"), false, false, "1"));
        world.run("/quick");
        long quick = world.instances("/quick").getFirst();
        world.submit(world.spec("/ill", 2, Map.of("TIDE_0_HOST", "i.example"), true, false, "1"));
        world.report("/ill", Condition.RUNNING, Health.ALIVE);
        long ill = world.instances("/ill").getFirst();
        world.report(ill, Condition.RUNNING, Health.DEAD, Optional.empty());
        world.timing.pass(20);
        world.command(new Command.KillInstances(List.of(batch, starting, quick, ill), true, true));
        for (long number : List.of(batch, starting, quick, ill)) {
            assertThat(world.traffic.mayKill(world.instance(number))).as("" + number).isTrue();
        }
    }

    @Test
    void withoutDriversNothingIsHeld() {
        TrafficWorld alone = new TrafficWorld(false);
        alone.agent("a1");
        alone.served("/shop", 1);
        alone.run("/shop");
        long number = alone.instances("/shop").getFirst();
        alone.command(new Command.KillInstances(List.of(number), false, true));
        assertThat(alone.traffic.mayKill(alone.instance(number))).isTrue();
        assertThat(alone.traffic.picture().services()).hasSize(1);
    }

    @Test
    void aNewLeaderBeginsAnewAndWaitsForASilentDriverOnlyBriefly() {
        world.served("/shop", 2);
        world.run("/shop");
        world.served("/shop", 1);
        long ending = world.instances("/shop").getLast();
        world.timing.pass(50);
        Traffic next = world.reign(8, List.of(world.driver));
        world.driver.says = TrafficReport.NOTHING;
        world.timing.pass(50);
        assertThat(world.draining("/shop:0")).containsExactly(ending);
        assertThat(next.mayKill(world.instance(ending))).isFalse();
        world.timing.pass(2_800);
        assertThat(world.released).isEmpty();
        world.timing.pass(300);
        assertThat(world.released).containsExactly(ending);
        assertThat(next.cuts()).isZero();
    }

    @Test
    void aNewLeaderBelievesNoDriverThatHasHeardNobody() {
        world.served("/shop", 2);
        world.run("/shop");
        world.served("/shop", 1);
        long ending = world.instances("/shop").getLast();
        Traffic next = world.reign(8, List.of(world.driver));
        world.timing.pass(50);
        world.driver.says = new TrafficReport(world.driver.last().revision(), "", 0, List.of());
        assertThat(next.mayKill(world.instance(ending))).isFalse();
        world.timing.pass(2_800);
        assertThat(world.released).as("whoever has the old table may not have been heard yet")
                .isEmpty();
        world.timing.pass(300);
        assertThat(world.released).containsExactly(ending);
    }

    @Test
    void oneThatEndsByItselfIsForgotten() {
        world.served("/shop", 2);
        world.run("/shop");
        world.served("/shop", 1);
        long ending = world.instances("/shop").getLast();
        assertThat(world.traffic.mayKill(world.instance(ending))).isFalse();
        assertThat(world.traffic.held()).isEqualTo(1);
        world.report(ending, Condition.FINISHED, Health.UNKNOWN, Optional.empty());
        world.timing.pass(100);
        assertThat(world.traffic.held()).isZero();
        assertThat(world.service("/shop:0").endpoints()).hasSize(1);
    }

    // ------------------------------------------------------------ loads

    @Test
    void addsUpWhatDriversMeasure() {
        int[] heard = {0};
        world.traffic.loads().onReport(() -> heard[0]++);
        world.served("/shop", 1);
        world.run("/shop");
        world.driver.busy("/shop:0", first(), 4, 1);
        world.timing.pass(100);
        AppLoad load = world.traffic.loads().load(SHOP).orElseThrow();
        assertThat(load.arrivalsPerSecond()).isEqualTo(12);
        assertThat(load.refusedPerSecond()).isEqualTo(2);
        assertThat(load.concurrency()).isEqualTo(4);
        assertThat(load.waiting()).isEqualTo(3);
        assertThat(load.errorsPerSecond()).isEqualTo(1);
        assertThat(load.p99Ms()).isEqualTo(20);
        assertThat(heard[0]).isEqualTo(1);
        world.timing.pass(1_000);
        assertThat(heard[0]).as("nothing is newer").isEqualTo(1);
        assertThat(world.traffic.loads().load(new AppId("/other"))).isEmpty();
        world.timing.pass(LoadTable.STALE.toMillis());
        assertThat(world.traffic.loads().load(SHOP)).as("nothing was said lately").isEmpty();
        assertThat(world.traffic.measured()).isEmpty();
        assertThat(heard[0]).isEqualTo(2);
    }

    @Test
    void whatIngressesReportIsLookedAtTogetherAndSoon() {
        Traffic next = world.reign(8, List.of(new IngressDriver()));
        world.timing.pass(5);
        int[] heard = {0};
        next.loads().onReport(() -> heard[0]++);
        for (int i = 1; i <= 3; i++) {
            next.reported(TrafficJson.write(new IngressReport("i" + i, List.of(),
                    new TrafficReport(1, "", i, List.of(new TrafficReport.ServiceLoad("/shop:0",
                            5, 0, 0, List.of()))))));
        }
        assertThat(heard[0]).isZero();
        world.timing.pass(Traffic.REPORT_PAUSE.toMillis());
        assertThat(heard[0]).isEqualTo(1);
        assertThat(next.loads().load(SHOP).orElseThrow().arrivalsPerSecond()).isEqualTo(15);
    }

    @Test
    void closingTellsNobodyAnything() {
        world.served("/shop", 1);
        world.run("/shop");
        int told = world.driver.told.size();
        world.traffic.close();
        world.timing.pass(1_000);
        assertThat(world.driver.closed).isTrue();
        assertThat(world.driver.told).hasSize(told);
    }
}
