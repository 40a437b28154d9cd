package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PlannerTest {

    private static final Map<String, String> LEAST = Map.of("config", "/c/haproxy.cfg", "socket",
            "/c/s", "reload", "systemctl reload x");

    private static Plan plan(TrafficTable table) {
        return plan(table, Map.of());
    }

    private static Plan plan(TrafficTable table, Map<String, Integer> slots) {
        return Planner.plan(table, HaproxySettings.of(LEAST), slots, port -> true);
    }

    private static String text(Plan plan) {
        return new ConfigText(HaproxySettings.of(LEAST), plan, "abcdef", "").text(Map.of());
    }

    private static ConfigText config(Plan plan) {
        return new ConfigText(HaproxySettings.of(LEAST), plan, "abcdef", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\nb", "a;b", "a{b", "a'b", "A.test", "a\"b", "a#b", "a/b",
            "a..b", ".a", "*.", "", "a\u0000", "ä.test", "%[env(HOME)]", "a,b"})
    void aHostThatIsNoneLeavesItsServiceOut(String host) {
        Front front = new Front(Front.Protocol.HTTP, List.of(host), "/", 0, List.of());
        Plan plan = plan(Tables.table(1, Tables.service("/bad", front, Tables.up(1, 1)),
                Tables.service("/good", Tables.http("good.test", "/", 0), Tables.up(2, 2))));
        assertThat(plan.backends()).extracting(Plan.Backend::service).containsExactly("/good:0");
        assertThat(plan.leftOut()).singleElement().asString().contains("/bad:0", "left out");
        assertThat(plan.leftOut().get(0)).doesNotContain("\n", "\u0000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "/a b", "/a\nb", "/a;b", "/a#b", "/a?b", "/'", "/\"", "/{", "/\\"})
    void aPathThatIsNoneLeavesItsServiceOut(String path) {
        assertThat(plan(Tables.table(1,
                Tables.service("/bad", Tables.http("a.test", path, 0), Tables.up(1, 1))))
                .backends()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\nb", "a;b", "a=b", "a}", "a'"})
    void namesAndValuesOfCookiesAndHeadersAreChecked(String word) {
        for (TrafficRules rules : List.of(Tables.sticky(word),
                Tables.rules(Balance.SOURCE, "", 0,
                        List.of(new TrafficRules.Split(word, "", "v", 1))),
                Tables.rules(Balance.SOURCE, "", 0, List
                        .of(new TrafficRules.Split("", "c", word.equals("a=b") ? "}" : word,
                                1))))) {
            Plan plan = plan(Tables.table(1, Tables.service("/bad",
                    Tables.http("a.test", "/", 0), rules, Tables.up(1, 1))));
            assertThat(plan.backends()).isEmpty();
            assertThat(plan.leftOut()).hasSize(1);
        }
    }

    /** An app's name comes into the configuration, too: whatever it is, one word comes of it. */
    @Test
    void anyNameMakesABackendOfItsOwn() {
        assertThat(Words.named("st_", "/a b\n;{}:0")).matches("st_[A-Za-z0-9-]+_[0-9a-f]{12}");
        assertThat(Words.named("st_", "/a/b:0")).isNotEqualTo(Words.named("st_", "/a-b:0"));
        assertThat(Words.named("st_", "/x".repeat(500)).length()).isLessThan(64);
    }

    @Test
    void thereIsRoomForTwiceAsManyAndItStaysAsLongAsItSuffices() {
        Endpoint[] five = new Endpoint[5];
        for (int i = 0; i < 5; i++) {
            five[i] = Tables.up(i, 1_000 + i);
        }
        TrafficTable table = Tables.table(1, Tables.service("/a", Tables.http("a", "/", 0), five));
        String name = Words.named("st_", "/a:0");
        assertThat(plan(table).backends().get(0).slots()).isEqualTo(16);
        assertThat(plan(table, Map.of(name, 8)).backends().get(0).slots()).isEqualTo(8);
        assertThat(plan(table, Map.of(name, 64)).backends().get(0).slots()).isEqualTo(64);
        assertThat(plan(table, Map.of(name, 4)).backends().get(0).slots()).isEqualTo(16);
    }

    @Test
    void endpointsAreNoPartOfTheStructureAndRulesAre() {
        Front front = Tables.http("a.test", "/", 0);
        String two = config(plan(Tables.table(1,
                Tables.service("/a", front, Tables.up(1, 1), Tables.up(2, 2))))).structure();
        assertThat(config(plan(Tables.table(2, Tables.service("/a", front, Tables.going(7, 9)))))
                .structure()).isEqualTo(two);
        assertThat(config(plan(Tables.table(2,
                Tables.service("/a", front, Tables.sticky("SID"), Tables.up(1, 1)))))
                .structure()).isNotEqualTo(two);
        assertThat(config(plan(Tables.table(2,
                Tables.service("/a", Tables.http("b.test", "/", 0), Tables.up(1, 1)))))
                .structure()).isNotEqualTo(two);
    }

    @Test
    void groupsAreHeeded() {
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.put("groups", "outer, inner");
        TrafficTable table = Tables.table(1,
                Tables.service("/all", Tables.http("a", "/", 0)),
                Tables.service("/ours", new Front(Front.Protocol.HTTP, List.of("b"), "/", 0,
                        List.of("inner"))),
                Tables.service("/theirs", new Front(Front.Protocol.HTTP, List.of("c"), "/", 0,
                        List.of("dmz"))));
        assertThat(Planner.plan(table, HaproxySettings.of(settings), Map.of(), p -> true)
                .backends()).extracting(Plan.Backend::service).containsExactly("/all:0",
                        "/ours:0");
    }

    @Test
    void rulesAreSaidInHaproxysWords() {
        TrafficRules rules = new TrafficRules(Balance.SOURCE, "SID", 50, 7, 0, 2_500, 4_000,
                List.of());
        assertThat(text(plan(Tables.table(1,
                Tables.service("/a", Tables.http("a.test", "/", 10_080), rules, Tables.up(1, 1))))))
                .contains("balance source", "hash-type consistent", "cookie SID insert indirect",
                        "sc1_gpc0_rate ge 50 }", "ge 7 }", "slowstart 3s", "timeout server 4000ms",
                        "timeout queue 1ms", "bind 127.0.0.1:10080", "retry-on conn-failure");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:80, 80, true", "'*:443 ssl crt /c:8080', 443, true",
            "'*:443 ssl crt /c:8080', 8080, false", "':80,[::1]:81', 81, true",
            "10.0.0.1:8000-8010, 8005, true", "10.0.0.1:8000-8010, 8011, false",
            "10.0.0.1:8080, 80, false"})
    void thePortOfAllHostsIsNobodysOwn(String bind, int port, boolean shared) {
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.put("bind", bind);
        Plan plan = Planner.plan(
                Tables.table(1, Tables.service("/own", Tables.tcp(port), Tables.up(1, 1)),
                        Tables.service("/good", Tables.http("good.test", "/", 0))),
                HaproxySettings.of(settings), Map.of(), p -> true);
        assertThat(plan.ports()).hasSize(shared ? 0 : 1);
        assertThat(plan.leftOut()).hasSize(shared ? 1 : 0)
                .allMatch(s -> s.contains("is that of all virtual hosts"));
        assertThat(plan.routes()).hasSize(1);
    }

    @Test
    void aPortIsTakenIfItCannotBeOpenedOrSomebodyAnswersThere() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(Ports.free("127.0.0.1", port)).isFalse();
            // Whoever may not open a port has this way alone.
            assertThat(Ports.answers("127.0.0.1", port)).isTrue();
            assertThat(Ports.answers("*", port)).isTrue();
        }
        assertThat(Ports.answers("*", port)).isFalse();
        assertThat(Ports.free("127.0.0.1", port)).isTrue();
    }

    /** The file has weight 0 for who drains, so that is what a reload leaves behind. */
    @Test
    void whoDrainsIsNotOpenedAfterAReload() {
        Plan.Backend backend = plan(Tables.table(1, Tables.service("/a", Tables.http("a", "/", 0),
                Tables.going(1, 11)))).backends().get(0);
        Map<String, ServerState> wanted = new Slots().assign(backend, 1, Map.of(), s -> false,
                e -> Optional.of("10.0.0.1"));
        assertThat(Turn.differences(Map.of("b", wanted), Map.of("b",
                Map.of("s1", new ServerState("10.0.0.1", 11, 0, ServerState.Mode.READY)))))
                .containsExactly("set server b/s1 state drain");
        assertThat(Turn.differences(Map.of("b", wanted), Map.of("b",
                Map.of("s1", new ServerState("10.0.0.1", 11, 100, ServerState.Mode.READY)))))
                .containsExactly("set server b/s1 weight 0", "set server b/s1 state drain");
    }

    @Test
    void versionsOfAServiceShareItsRate() {
        TrafficRules rules = Tables.rules(Balance.ROUND_ROBIN, "", 50,
                List.of(new TrafficRules.Split("X-Canary", "", "yes", 2)));
        List<String> lines = text(plan(Tables.table(1,
                Tables.service("/a", Tables.http("a.test", "/", 0), rules, Tables.up(1, 1)))))
                .lines().map(String::strip).toList();
        assertThat(lines).filteredOn(l -> l.startsWith("stick-table")).hasSize(1);
        assertThat(lines).filteredOn(l -> l.contains("track-sc1")).hasSize(2)
                .allMatch(l -> l.endsWith("int(1) table " + Words.named("st_", "/a:0")));
    }

    @Test
    void anEndpointKeepsItsPlaceAndAFreedOneRestsWhileSomethingIsUnderWay() {
        Plan.Backend first = plan(Tables.table(1, Tables.service("/a", Tables.http("a", "/", 0),
                Tables.up(1, 11), Tables.up(2, 12)))).backends().get(0);
        Plan.Backend second = plan(Tables.table(2, Tables.service("/a", Tables.http("a", "/", 0),
                Tables.up(2, 12), Tables.up(3, 13)))).backends().get(0);
        Slots slots = new Slots();
        slots.assign(first, 4, Map.of(), s -> false, e -> Optional.of("10.0.0.1"));
        assertThat(slots.of(first.name())).isEqualTo(Map.of(1L, "s1", 2L, "s2"));
        Map<String, ServerState> wanted = slots.assign(second, 4, Map.of(), s -> s.equals("s1"),
                e -> Optional.of("10.0.0.1"));
        assertThat(slots.of(first.name())).isEqualTo(Map.of(2L, "s2", 3L, "s3"));
        assertThat(wanted.get("s1")).isEqualTo(ServerState.FREE);
        // Another driver finds them where HAProxy has them.
        Slots successor = new Slots();
        successor.assign(second, 4, wanted, s -> false, e -> Optional.of("10.0.0.1"));
        assertThat(successor.of(first.name())).isEqualTo(slots.of(first.name()));
    }

    @Test
    void aMoveGoesThroughMaintenanceAndWhatComesComesFirst() {
        ServerState old = new ServerState("10.0.0.1", 1, 100, ServerState.Mode.READY);
        ServerState next = new ServerState("10.0.0.2", 2, 50, ServerState.Mode.READY);
        assertThat(Turn.differences(
                Map.of("b", new java.util.TreeMap<>(
                        Map.of("s1", next, "s2", ServerState.FREE, "s3", old))),
                Map.of("b", Map.of("s1", old, "s2", old, "s3", old))))
                .containsExactly("set server b/s1 state maint",
                        "set server b/s1 addr 10.0.0.2 port 2", "set server b/s1 weight 50",
                        "set server b/s1 state ready", "set server b/s2 state maint");
    }

    @Test
    void theSocketTakesNoTwoCommandsInOne() {
        Control control = new Control(Path.of("/none"), Duration.ZERO);
        for (String bad : List.of("show stat;shutdown", "a\nb", "", "a\\b")) {
            assertThatThrownBy(() -> control.ask(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Goal: a HAProxy that hangs holds nobody up. Method: a socket whose queue is full. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void connectingWaitsNoLongerThanIsSaid(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress there = UnixDomainSocketAddress.of(folder.resolve("s"));
        List<SocketChannel> queue = new ArrayList<>();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(there, 1);
            for (int i = 0; i < 3; i++) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.configureBlocking(false);
                queue.add(channel);
                try {
                    channel.connect(there);
                } catch (IOException e) {
                    assertThat(i).as("places in the queue").isGreaterThan(0);
                }
            }
            assertThatThrownBy(
                    () -> new Control(there.getPath(), Duration.ofMillis(200)).ask("show info"))
                    .isInstanceOf(IOException.class).hasMessageContaining("does not answer");
        } finally {
            for (SocketChannel channel : queue) {
                channel.close();
            }
        }
    }

    /** Only one that is not there may be done without. */
    @Test
    void aConfigurationIsNotTakenWhenItsCheckCannotBegin(@TempDir Path folder) throws Exception {
        Path program = Files.writeString(folder.resolve("haproxy"), "");
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.put("config", folder.resolve("haproxy.cfg").toString());
        settings.put("program", program.toString());
        ConfigFiles files = new ConfigFiles(HaproxySettings.of(settings));
        ConfigText config = new ConfigText(HaproxySettings.of(settings),
                plan(Tables.table(1)), "abcdef", "");
        assertThat(files.write(config, Map.of())).hasValueSatisfying(
                said -> assertThat(said).contains("cannot be started now"));
        assertThat(folder.resolve("haproxy.cfg")).doesNotExist();
        Files.delete(program);
        assertThat(files.write(config, Map.of())).isEmpty();
        assertThat(folder.resolve("haproxy.cfg")).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"slots=3", "slots=x", "connections=-1", "bind=", "config=relative",
            "socket=/a b", "unknown=1", "service-bind=1.2.3.4;", "config=/a\nb"})
    void wrongSettingsAreRefusedWithASentence(String setting) {
        Map<String, String> settings = new HashMap<>(LEAST);
        String[] pair = setting.split("=", 2);
        settings.put(pair[0], pair[1]);
        assertThatThrownBy(() -> new HaproxyDriverFactory().open(settings))
                .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("haproxy: ");
    }

    @Test
    void someWayToReloadIsNeeded() {
        assertThatThrownBy(() -> new HaproxyDriverFactory()
                .open(Map.of("config", "/c/haproxy.cfg", "socket", "/c/s")))
                .hasMessageContaining("master-socket=PATH");
        assertThat(java.util.ServiceLoader
                .load(io.springtide.cloud.spi.traffic.TrafficDriverFactory.class))
                .anyMatch(f -> f.name().equals("haproxy"));
    }
}
