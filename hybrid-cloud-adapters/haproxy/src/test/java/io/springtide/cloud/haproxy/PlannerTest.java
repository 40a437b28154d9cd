package io.springtide.cloud.haproxy;

import io.springtide.cloud.spi.support.Words;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        Control control = new Control(java.nio.file.Path.of("/none"), java.time.Duration.ZERO);
        for (String bad : List.of("show stat;shutdown", "a\nb", "", "a\\b")) {
            assertThatThrownBy(() -> control.ask(bad)).isInstanceOf(IllegalArgumentException.class);
        }
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
