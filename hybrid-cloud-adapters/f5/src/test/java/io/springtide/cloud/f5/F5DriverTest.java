package io.springtide.cloud.f5;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Goal: whatever a BIG-IP does, the table comes about. Method: a simulated one that fails as it is told. */
class F5DriverTest {

    private static final F5Driver.Pace HURRY = new F5Driver.Pace(Duration.ofMillis(20),
            Duration.ofMillis(200), Duration.ofMillis(10), Duration.ofMillis(10),
            Duration.ofMillis(100));

    @TempDir
    Path folder;

    private FakeBigIp bigIp;
    private F5Driver driver;
    private long revision;

    @BeforeEach
    void begin() throws IOException {
        Files.writeString(folder.resolve("password"), FakeBigIp.PASSWORD + "\n");
        bigIp = FakeBigIp.plain();
        driver = new F5Driver(F5Settings.of(settings("http", bigIp.port())), HURRY);
    }

    @AfterEach
    void end() {
        driver.close();
        bigIp.close();
    }

    private Map<String, String> settings(String scheme, int port) {
        return new HashMap<>(Map.of("url", scheme + "://127.0.0.1:" + port, "user", "tide",
                "password-file", folder.resolve("password").toString(), "tenant", "bank",
                "virtual-address", "10.0.1.10", "sticky-idle-seconds", "1"));
    }

    private static Endpoint at(long instance, boolean draining) {
        return new Endpoint(instance, "10.0.0." + instance % 250, 31_000 + (int) instance, 1,
                Endpoint.WEIGHT, draining);
    }

    private static Service shop(List<Endpoint> endpoints) {
        return service("/shop", "shop.test", TrafficRules.DEFAULT, endpoints);
    }

    private static Service service(String app, String host, TrafficRules rules,
            List<Endpoint> endpoints) {
        return new Service(app, 0,
                new Front(Front.Protocol.HTTP, List.of(host), "/", 0, List.of()), rules, endpoints);
    }

    private long serve(Service... services) {
        driver.serve(new TrafficTable(++revision, List.of(services)));
        return revision;
    }

    private static void await(String what, Callable<Boolean> there) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!there.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private void awaitInForce(long wanted) throws Exception {
        await("revision " + wanted, () -> driver.report().revision() >= wanted);
    }

    private Optional<EndpointLoad> load(long instance) {
        return driver.report().services().stream().map(ServiceLoad::endpoints)
                .flatMap(List::stream).filter(e -> e.instance() == instance).findFirst();
    }

