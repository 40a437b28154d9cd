package io.springtide.api.compose;

import io.springtide.api.client.Json;
import io.springtide.api.client.YamlText;
import io.springtide.api.marathon.App;
import io.springtide.api.marathon.AppReader;
import io.springtide.api.marathon.JsonInput;
import io.springtide.api.marathon.ServerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Goal: real files become the right group, and nothing that matters is dropped without a word. */
class ComposeFileTest {
    private static final Path FILES = Path.of("src/test/resources/compose");

    private final AppReader reader = new AppReader(ServerSettings.DEFAULTS);

    private static Surroundings with(Map<String, String> variables) {
        return new Surroundings() {
            @Override
            public Optional<String> variable(String name) {
                return Optional.ofNullable(variables.get(name));
            }

            @Override
            public Optional<String> file(String path) {
                Path file = FILES.resolve("good").resolve(path);
                try {
                    return Files.exists(file)
                            ? Optional.of(Files.readString(file))
                            : Optional.empty();
                } catch (IOException broken) {
                    throw new AssertionError(broken);
                }
            }
        };
    }

    private static Conversion good(String name, Map<String, String> variables) throws Exception {
        return ComposeFile.convert(Files.readString(FILES.resolve("good").resolve(name)),
                with(variables), Optional.empty(), "Folder Name");
    }

    private static Json app(Conversion conversion, String id) {
        return conversion.group().get("apps").items().stream()
                .filter(one -> one.get("id").text().equals(id)).findFirst().orElseThrow();
    }

    private static List<String> texts(List<Finding> findings) {
        return findings.stream().map(Finding::toString).toList();
    }

    private static String warning(Conversion conversion, String path) {
        return conversion.warnings().stream().filter(one -> one.path().equals(path))
                .map(Finding::text).findFirst().orElse("");
    }

