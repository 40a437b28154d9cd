package io.springtide.cloud.ingress;

import io.springtide.cloud.ingress.wire.IngressReport;
import io.springtide.cloud.spi.traffic.TrafficDriverFactory;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IngressDriverTest {

    private long nanos = 1;
    private final IngressDriver driver = new IngressDriver(() -> nanos);

    @Test
    void isFoundByItsName() {
        assertThat(ServiceLoader.load(TrafficDriverFactory.class))
                .anySatisfy(factory -> assertThat(factory.name()).isEqualTo("ingress"));
    }

    @Test
    void saysNothingBeforeTheFirstTable() throws Exception {
        assertThat(driver.table("a", 7, Duration.ofMillis(20)).toCompletableFuture().get(5,
                TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void wakesThoseWhoWaitForTheNextTable() throws Exception {
        driver.serve(table(5));
        CompletableFuture<Optional<TrafficTable>> fetch = driver
                .table("a", 5, Duration.ofSeconds(30)).toCompletableFuture();
        assertThat(fetch).isNotDone();
        driver.serve(table(6));
        assertThat(fetch.get(1, TimeUnit.SECONDS)).contains(table(6));
        assertThat(driver.table("a", 5, Duration.ZERO).toCompletableFuture().get())
                .contains(table(6));
        assertThat(driver.table("a", 6, Duration.ZERO).toCompletableFuture().get()).isEmpty();
    }

    @Test
    void waitsForTheSlowestIngressThatIsAlive() {
        driver.serve(table(9));
        assertThat(driver.report().revision()).as("nobody has had the time to say anything")
                .isZero();
        nanos += IngressDriver.SILENCE_MAX.toNanos();
        assertThat(driver.report().revision()).as("nobody to wait for").isEqualTo(9);
        assertThat(driver.report().trouble()).contains("No ingress");

        driver.reported(report("a", 9));
        driver.reported(report("b", 8));
        assertThat(driver.report().revision()).isEqualTo(8);
        assertThat(driver.report().trouble()).isEmpty();

        nanos += Duration.ofSeconds(2).toNanos();
        driver.reported(report("a", 9));
        nanos += Duration.ofSeconds(2).toNanos();
        assertThat(driver.report().revision()).as("b is silent").isEqualTo(9);
    }

    @Test
    void keepsTheLoadsOfOneThatIsLate() {
        driver.serve(table(9));
        driver.reported(new IngressReport("a", List.of(),
                load(8, new EndpointLoad(4, 2, 1, 30, 1, 10, 20))));
        nanos += Duration.ofSeconds(4).toNanos();
        assertThat(driver.report().revision()).as("it may still send").isEqualTo(8);
        driver.reported(report("b", 9));
        assertThat(driver.report().revision()).as("others are not held up").isEqualTo(9);
        assertThat(driver.report().services().getFirst().arrivalsPerSecond()).isEqualTo(40);
        nanos += Duration.ofSeconds(1).toNanos() + 1;
        assertThat(driver.report().services()).isEmpty();
    }

    @Test
    void aFetchThatEndsIsNoSignOfLife() {
        driver.serve(table(9));
        var fetch = driver.table("a", 9, Duration.ofSeconds(30)).toCompletableFuture();
        nanos += Duration.ofSeconds(10).toNanos();
        driver.serve(table(10));
        assertThat(fetch).isCompleted();
        assertThat(driver.ingresses()).isEmpty();
        assertThat(driver.report().revision()).isEqualTo(10);
    }

    @Test
    void dropsAReportThatWasOvertaken() {
        driver.reported(new IngressReport("a", List.of(),
                new TrafficReport(9, "", 2_000, List.of())));
        driver.reported(new IngressReport("a", List.of(),
                new TrafficReport(8, "", 1_000, List.of())));
        driver.reported(new IngressReport("a", List.of(),
                new TrafficReport(8, "", 2_000, List.of())));
        assertThat(driver.ingresses()).containsEntry("a", 9L);
        driver.reported(new IngressReport("a", List.of(),
                new TrafficReport(7, "", 3_000, List.of())));
        assertThat(driver.ingresses()).as("an older table that is in force").containsEntry("a", 7L);
    }

    @Test
    void countsAnIngressThatFetchedButHasConfirmedNothing() {
        driver.serve(table(9));
        driver.reported(report("a", 9));
        driver.table("b", 0, Duration.ZERO);
        assertThat(driver.report().revision()).isZero();
        driver.table("a", 9, Duration.ZERO);
        assertThat(driver.ingresses()).isEqualTo(Map.of("a", 9L, "b", 0L));
    }

    @Test
    void addsUpLoads() {
        driver.reported(new IngressReport("a", List.of(),
                load(1, new EndpointLoad(4, 2, 1, 30, 1, 10, 20))));
        driver.reported(new IngressReport("b", List.of(),
                load(2, new EndpointLoad(4, 3, 0, 10, 0, 30, 15))));
        ServiceLoad sum = driver.report().services().getFirst();
        assertThat(sum).isEqualTo(new ServiceLoad("/a:0", 80, 10, 6,
                List.of(new EndpointLoad(4, 5, 1, 40, 1, 15, 20))));
    }

    @Test
    void answersThoseWhoWaitWhenItIsClosed() throws Exception {
        var fetch = driver.table("a", 0, Duration.ofSeconds(30)).toCompletableFuture();
        driver.close();
        assertThat(fetch.get(1, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void refusesSettings() {
        assertThatThrownBy(() -> new IngressDriverFactory().open(Map.of("slots", "3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no settings");
    }

    private static TrafficTable table(long revision) {
        return new TrafficTable(revision, List.of());
    }

    private static IngressReport report(String id, long revision) {
        return new IngressReport(id, List.of(), new TrafficReport(revision, "", 1, List.of()));
    }

    private static TrafficReport load(long revision, EndpointLoad endpoint) {
        return new TrafficReport(revision, "", 1,
                List.of(new ServiceLoad("/a:0", 40, 5, 3, List.of(endpoint))));
    }
}
