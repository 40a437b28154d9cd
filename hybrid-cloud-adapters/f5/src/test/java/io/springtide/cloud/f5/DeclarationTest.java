package io.springtide.cloud.f5;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.springtide.cloud.spi.support.Addresses;
import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.Front;
import io.springtide.cloud.spi.traffic.Service;
import io.springtide.cloud.spi.traffic.TrafficRules;
import io.springtide.cloud.spi.traffic.TrafficRules.Balance;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class DeclarationTest {

    /** Of F5's schema of AS3 3.56.0; build-support/install-as3-schema.sh has the same. */
    private static final String SCHEMA_SHA256 = "32036748396aa5da6131d1441d3928d03320daae78eb4ce50d3b98e03345deb7";
    private static final long STACK_BYTES = 256L << 20;

    private static final F5Settings SETTINGS = F5Settings.of(Map.of("url", "https://bigip.test",
            "user", "tide", "password-file", "/p", "virtual-address", "10.0.1.10"));

    private static Endpoint at(int instance, long versionMs, boolean draining) {
        return new Endpoint(instance, "10.0.0." + instance, 31_000, versionMs, 50, draining);
    }

    private static Front http(int port, String path, String... hosts) {
        return new Front(Front.Protocol.HTTP, List.of(hosts), path, port, List.of());
    }

    private static TrafficRules rules(Balance balance, String cookie,
            TrafficRules.Split... splits) {
        return new TrafficRules(balance, cookie, 10, 10, 10, 1_500, 10, List.of(splits));
    }

    /** Everything that there is. */
    private static TrafficTable everything() {
        List<Endpoint> endpoints = List.of(at(1, 1, false), at(2, 2, false), at(3, 1, true),
                new Endpoint(4, "2001:db8::1", 31_000, 1, 0, false));
        return new TrafficTable(1, List.of(
                new Service("/cart", 0, http(0, "/cart", "shop.test"), TrafficRules.DEFAULT,
                        endpoints),
                new Service("/shop", 0, http(0, "/", "*.shop.test", "shop.test"),
                        rules(Balance.ROUND_ROBIN, "SID",
                                new TrafficRules.Split("X-Canary", "", "yes", 2),
                                new TrafficRules.Split("", "beta", "1", 2)),
                        endpoints),
                new Service("/any", 0, http(0, "/any"), rules(Balance.SOURCE, ""), endpoints),
                new Service("/port", 0, http(10_080, "/"), rules(Balance.SOURCE, "SID",
                        new TrafficRules.Split("X-Canary", "", "yes", 2)), endpoints),
                new Service("/tcp", 1, new Front(Front.Protocol.TCP, List.of(), "/", 10_022,
                        List.of()), rules(Balance.SOURCE, ""), endpoints)));
    }

    private static ObjectNode request(TrafficTable table) {
        return new Declaration(SETTINGS, Plan.of(table, SETTINGS, new Addresses())).request();
    }

    private static Path schemaFile() {
        String home = System.getProperty("user.home");
        return Path.of(Optional.ofNullable(System.getenv("AS3_SCHEMA"))
                .orElse(Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .orElse(home + "/.cache") + "/springtide/as3-schema-3.56.0.json"));
    }

    /**
     * Goal: AS3 would take every declaration. Method: F5's own schema, which is not ours to copy: without
     * it the test is skipped, with a word.
     */
    @Test
    void declarationsFitF5sOwnSchema() throws Exception {
        Path file = schemaFile();
        Assumptions.assumeTrue(Files.isReadable(file), "no " + file
                + ", F5's schema of AS3; build-support/install-as3-schema.sh fetches it");
        byte[] schema = Files.readAllBytes(file);
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(schema)))
                .as("SHA-256 of " + file).isEqualTo(SCHEMA_SHA256);
        CompletableFuture<Void> done = new CompletableFuture<>();
        // The schema is deep.
        new Thread(null, () -> {
            try {
                validate(schema);
                done.complete(null);
            } catch (Exception | Error e) {
                done.completeExceptionally(e);
            }
        }, "schema", STACK_BYTES).start();
        done.get();
    }

    private static void validate(byte[] schema) throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonSchema as3 = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
                .getSchema(json.readTree(schema), SchemaValidatorsConfig.builder().build());
        ObjectNode right = request(everything());
        assertThat(as3.validate(right)).isEmpty();
        assertThat(as3.validate(request(TrafficTable.EMPTY))).isEmpty();
        // It would have said so.
        ObjectNode pool = pool(right, "p_cart");
        ((ObjectNode) pool.path("members").get(0)).put("adminState", "drain");
        assertThat(as3.validate(right)).isNotEmpty();
    }

    private static ObjectNode app(ObjectNode request) {
        return (ObjectNode) request.path("declaration").path("springtide").path("traffic");
    }

    private static ObjectNode pool(ObjectNode request, String name) {
        ObjectNode app = app(request);
        List<String> names = new ArrayList<>();
        app.fieldNames().forEachRemaining(names::add);
        return (ObjectNode) app.path(
                names.stream().filter(n -> n.startsWith(name)).findFirst().orElseThrow());
    }

    @Test
    void membersAreAsTheyAreAtTheMoment() {
        JsonNode members = pool(request(everything()), "p_cart").path("members");
        assertThat(members).hasSize(4);
        assertThat(members.findValuesAsText("adminState")).containsExactly("enable", "enable",
                "disable", "disable");
        assertThat(members.findValuesAsText("ratio")).containsExactly("50", "50", "50", "1");
    }

    @Test
    void namesComeBeforePatternsAndThoseBeforeAny() {
        List<String> rules = new ArrayList<>();
        for (JsonNode rule : app(request(everything())).path("routes").path("rules")) {
            List<String> values = new ArrayList<>();
            rule.path("conditions").findValues("values")
                    .forEach(v -> values.add(v.get(0).asText()));
            rules.add(String.join(" ", values));
        }
        assertThat(rules).containsExactly("shop.test /cart", "shop.test /cart/", "shop.test yes",
                "shop.test 1", "shop.test", ".shop.test yes", ".shop.test 1", ".shop.test", "/any",
                "/any/");
    }

    @Test
    void endpointsAreNoPartOfTheStructure() {
        Service before = new Service("/a", 0, http(0, "/", "a.test"), TrafficRules.DEFAULT,
                List.of(at(1, 1, false)));
        Service after = new Service("/a", 0, http(0, "/", "a.test"), TrafficRules.DEFAULT,
                List.of(at(2, 2, false), at(3, 2, true)));
        Service other = new Service("/a", 0, http(0, "/b", "a.test"), TrafficRules.DEFAULT,
                List.of());
        assertThat(label(after)).isEqualTo(label(before)).matches("springtide-[0-9a-f]{16}");
        assertThat(label(other)).isNotEqualTo(label(before));
    }

    private static String label(Service service) {
        return new Declaration(SETTINGS,
                Plan.of(new TrafficTable(1, List.of(service)), SETTINGS, new Addresses()))
                .label();
    }

    @Test
    void whatCannotBeSaidIsLeftOut() {
        Plan plan = Plan.of(new TrafficTable(1, List.of(
                new Service("/bad", 0, http(0, "/", "a\" } b"), TrafficRules.DEFAULT, List.of()),
                new Service("/port", 0, http(80, "/"), TrafficRules.DEFAULT, List.of()),
                new Service("/good", 0, http(0, "/", "a.test"), TrafficRules.DEFAULT, List.of(
                        new Endpoint(7, "no host", 1, 1, 1, false))))),
                SETTINGS, new Addresses());
        assertThat(plan.pools()).hasSize(1);
        assertThat(plan.troubles()).hasSize(3).anyMatch(t -> t.contains("/bad:0"))
                .anyMatch(t -> t.contains("port 80")).anyMatch(t -> t.contains("instance 7"));
    }

    /** A BIG-IP shows the short form, the JDK the long one. */
    @ParameterizedTest
    @CsvSource({"2001:db8:0:0:0:0:0:1, 2001:db8::1", "2001:DB8::1, 2001:db8::1",
            "0:0:0:0:0:0:0:1, ::1", "fe80:0:0:0:0:0:0:0, fe80::", "0:0:0:0:0:0:0:0, ::",
            "0:0:1:2:0:0:3:4, ::1:2:0:0:3:4", "1:0:0:2:0:0:0:3, 1:0:0:2::3",
            "1:0:2:3:4:5:6:7, 1:0:2:3:4:5:6:7", "10.0.0.1, 10.0.0.1", "zz:1, zz:1"})
    void addressesAreAsShortAsTheyCanBe(String written, String shown) {
        assertThat(new Member(written, 80, 1, true).address()).isEqualTo(shown);
    }

    /** Goal: without a name service traffic goes on. Method: one that forgets a host. */
    @Test
    void aHostThatIsNotKnownAnyMoreStaysAMember() {
        AtomicBoolean away = new AtomicBoolean();
        Addresses addresses = new Addresses(host -> {
            if (away.get()) {
                throw new UnknownHostException(host);
            }
            return "10.0.0.7";
        });
        TrafficTable table = new TrafficTable(1, List.of(new Service("/a", 0,
                http(0, "/", "a.test"), TrafficRules.DEFAULT,
                List.of(new Endpoint(7, "node-7", 31_000, 1, 100, false)))));
        Plan before = Plan.of(table, SETTINGS, addresses);
        away.set(true);
        Plan after = Plan.of(table, SETTINGS, addresses);
        assertThat(before.troubles()).isEmpty();
        assertThat(after.pools()).isEqualTo(before.pools());
        assertThat(after.pools().values())
                .flatExtracting(p -> p.members().values()).extracting(Member::address)
                .containsOnly("10.0.0.7");
        assertThat(after.troubles()).singleElement().asString().contains("'node-7'");
    }

    /** Who drains is asked for every second; a member of weight 0 is no such one. */
    @Test
    void anEndpointOfWeightZeroDoesNotDrain() {
        TrafficRules split = rules(Balance.ROUND_ROBIN, "",
                new TrafficRules.Split("X-Canary", "", "yes", 2));
        for (boolean draining : new boolean[]{false, true}) {
            Plan plan = Plan.of(new TrafficTable(1,
                    List.of(new Service("/a", 0, http(0, "/", "a.test"), split,
                            List.of(at(1, 1, false),
                                    new Endpoint(2, "10.0.0.2", 31_000, 2, 0, draining))))),
                    SETTINGS, new Addresses());
            assertThat(plan.pools().values()).hasSize(2)
                    .allMatch(pool -> pool.draining() == draining);
        }
    }
}