    static List<Path> bad() throws IOException {
        try (Stream<Path> files = Files.list(FILES.resolve("bad"))) {
            return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatCannotBeRunIsRefusedWithItsPath(Path file) throws Exception {
        String expected = Files.readString(
                Path.of(file.toString().replace(".yml", ".expect"))).strip();
        assertThatThrownBy(() -> ComposeFile.convert(Files.readString(file), with(Map.of()),
                Optional.of("p"), "x")).isInstanceOfSatisfying(ComposeException.class,
                        refused -> assertThat(texts(refused.errors()))
                                .anyMatch(text -> text.startsWith(expected)));
    }

    @Test
    void everyAppIsOneThatAMasterTakes() throws Exception {
        for (String file : List.of("web-and-database.yml", "anchors.yml", "swarm.yml")) {
            for (Json app : good(file, Map.of("DB_PASSWORD", "x")).group().get("apps").items()) {
                App read = reader.read(
                        JsonInput.parse(app.toString().getBytes(StandardCharsets.UTF_8)));
                assertThat(read.id().path()).isEqualTo(app.get("id").text());
            }
        }
    }

    @Test
    void aServiceBecomesAnApp() throws Exception {
        Conversion shop = good("web-and-database.yml", Map.of("DB_PASSWORD", "s3cret", "HOME",
                "/root"));
        assertThat(shop.project()).isEqualTo("web-shop");
        assertThat(shop.group().get("id").text()).isEqualTo("/web-shop");
        assertThat(shop.group().get("apps").items()).extracting(app -> app.get("id").text())
                .containsExactly("/web-shop/web", "/web-shop/db", "/web-shop/cache");
        Json web = app(shop, "/web-shop/web");
        assertThat(web.get("container").get("docker").get("image").text())
                .isEqualTo("registry.example:5000/shop/web:1.4");
        assertThat(web.get("args").toString())
                .isEqualTo("[\"gunicorn\",\"--bind\",\"0.0.0.0:8000\",\"shop.wsgi:application\"]");
        assertThat(web.get("env").toString()).isEqualTo("{\"DEBUG\":\"false\",\"WORKERS\":\"4\","
                + "\"GREETING\":\"costs 5$\",\"DATABASE_URL\":\"postgres://shop@db:5432/shop\"}");
        assertThat(web.get("instances").asLong()).isEqualTo(4);
        assertThat(web.get("cpus").text()).isEqualTo("0.25");
        assertThat(web.get("mem").asLong()).isEqualTo(256);
        assertThat(web.get("resourceLimits").toString()).isEqualTo("{\"cpus\":0.5,\"mem\":512}");
        assertThat(web.get("labels").toString())
                .isEqualTo("{\"team\":\"shop\",\"empty\":\"\",\"tier\":\"front\"}");
        assertThat(web.get("dependencies").toString())
                .isEqualTo("[\"/web-shop/db\",\"/web-shop/cache\"]");
        assertThat(web.get("user").text()).isEqualTo("1000:1000");
        assertThat(web.get("taskKillGracePeriodSeconds").asLong()).isEqualTo(60);
        assertThat(web.get("backoffSeconds").asLong()).isEqualTo(5);
        assertThat(web.get("constraints").toString()).isEqualTo("[[\"disk\",\"IS\",\"ssd\"],"
                + "[\"hostname\",\"UNLIKE\",\"old\\\\-1\"],[\"hostname\",\"MAX_PER\",\"2\"]]");
        assertThat(web.get("networks").toString())
                .isEqualTo("[{\"mode\":\"container/bridge\"}]");
    }

    @Test
    void portsBecomeServicePortsOrTheAgentsOwn() throws Exception {
        Conversion shop = good("web-and-database.yml", Map.of("DB_PASSWORD", "x"));
        assertThat(app(shop, "/web-shop/web").get("container").get("portMappings").toString())
                .isEqualTo("[{\"containerPort\":8000,\"hostPort\":0,\"servicePort\":8080,"
                        + "\"protocol\":\"tcp\"},"
                        + "{\"containerPort\":9100,\"hostPort\":0,\"servicePort\":9090,"
                        + "\"protocol\":\"udp\"},"
                        + "{\"containerPort\":9101,\"hostPort\":0,\"servicePort\":9091,"
                        + "\"protocol\":\"udp\"}]");
        assertThat(app(shop, "/web-shop/cache").get("container").get("portMappings").toString())
                .isEqualTo("[{\"containerPort\":6379,\"hostPort\":6379,\"protocol\":\"tcp\","
                        + "\"name\":\"redis\"}]");
        assertThat(warning(shop, "services.web.ports")).contains("mode: host");
        assertThat(warning(shop, "services.cache.ports")).isEmpty();
        Conversion swarm = good("swarm.yml", Map.of());
        assertThat(app(swarm, "/folder-name/visualizer").get("container").get("portMappings")
                .items()).extracting(
                        port -> port.get("servicePort").asLong() + ":"
                                + port.get("containerPort").asLong())
                .containsExactly("8080:8080", "9000:9000", "9001:9001", "0:3000", "0:80");
        assertThat(warning(swarm, "services.visualizer.ports[1]")).contains("127.0.0.1");
        assertThat(warning(swarm, "services.visualizer.ports[2]")).contains("[::1]");
    }

    @Test
    void healthChecksRunInTheContainer() throws Exception {
        Conversion shop = good("web-and-database.yml", Map.of("DB_PASSWORD", "x"));
        assertThat(app(shop, "/web-shop/web").get("healthChecks").toString()).isEqualTo(
                "[{\"protocol\":\"COMMAND\",\"command\":{\"value\":"
                        + "\"curl -f 'http://localhost:8000/it'\\\\''s up'\"},"
                        + "\"gracePeriodSeconds\":40,\"intervalSeconds\":90,\"timeoutSeconds\":1,"
                        + "\"maxConsecutiveFailures\":4,\"delaySeconds\":5}]");
        Json plain = app(shop, "/web-shop/db").get("healthChecks").items().get(0);
        assertThat(plain.get("command").get("value").text()).isEqualTo("pg_isready -U postgres");
        assertThat(plain.get("intervalSeconds").asLong()).isEqualTo(30);
        assertThat(plain.get("delaySeconds").asLong()).isEqualTo(30);
        assertThat(plain.get("maxConsecutiveFailures").asLong()).isEqualTo(2);
    }

    /** Goal: replaced at the failure at which Docker calls it unhealthy; ours allows one less than that. */
    @ParameterizedTest
    @CsvSource({"1,1,true", "2,1,false", "3,2,false", "10,9,false"})
    void retriesAreFailuresUntilItIsReplaced(int retries, int failuresMax, boolean warned) {
        String yaml = "services:\n  a:\n    image: x\n    healthcheck:\n      test: ask\n"
                + "      retries: " + retries + "\n";
        Conversion made = ComposeFile.convert(yaml, with(Map.of()), Optional.empty(), "p");
        assertThat(app(made, "/p/a").get("healthChecks").items().get(0)
                .get("maxConsecutiveFailures").asLong()).isEqualTo(failuresMax);
        assertThat(warning(made, "services.a.healthcheck.retries").contains("at least 2"))
                .isEqualTo(warned);
    }

    @Test
    void updatesKeepToTheirParallelism() throws Exception {
        Conversion shop = good("web-and-database.yml", Map.of("DB_PASSWORD", "x"));
        Json web = app(shop, "/web-shop/web");
        assertThat(web.get("upgradeStrategy").toString())
                .isEqualTo("{\"minimumHealthCapacity\":1,\"maximumOverCapacity\":0.5}");
        assertThat(web.get("rollout").toString())
                .isEqualTo("{\"rollback\":{\"failures\":2,\"windowSeconds\":60}}");
        assertThat(app(shop, "/web-shop/cache").get("upgradeStrategy").toString())
                .isEqualTo("{\"minimumHealthCapacity\":0,\"maximumOverCapacity\":0}");
        assertThat(app(shop, "/web-shop/db").get("upgradeStrategy").isMissing()).isTrue();
        for (int replicas = 1; replicas <= 40; replicas++) {
            for (int parallel = 1; parallel <= replicas; parallel++) {
                Json stop = strategy(replicas, parallel, "stop-first");
                // In millionths, as the core counts.
                long healthy = Math.round(stop.get("minimumHealthCapacity").asDouble() * 1e6);
                assertThat(Math.ceilDiv(replicas * healthy, 1_000_000L))
                        .isEqualTo(replicas - parallel);
                Json start = strategy(replicas, parallel, "start-first");
                long over = Math.round(start.get("maximumOverCapacity").asDouble() * 1e6);
                assertThat(replicas * (1_000_000 + over) / 1_000_000)
                        .isEqualTo(replicas + parallel);
            }
        }
    }

    private static Json strategy(int replicas, int parallel, String order) {
        String yaml = "services: {a: {image: x, deploy: {replicas: " + replicas
                + ", update_config: {parallelism: " + parallel + ", order: " + order + "}}}}";
        return app(ComposeFile.convert(yaml, with(Map.of()), Optional.empty(), "p"), "/p/a")
                .get("upgradeStrategy");
    }

    @Test
    void whatDockerDoesIsHandedToDocker() throws Exception {
        Conversion shop = good("web-and-database.yml", Map.of("DB_PASSWORD", "x", "HOME", "/h"));
        Json db = app(shop, "/web-shop/db");
        assertThat(db.get("container").get("volumes").toString())
                .isEqualTo(
                        "[{\"containerPath\":\"/data\",\"hostPath\":\"/srv/pg\",\"mode\":\"RW\"},"
                                + "{\"containerPath\":\"/etc/localtime\",\"hostPath\":\"/etc/localtime\","
                                + "\"mode\":\"RO\"}]");
        assertThat(db.get("container").get("docker").get("parameters").items())
                .extracting(one -> one.get("key").text() + "=" + one.get("value").text())
                .containsExactly("shm-size=256m", "ulimit=nofile=1024:65536", "ulimit=nproc=65535",
                        "tmpfs=/tmp:size=64m", "volume=/var/cache");
        assertThat(db.get("env").toString()).isEqualTo(
                "{\"POSTGRES_PASSWORD\":\"x\",\"PGDATA\":\"/data/pg\",\"HOME\":\"/h\"}");
        Json cache = app(shop, "/web-shop/cache");
        assertThat(cache.get("args").toString())
                .isEqualTo("[\"redis-server\",\"--maxmemory\",\"100mb\"]");
        assertThat(cache.get("container").get("docker").get("parameters").toString())
                .isEqualTo("[{\"key\":\"entrypoint\",\"value\":\"docker-entrypoint.sh\"}]");
        assertThat(cache.get("resourceLimits").toString()).isEqualTo("{\"cpus\":0.5}");
    }

    @Test
    void whatIsLeftOutIsTold() throws Exception {
        Conversion shop = good("web-and-database.yml", Map.of("DB_PASSWORD", "x"));
        assertThat(warning(shop, "services.web.logging")).contains("tide logs");
        assertThat(warning(shop, "services.web.networks")).contains("front, back");
        assertThat(warning(shop, "services.web.environment.DATABASE_URL")).contains("'db'");
        assertThat(warning(shop, "services.debug.profiles")).contains("left out");
        assertThat(warning(shop, "services.db.deploy.resources")).contains("128 MiB");
        Conversion swarm = good("swarm.yml", Map.of());
        assertThat(warning(swarm, "services.visualizer.deploy.restart_policy.condition"))
                .contains("also after a success");
        assertThat(warning(swarm, "services.visualizer.deploy.update_config.delay"))
                .contains("no pause");
        assertThat(warning(swarm, "services.visualizer.deploy.placement.preferences[0]"))
                .contains("GROUP_BY zone");
        assertThat(app(swarm, "/folder-name/visualizer").get("constraints").isMissing()).isTrue();
        assertThat(app(swarm, "/folder-name/visualizer").get("resourceLimits").toString())
                .isEqualTo("{\"mem\":\"unlimited\"}");
    }

    @Test
    void anchorsAndMergeKeysAreFollowed() throws Exception {
        Conversion file = good("anchors.yml", Map.of());
        Json two = app(file, "/folder-name/two");
        assertThat(two.get("env").fields()).hasSize(3);
        assertThat(two.get("env").get("A").text()).isEqualTo("1");
        assertThat(two.get("env").get("B").text()).isEqualTo("2");
        assertThat(two.get("args").toString()).isEqualTo("[\"sleep\",\"1000\"]");
        assertThat(two.get("networks").toString()).isEqualTo("[{\"mode\":\"host\"}]");
        assertThat(app(file, "/folder-name/one").get("env").toString())
                .isEqualTo("{\"A\":\"1\",\"B\":\"no\",\"TIME\":\"22:22\"}");
    }

    @Test
    void filesOfVariablesComeFirst() throws Exception {
        Conversion file = good("dotenv.yml", Map.of("VERSION", "3"));
        assertThat(app(file, "/folder-name/app").get("env").toString()).isEqualTo(
                "{\"LEVEL\":\"debug\",\"QUOTED\":\"a # b\",\"SINGLE\":\"x y\","
                        + "\"PLAIN\":\"value\",\"EMPTY\":\"\"}");
        assertThat(warning(good("dotenv.yml", Map.of()), "services.app.image"))
                .contains("VERSION is not set");
    }

    @Test
    void theCallersNameGoesBeforeTheFiles() throws Exception {
        String yaml = "name: inside\nservices: {a: {image: x}}";
        assertThat(ComposeFile.convert(yaml, with(Map.of()), Optional.of("My_Shop"), "x")
                .groupId()).isEqualTo("/my-shop");
        assertThat(ComposeFile.convert(yaml, with(Map.of()), Optional.empty(), "x").groupId())
                .isEqualTo("/inside");
    }

    @Test
    void allMistakesAreToldAtOnce() {
        String yaml = "services: {a: {build: ., ports: [x], restart: never}, b: {command: y}}";
        assertThatThrownBy(
                () -> ComposeFile.convert(yaml, with(Map.of()), Optional.empty(), "p"))
                .isInstanceOfSatisfying(ComposeException.class,
                        refused -> assertThat(refused.errors()).extracting(Finding::path)
                                .containsExactlyInAnyOrder("services.a.build",
                                        "services.a.ports[0]", "services.a.restart",
                                        "services.b"));
    }

    @Test
    void hugeAndEndlessFilesAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [")
                    .append(("*a" + (i - 1) + ", ").repeat(9)).append("*a").append(i - 1)
                    .append("]\n");
        }
        for (String yaml : List.of(bomb.toString(), "a: &a [*a]", "[".repeat(100_000),
                "- ".repeat(50_000), "a: {".repeat(500), "x".repeat(YamlText.CHARS_MAX + 1),
                "a: 1\na: 2", "a: .nan", "? {a: b}\n: c", "a: 1\n---\nb: 2", "a: !!set {x}",
                "<<: 7")) {
            assertThatThrownBy(() -> YamlText.parse(yaml))
                    .as(yaml.substring(0, Math.min(40, yaml.length())))
                    .isInstanceOf(YamlText.MalformedYaml.class);
        }
    }
}