    @Test
    void scalesTenTimesWithoutADeclarationAndWithoutARequestToWhomIsGone() throws Exception {
        List<Endpoint> stay = List.of(at(1, false), at(2, false));
        awaitInForce(serve(shop(stay)));
        Set<Integer> gone = ConcurrentHashMap.newKeySet();
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong failed = new AtomicLong();
        AtomicLong served = new AtomicLong();
        Thread traffic = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                // Open until it is looked at: who drains cannot be gone between the choice and the look.
                Optional<FakeBigIp.Node> node = bigIp.begin("p_shop");
                boolean right = node.isPresent() && !gone.contains(node.get().port);
                (right ? served : failed).incrementAndGet();
                node.ifPresent(bigIp::over);
            }
        });
        long next = 10;
        for (int cycle = 0; cycle < 10; cycle++) {
            List<Endpoint> more = new ArrayList<>(stay);
            List<Endpoint> fewer = new ArrayList<>(stay);
            List<Endpoint> extra = new ArrayList<>();
            for (int i = 0; i < 5; i++, next++) {
                extra.add(at(next, false));
                fewer.add(at(next, true));
            }
            more.addAll(extra);
            awaitInForce(serve(shop(more)));
            assertThat(bigIp.members("p_shop")).hasSize(7);
            long drained = serve(shop(fewer));
            await("nothing under way", () -> driver.report().revision() >= drained && extra.stream()
                    .allMatch(e -> load(e.instance()).map(EndpointLoad::inFlight).orElse(1) == 0));
            extra.forEach(e -> gone.add(e.port()));
            awaitInForce(serve(shop(stay)));
            assertThat(bigIp.members("p_shop")).hasSize(2);
        }
        over.set(true);
        traffic.join();
        assertThat(failed.get()).isZero();
        assertThat(served.get()).isPositive();
        assertThat(bigIp.declarations).isEqualTo(1);
        assertThat(bigIp.logins).isEqualTo(1);
    }

    @Test
    void whoDrainsIsDisabledAndReportedUntilItIsEmptyAndOnlyThenRemoved() throws Exception {
        TrafficRules sticky = new TrafficRules(TrafficRules.Balance.ROUND_ROBIN, "SID", 0, 0, 0, 0,
                30_000, List.of());
        awaitInForce(serve(service("/shop", "shop.test", sticky,
                List.of(at(1, false), at(2, false)))));
        FakeBigIp.Node one = bigIp.member("p_shop", "/Common/10.0.0.1:31001");
        one.open = 3;
        awaitInForce(serve(service("/shop", "shop.test", sticky,
                List.of(at(1, true), at(2, false)))));
        assertThat(one.session).isEqualTo("user-disabled");
        assertThat(load(1).orElseThrow().inFlight()).isEqualTo(3);
        one.requests++;
        await("a bound client", () -> load(1).orElseThrow().sessions() == 1);
        one.open = 0;
        await("nothing under way", () -> load(1).orElseThrow().inFlight() == 0);
        await("quiet", () -> load(1).orElseThrow().sessions() == 0);
        assertThat(bigIp.members("p_shop")).hasSize(2);
        awaitInForce(serve(service("/shop", "shop.test", sticky, List.of(at(2, false)))));
        assertThat(bigIp.members("p_shop")).hasSize(1);
    }

    @Test
    void a503IsTriedAgainAndSaidInTheMeantime() throws Exception {
        bigIp.fail(new FakeBigIp.Fault("POST", "declare", 503, 4));
        long first = serve(shop(List.of(at(1, false))));
        await("the trouble", () -> driver.report().trouble().contains("503"));
        awaitInForce(first);
        assertThat(driver.report().trouble()).isEmpty();
        bigIp.fail(new FakeBigIp.Fault("POST", "members", 503, 3));
        awaitInForce(serve(shop(List.of(at(1, false), at(2, false)))));
        assertThat(bigIp.members("p_shop")).hasSize(2);
        bigIp.fail(new FakeBigIp.Fault("PATCH", "members", 429, 2));
        awaitInForce(serve(shop(List.of(at(1, true), at(2, false)))));
        assertThat(bigIp.member("p_shop", "/Common/10.0.0.1:31001").enabled()).isFalse();
        assertThat(bigIp.declarations).isEqualTo(1);
    }

    @Test
    void whatWasAppliedByHalfIsMadeGood() throws Exception {
        awaitInForce(serve(shop(List.of(at(1, false)))));
        bigIp.halfApplyNext = true;
        long both = serve(shop(List.of(at(1, false))), service("/zoo", "zoo.test",
                TrafficRules.DEFAULT, List.of(at(3, false))));
        await("the trouble", () -> driver.report().trouble().contains("422")
                || driver.report().revision() == both);
        awaitInForce(both);
        assertThat(bigIp.members("p_zoo")).hasSize(1);
        assertThat(bigIp.members("p_shop")).hasSize(1);
        assertThat(bigIp.virtualServers()).containsOnlyKeys("/bank/traffic/hosts");
        assertThat(bigIp.declarations).isEqualTo(3);
    }

    /** Endpoints do not wait for a declaration that never comes about. */
    @Test
    void endpointsGoOnWhileADeclarationIsRefused() throws Exception {
        awaitInForce(serve(shop(List.of(at(1, false), at(2, false)))));
        bigIp.fail(new FakeBigIp.Fault("POST", "declare", 422, 1_000_000));
        long refused = serve(shop(List.of(at(1, true), at(2, false))),
                service("/zoo", "zoo.test", TrafficRules.DEFAULT, List.of(at(3, false))));
        await("the drain",
                () -> !bigIp.member("p_shop", "/Common/10.0.0.1:31001").enabled());
        await("the trouble", () -> driver.report().trouble().contains("422"));
        assertThat(driver.report().revision()).isLessThan(refused);
    }

    @Test
    void anExpiredTokenIsRenewedWithoutAWord() throws Exception {
        awaitInForce(serve(shop(List.of(at(1, false)))));
        bigIp.expireTokens();
        awaitInForce(serve(shop(List.of(at(1, false), at(2, false)))));
        assertThat(driver.report().trouble()).isEmpty();
        assertThat(bigIp.logins).isEqualTo(2);
        assertThat(bigIp.members("p_shop")).hasSize(2);
    }

    @Test
    void aWrongPasswordIsSaidAndNeverShown() throws Exception {
        Files.writeString(folder.resolve("password"), "wr0ng-one\n");
        serve(shop(List.of(at(1, false))));
        await("the trouble",
                () -> driver.report().trouble().contains("does not let tide in"));
        assertThat(driver.report().trouble()).contains(folder.resolve("password").toString())
                .doesNotContain("wr0ng-one");
        assertThat(bigIp.requests()).noneMatch(r -> r.contains("wr0ng") || r.contains("tide:"));
    }

    @Test
    void whatSomebodyElseHasChangedIsMadeGood() throws Exception {
        awaitInForce(serve(shop(List.of(at(1, true), at(2, false)))));
        bigIp.meddle("p_shop", "/Common/10.0.0.1:31001", "/Common/10.0.0.2:31002");
        await("both as they were", () -> bigIp.members("p_shop").size() == 2
                && !bigIp.member("p_shop", "/Common/10.0.0.1:31001").enabled());
        assertThat(bigIp.declarations).isEqualTo(1);
        // A new leader finds its own declaration, and makes no other one.
        driver.close();
        driver = new F5Driver(F5Settings.of(settings("http", bigIp.port())), HURRY);
        awaitInForce(serve(shop(List.of(at(2, false)))));
        assertThat(bigIp.declarations).isEqualTo(1);
        // And an empty table leaves nothing behind.
        awaitInForce(serve());
        assertThat(bigIp.virtualServers()).isEmpty();
        assertThat(bigIp.members("p_shop")).isEmpty();
    }

    @Test
    void severalAddressesAreOneDeclaration() throws Exception {
        driver.close();
        Map<String, String> settings = settings("http", bigIp.port());
        settings.put("virtual-address", "10.0.1.10, 2001:db8::10, 10.0.1.10");
        driver = new F5Driver(F5Settings.of(settings), HURRY);
        awaitInForce(serve(new Service("/shop", 0,
                new Front(Front.Protocol.HTTP, List.of("shop.test"), "/", 8_080, List.of()),
                TrafficRules.DEFAULT, List.of(at(1, false)))));
        assertThat(bigIp.virtualServers()).containsOnlyKeys("/bank/traffic/hosts",
                "/bank/traffic/hosts-1-", "/bank/traffic/port_8080",
                "/bank/traffic/port_8080-1-");
        assertThat(bigIp.declarations).isEqualTo(1);
    }

    @Test
    void membersOfIpv6AreFoundUnderTheNamesThatTheyGet() throws Exception {
        Endpoint one = new Endpoint(1, "2001:db8:0:0:0:0:0:1", 31_001, 1, 100, false);
        Endpoint two = new Endpoint(2, "2001:db8::2", 31_002, 1, 100, false);
        awaitInForce(serve(shop(List.of(one))));
        awaitInForce(serve(shop(List.of(one, two))));
        assertThat(bigIp.members("p_shop")).containsOnlyKeys("/Common/2001:db8::1.31001",
                "/Common/2001:db8::2.31002");
        bigIp.member("p_shop", "/Common/2001:db8::2.31002").open = 2;
        await("its connections", () -> load(2).orElseThrow().inFlight() == 2);
        awaitInForce(serve(shop(List.of(one))));
        assertThat(bigIp.members("p_shop")).containsOnlyKeys("/Common/2001:db8::1.31001");
    }

    /** Its rule goes with the declaration: who disables it before, resets all that still comes. */
    @Test
    void theLastOfAVersionIsDisabledOnceNoRuleLeadsToIt() throws Exception {
        TrafficRules split = new TrafficRules(TrafficRules.Balance.ROUND_ROBIN, "", 0, 0, 0, 0,
                30_000, List.of(new TrafficRules.Split("X-Canary", "", "yes", 2)));
        Endpoint last = new Endpoint(2, "10.0.0.2", 31_002, 2, 100, false);
        awaitInForce(serve(service("/shop", "shop.test", split, List.of(at(1, false), last))));
        awaitInForce(serve(service("/shop", "shop.test", split, List.of(at(1, false),
                new Endpoint(2, "10.0.0.2", 31_002, 2, 100, true)))));
        List<String> writes = bigIp.requests().stream()
                .filter(r -> r.contains("declare?") || r.contains("_v2/members/"))
                .filter(r -> !r.startsWith("GET")).toList();
        assertThat(writes).filteredOn(r -> r.contains("declare?")).hasSize(2);
        assertThat(writes.subList(0, writes.lastIndexOf(writes.stream()
                .filter(r -> r.contains("declare?")).findFirst().orElseThrow())))
                .noneMatch(r -> r.startsWith("PATCH"));
        assertThat(bigIp.requests()).anyMatch(r -> r.startsWith("PATCH"));
    }

    @Test
    void aMadeUpBigIpIsNotBelievedUnlessItsAuthorityIsNamed() throws Exception {
        Path store = folder.resolve("store.p12");
        keytool("-genkeypair", "-keyalg", "RSA", "-alias", "f5", "-dname", "CN=127.0.0.1", "-ext",
                "SAN=ip:127.0.0.1", "-validity", "30", "-storetype", "PKCS12", "-keystore",
                store.toString(), "-storepass", "changeit");
        keytool("-exportcert", "-rfc", "-alias", "f5", "-file", folder.resolve("ca.pem").toString(),
                "-keystore", store.toString(), "-storepass", "changeit");
        HttpsServer https = HttpsServer
                .create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        https.setHttpsConfigurator(new HttpsConfigurator(context(store)));
        try (FakeBigIp secure = new FakeBigIp(https)) {
            Map<String, String> settings = settings("https", secure.port());
            TrafficTable table = new TrafficTable(5, List.of(shop(List.of(at(1, false)))));
            try (F5Driver stranger = new F5Driver(F5Settings.of(settings), HURRY)) {
                stranger.serve(table);
                await("the trouble", () -> stranger.report().trouble().contains("ca-file"));
                assertThat(secure.logins).isZero();
            }
            settings.put("ca-file", folder.resolve("ca.pem").toString());
            try (F5Driver friend = new F5Driver(F5Settings.of(settings), HURRY)) {
                friend.serve(table);
                await("the table", () -> friend.report().revision() == 5);
            }
        }
    }

    private static SSLContext context(Path file) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory
                .getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(String... words) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor()).isZero();
    }

    @Test
    void wrongSettingsAreRefusedWithASentence() {
        for (Map.Entry<String, String> wrong : Map.of("url", "http://bigip.example", "tenant",
                "Common", "http-port", "0", "virtual-address", "", "verify", "no", "unknown", "1",
                "user", " ").entrySet()) {
            Map<String, String> settings = settings("http", 1);
            settings.put(wrong.getKey(), wrong.getValue());
            assertThatThrownBy(() -> new F5DriverFactory().open(settings)).as(wrong.toString())
                    .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("f5: ");
        }
    }
}
