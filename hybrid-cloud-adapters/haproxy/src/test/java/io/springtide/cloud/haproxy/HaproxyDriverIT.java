package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Goal: a real HAProxy does what tables say. Method: real requests through it, and its own word. */
class HaproxyDriverIT {

    private static final long WAIT_NANOS = 20_000_000_000L;

    @TempDir
    Path folder;

    private HaproxyProcess haproxy;
    private TrafficDriver driver;
    private final Servers servers = new Servers();
    private long revision;

    @BeforeEach
    void begin() throws Exception {
        haproxy = new HaproxyProcess(folder);
        driver = new HaproxyDriverFactory().open(haproxy.settings());
    }

    @AfterEach
    void end() throws Exception {
        if (driver != null) {
            driver.close();
        }
        if (haproxy != null) {
            haproxy.close();
        }
        servers.close();
    }

    private long serve(Service... services) {
        driver.serve(Tables.table(++revision, services));
        return revision;
    }

    private static void await(String what, Callable<Boolean> there) throws Exception {
        long deadline = System.nanoTime() + WAIT_NANOS;
        while (!there.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private void awaitInForce(long wanted) throws Exception {
        await("revision " + wanted, () -> driver.report().revision() >= wanted);
    }

    /** Starts HAProxy with what the driver has written, and waits until the table is in force. */
    private void begin(Service... services) throws Exception {
        long first = serve(services);
        await("a configuration", () -> Files.exists(haproxy.config()));
        haproxy.start();
        awaitInForce(first);
    }

    private Optional<EndpointLoad> load(long instance) {
        return driver.report().services().stream().map(ServiceLoad::endpoints)
                .flatMap(List::stream).filter(e -> e.instance() == instance).findFirst();
    }

    private Service shop(List<Endpoint> endpoints) {
        return Tables.service("/shop", Tables.http("shop.test", "/", 0),
                endpoints.toArray(Endpoint[]::new));
    }

    @Test
    void scalesTenTimesUpAndDownUnderLoadWithoutAFailureOrAReload() throws Exception {
        Map<Long, Integer> ports = new TreeMap<>();
        List<Endpoint> stay = new ArrayList<>();
        for (long i = 1; i <= 2; i++) {
            stay.add(Tables.up(i, servers.start(i)));
        }
        begin(shop(stay));
        long reloads = haproxy.reloads();
        Load load = new Load(haproxy.port, "shop.test", "/", 12, 50);
        long next = 100;
        for (int cycle = 0; cycle < 10; cycle++) {
            List<Endpoint> more = new ArrayList<>(stay);
            ports.clear();
            for (int i = 0; i < 4; i++) {
                long instance = next++;
                ports.put(instance, servers.start(instance));
                more.add(Tables.up(instance, ports.get(instance)));
            }
            awaitInForce(serve(shop(more)));
            await("requests at the new ones",
                    () -> ports.keySet().stream().allMatch(i -> servers.served(i) > 5));
            List<Endpoint> fewer = new ArrayList<>(stay);
            ports.forEach((instance, port) -> fewer.add(Tables.going(instance, port)));
            long drained = serve(shop(fewer));
            await("nothing under way", () -> {
                TrafficReport report = driver.report();
                return report.revision() >= drained && ports.keySet().stream().allMatch(
                        i -> load(i).map(e -> e.inFlight() + e.sessions()).orElse(0) == 0);
            });
            ports.keySet().forEach(servers::stop);
            awaitInForce(serve(shop(stay)));
        }
        load.close();
        assertThat(load.failures).isEmpty();
        assertThat(load.done.get()).isGreaterThan(500);
        assertThat(haproxy.reloads()).isEqualTo(reloads);
        assertThat(driver.report().trouble()).isEmpty();
        System.out.println("haproxy: 10 cycles, " + load.done.get() + " requests, 0 failed, "
                + (haproxy.reloads() - reloads) + " reloads");
    }

    @Test
    void aRestartedHaproxyGetsAllAgainAndADeadSocketIsSaid() throws Exception {
        Endpoint one = Tables.up(1, servers.start(1));
        begin(shop(List.of(one)));
        Endpoint two = Tables.up(2, servers.start(2));
        awaitInForce(serve(shop(List.of(Tables.going(1, one.port()), two))));
        haproxy.kill();
        await("the trouble", () -> driver.report().trouble().contains("start it: "));
        assertThat(driver.report().trouble()).contains(haproxy.socket()).contains("-W -S");
        // It goes on working on what comes in the meantime.
        Endpoint three = Tables.up(3, servers.start(3));
        long missed = serve(shop(List.of(Tables.going(1, one.port()), three)));
        await("it on disk",
                () -> Files.readString(haproxy.config()).contains(":" + three.port() + " "));
        assertThat(driver.report().revision()).isLessThan(missed);
        haproxy.start();
        awaitInForce(missed);
        await("no trouble", () -> driver.report().trouble().isEmpty());
        for (int i = 0; i < 10; i++) {
            assertThat(Load.once(haproxy.port, "shop.test", "/").body()).isEqualTo("3");
        }
        // Somebody's hand, and a start from an old file, are made good as well.
        new Control(Path.of(haproxy.socket()), java.time.Duration.ofSeconds(2)).tell(List.of(
                "set server " + Words.named("st_", "/shop:0") + "/s1 state ready",
                "set server " + Words.named("st_", "/shop:0") + "/s2 state maint"));
        await("the right state again",
                () -> Load.once(haproxy.port, "shop.test", "/").body().equals("3"));
        Files.delete(Path.of(haproxy.socket()));
        await("the trouble of a lost socket",
                () -> driver.report().trouble().contains(haproxy.socket() + " is gone"));
        Endpoint four = Tables.up(4, servers.start(4));
        awaitInForce(serve(shop(List.of(four))));
        assertThat(Load.once(haproxy.port, "shop.test", "/").body()).isEqualTo("4");
        haproxy.kill();
        haproxy.start();
        await("no trouble", () -> driver.report().trouble().isEmpty());
    }

    @Test
    void anEndpointInDrainIsReportedUntilItsLastRequestHasEnded() throws Exception {
        Endpoint one = Tables.up(1, servers.start(1));
        begin(shop(List.of(one)));
        CompletableFuture<Load.Answer> slow = CompletableFuture.supplyAsync(() -> slow(8_000));
        await("the request", () -> servers.served(1) == 1);
        Endpoint two = Tables.up(2, servers.start(2));
        awaitInForce(serve(shop(List.of(Tables.going(1, one.port()), two))));
        assertThat(load(1).orElseThrow().inFlight()).isEqualTo(1);
        for (int i = 0; i < 10; i++) {
            assertThat(Load.once(haproxy.port, "shop.test", "/").body()).isEqualTo("2");
        }
        // A reload in the middle does not hide it: the former worker still has it.
        long reloads = haproxy.reloads();
        awaitInForce(serve(shop(List.of(Tables.going(1, one.port()), two)),
                Tables.service("/other", Tables.http("other.test", "/", 0), two)));
        assertThat(haproxy.reloads()).isEqualTo(reloads + 1);
        assertThat(slow).as("the slow request").isNotDone();
        assertThat(load(1).orElseThrow().inFlight()).isEqualTo(1);
        await("the end of it", () -> load(1).orElseThrow().inFlight() == 0);
        assertThat(slow.get()).isEqualTo(new Load.Answer(200, "1", ""));
    }

    private Load.Answer slow(int ms) {
        try {
            return Load.once(haproxy.port, "shop.test", "/?ms=" + ms);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void boundClientsStayUntilTheyAreQuiet() throws Exception {
        Endpoint one = Tables.up(1, servers.start(1));
        Endpoint two = Tables.up(2, servers.start(2));
        begin(Tables.service("/shop", Tables.http("shop.test", "/", 0), Tables.sticky("SID"), one,
                two));
        Map<String, String> bound = new TreeMap<>();
        for (int i = 0; i < 6; i++) {
            Load.Answer answer = Load.once(haproxy.port, "shop.test", "/");
            assertThat(answer.cookie()).matches("SID=[0-9a-f]{16}");
            bound.put(answer.body(), answer.cookie());
        }
        assertThat(bound).hasSize(2);
        awaitInForce(serve(Tables.service("/shop", Tables.http("shop.test", "/", 0),
                Tables.sticky("SID"), Tables.going(1, one.port()), two)));
        for (int i = 0; i < 5; i++) {
            assertThat(
                    Load.once(haproxy.port, "shop.test", "/", "Cookie: " + bound.get("1")).body())
                    .isEqualTo("1");
            assertThat(Load.once(haproxy.port, "shop.test", "/").body()).isEqualTo("2");
        }
        await("a bound client", () -> load(1).orElseThrow().sessions() == 1);
        await("quiet", () -> load(1).orElseThrow().sessions() == 0);
        awaitInForce(serve(Tables.service("/shop", Tables.http("shop.test", "/", 0),
                Tables.sticky("SID"), two)));
        Load.Answer moved = Load.once(haproxy.port, "shop.test", "/", "Cookie: " + bound.get("1"));
        assertThat(moved.body()).isEqualTo("2");
        assertThat(moved.cookie()).isEqualTo(bound.get("2"));
    }

    @Test
    void routesByHostPathPortVersionAndRefusesWhatIsTooMuch() throws Exception {
        Endpoint any = Tables.up(1, servers.start(1));
        Endpoint cart = Tables.up(2, servers.start(2));
        Endpoint shop = Tables.up(3, servers.start(3));
        Endpoint wild = Tables.up(4, servers.start(4));
        Endpoint own = Tables.up(5, servers.start(5));
        Endpoint fresh = Tables.up(6, servers.start(6));
        Endpoint slow = Tables.up(7, servers.start(7));
        int port = HaproxyProcess.freePort();
        Endpoint canary = new Endpoint(6, "127.0.0.1", fresh.port(), 2, 0, false);
        TrafficRules split = Tables.rules(Balance.ROUND_ROBIN, "", 0, List.of(
                new TrafficRules.Split("X-Canary", "", "yes", 2),
                new TrafficRules.Split("", "beta", "1", 2)));
        begin(Tables.service("/any", Tables.http("", "/any", 0), any),
                Tables.service("/cart", Tables.http("shop.test", "/cart", 0), cart),
                Tables.service("/shop", Tables.http("shop.test", "/", 0), split, shop,
                        canary),
                Tables.service("/wild", Tables.http("*.shop.test", "/", 0), wild),
                Tables.service("/port", Tables.http("", "/", port), own),
                Tables.service("/slow", Tables.http("slow.test", "/", 0),
                        Tables.rules(Balance.ROUND_ROBIN, "", 5, List.of()), slow));
        assertThat(body("shop.test", "/cart")).isEqualTo("2");
        assertThat(body("SHOP.test:80", "/cart/1?x=/")).isEqualTo("2");
        assertThat(body("shop.test", "/cartoon")).isEqualTo("3");
        assertThat(body("shop.test", "/")).isEqualTo("3");
        assertThat(body("a.b.shop.test", "/cart")).isEqualTo("4");
        assertThat(body("elsewhere", "/any/thing")).isEqualTo("1");
        assertThat(Load.once(haproxy.port, "elsewhere", "/").status()).isEqualTo(404);
        assertThat(Load.once(port, "elsewhere", "/").body()).isEqualTo("5");
        assertThat(body("shop.test", "/", "Cookie: a=b; beta=1")).isEqualTo("6");
        // Weight 0 keeps others away, not those who ask for the version.
        assertThat(body("shop.test", "/", "X-Canary: yes")).isEqualTo("6");
        awaitInForce(serve(
                Tables.service("/shop", Tables.http("shop.test", "/", 0), split, shop,
                        new Endpoint(6, "127.0.0.1", fresh.port(), 2, 0, true)),
                Tables.service("/slow", Tables.http("slow.test", "/", 0),
                        Tables.rules(Balance.ROUND_ROBIN, "", 5, List.of()), slow)));
        assertThat(body("shop.test", "/", "X-Canary: yes")).isEqualTo("3");
        assertRefusedBeyondFive("slow.test");
        await("refusals in the report", () -> driver.report().services().stream()
                .anyMatch(s -> s.service().equals("/slow:0") && s.refusedPerSecond() > 1
                        && s.arrivalsPerSecond() > s.refusedPerSecond()));
    }

    /** So many a second, however long the requests took. */
    private void assertRefusedBeyondFive(String host, String... everySecond) throws IOException {
        List<Integer> statuses = new ArrayList<>();
        long begunNanos = System.nanoTime();
        for (int i = 0; i < 40; i++) {
            statuses.add(Load.once(haproxy.port, host, "/",
                    i % 2 == 0 ? new String[0] : everySecond).status());
        }
        long seconds = (System.nanoTime() - begunNanos) / 1_000_000_000L;
        assertThat(statuses.stream().filter(s -> s == 200).count()).isBetween(5L,
                5 * (seconds + 1) + 2);
        assertThat(new TreeSet<>(statuses)).containsExactly(200, 429);
    }

    @Test
    void theRateOfAServiceIsOneWhateverTheVersion() throws Exception {
        Endpoint one = Tables.up(1, servers.start(1));
        Endpoint two = new Endpoint(2, "127.0.0.1", servers.start(2), 2, 100, false);
        begin(Tables.service("/slow", Tables.http("slow.test", "/", 0),
                Tables.rules(Balance.ROUND_ROBIN, "", 5,
                        List.of(new TrafficRules.Split("X-Canary", "", "yes", 2))),
                one, two));
        assertRefusedBeyondFive("slow.test", "X-Canary: yes");
    }

    /** Goal: endpoints do not wait for a reload. Method: one that does nothing. */
    @Test
    void endpointsMoveWhileAReloadFails() throws Exception {
        Endpoint one = Tables.up(1, servers.start(1));
        Endpoint two = Tables.up(2, servers.start(2));
        Map<String, String> settings = new TreeMap<>(haproxy.settings());
        settings.remove("master-socket");
        settings.put("reload", "true");
        driver.close();
        driver = new HaproxyDriverFactory().open(settings);
        begin(shop(List.of(one)));
        long begunNanos = System.nanoTime();
        long never = serve(shop(List.of(Tables.going(1, one.port()), two)),
                Tables.service("/other", Tables.http("other.test", "/", 0), two));
        await("the endpoints", () -> body("shop.test", "/").equals("2"));
        assertThat(System.nanoTime() - begunNanos).isLessThan(8_000_000_000L);
        await("the trouble", () -> driver.report().trouble().contains("has not taken over"));
        assertThat(driver.report().revision()).isLessThan(never);
    }

    private String body(String host, String path, String... headers) throws IOException {
        return Load.once(haproxy.port, host, path, headers).body();
    }

    @Test
    void oneServiceThatCannotBeIsLeftOutAndOthersGoOn() throws Exception {
        Endpoint one = Tables.up(1, servers.start(1));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            begin(shop(List.of(one)),
                    Tables.service("/evil", Tables.http("a.test\n  bind *:99", "/", 0), one),
                    Tables.service("/taken", Tables.http("", "/", taken.getLocalPort()), one),
                    Tables.service("/twin", Tables.http("shop.test", "/", 0), one));
            assertThat(body("shop.test", "/")).isEqualTo("1");
            assertThat(driver.report().trouble()).contains("/evil:0", "no host name", "/taken:0",
                    "is in use", "/twin:0", "another service has");
            assertThat(Files.readString(haproxy.config())).doesNotContain("bind *:99");
        }
        awaitInForce(serve(shop(List.of(one))));
        assertThat(driver.report().trouble()).isEmpty();
    }

    @Test
    void growsBeyondItsRoomByOneReloadUnderLoad() throws Exception {
        List<Endpoint> endpoints = new ArrayList<>();
        for (long i = 1; i <= 20; i++) {
            endpoints.add(Tables.up(i, servers.start(i)));
        }
        begin(shop(endpoints.subList(0, 4)));
        long reloads = haproxy.reloads();
        Load load = new Load(haproxy.port, "shop.test", "/", 4, 1);
        awaitInForce(serve(shop(endpoints.subList(0, 8))));
        assertThat(haproxy.reloads()).isEqualTo(reloads);
        awaitInForce(serve(shop(endpoints)));
        assertThat(haproxy.reloads()).isEqualTo(reloads + 1);
        await("requests everywhere",
                () -> endpoints.stream().allMatch(e -> servers.served(e.instance()) > 0));
        // A new leader finds things in place and reloads nothing.
        driver.close();
        driver = new HaproxyDriverFactory().open(haproxy.settings());
        awaitInForce(serve(shop(endpoints.subList(0, 3))));
        assertThat(haproxy.reloads()).isEqualTo(reloads + 1);
        load.close();
        assertThat(load.failures).isEmpty();
        await("rates", () -> driver.report().services().get(0).endpoints().size() == 3);
    }

    @Test
    void tcpServicesAndVanishedTablesAreServed() throws Exception {
        Endpoint one = Tables.up(1, servers.start(1));
        int port = HaproxyProcess.freePort();
        begin(Tables.service("/tcp", Tables.tcp(port), one));
        assertThat(Load.once(port, "whoever", "/").body()).isEqualTo("1");
        driver.serve(new TrafficTable(++revision, List.of()));
        awaitInForce(revision);
        assertThat(driver.report().services()).isEmpty();
    }
}
