package io.springtide.bench.traffic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.bench.elastic.Tries;
import io.springtide.bench.live.LocalCluster;
import io.springtide.master.journal.Folders;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tide bench traffic}: the ingress beside HAProxy, both driven by one master, both under wrk. */
@Command(name = "traffic", //
        description = {
                "The ingress beside HAProxy, for the same service of the same cluster: requests a",
                "second under wrk, by turns, and failed requests while the service is scaled up and",
                "down again. Needs haproxy and wrk: build-support/install-haproxy.sh."})
public final class TrafficBench implements Callable<Integer> {

    private static final String APP = "/hello";
    private static final String HOST = "hello.example";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CALM = 2;
    private static final int MANY = 6;
    private static final Duration CYCLE_AT_MOST = Duration.ofSeconds(30);

    private final ObjectMapper json = new ObjectMapper();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    boolean help;

    @Option(names = "--rounds", defaultValue = "5", paramLabel = "N",
            description = "Turns of each under full load (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "10", paramLabel = "N",
            description = "How long each takes (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--cycles", defaultValue = "10", paramLabel = "N",
            description = "How often the service goes up and down under load (${DEFAULT-VALUE}).")
    private int cycles;

    @Option(names = "--connections", defaultValue = "64", paramLabel = "N",
            description = "Connections of wrk (${DEFAULT-VALUE}).")
    private int connections;

    @Override
    public Integer call() throws IOException {
        if (rounds < 1 || seconds < 1 || cycles < 0 || connections < 2) {
            throw new ParameterException(spec.commandLine(),
                    "rounds and seconds are at least 1, connections at least 2, cycles at least 0");
        }
        PrintWriter out = spec.commandLine().getOut();
        Path folder = Files.createTempDirectory("tide-traffic-");
        try (Haproxy haproxy = new Haproxy(folder.resolve("haproxy"), LocalCluster.freePort());
                LocalCluster cluster = new LocalCluster(folder.resolve("cluster"), 2, "process",
                        List.of("--traffic", "ingress", "--traffic",
                                "haproxy=" + haproxy.settings()))) {
            Map<String, URI> ways = new LinkedHashMap<>();
            ways.put("ingress", here(cluster.startIngress()));
            ways.put("haproxy", here(haproxy.port()));
            haproxy.start();
            require(201, cluster.send("POST", "/v2/apps", app().toString()));
            awaitOpen(cluster, CALM);
            throughput(ways, out);
            for (Map.Entry<String, URI> way : ways.entrySet()) {
                cycles(cluster, way.getKey(), way.getValue(), out);
            }
            out.printf("Kills that cut requests short: %d%n",
                    cluster.get("/tide/v1/traffic").body().path("cuts").asLong());
        } finally {
            Folders.delete(folder);
        }
        return 0;
    }

    private void throughput(Map<String, URI> ways, PrintWriter out) throws IOException {
        List<Tries> tries = ways.keySet().stream().map(Tries::new).toList();
        long failed = 0;
        // The first turn is not counted: nothing is compiled yet.
        for (int round = 0; round <= rounds; round++) {
            out.printf("requests a second, turn %d of %d%s%n", round, rounds,
                    round == 0 ? " (not counted)" : "");
            int way = 0;
            for (URI target : ways.values()) {
                Tries its = tries.get(way++);
                try (Wrk wrk = new Wrk(target, HOST, connections,
                        Duration.ofSeconds(seconds))) {
                    Wrk.Result result = wrk.result();
                    failed += result.failed();
                    if (round > 0) {
                        its.add(result.perSecond());
                    }
                }
            }
        }
        out.println();
        out.println(Tries.head("requests/s, " + connections + " connections"));
        tries.forEach(one -> out.println(one.row("%.0f")));
        List<Double> medians = tries.stream().map(Tries::median).toList();
        out.printf(Locale.ROOT, "The ingress carries %.0f %% of what HAProxy does; %d failed.%n%n",
                100 * medians.get(0) / medians.get(1), failed);
    }

    private void cycles(LocalCluster cluster, String name, URI way, PrintWriter out)
            throws IOException {
        if (cycles == 0) {
            return;
        }
        try (Wrk wrk = new Wrk(way, HOST, 16, CYCLE_AT_MOST.multipliedBy(cycles))) {
            long began = System.nanoTime();
            for (int i = 0; i < cycles; i++) {
                scale(cluster, MANY);
                scale(cluster, CALM);
            }
            double took = (System.nanoTime() - began) / 1e9;
            if (!wrk.runs()) {
                throw new IllegalStateException("wrk ended before the cycles did; they took "
                        + Math.round(took) + " s");
            }
            wrk.stop();
            Wrk.Result result = wrk.result();
            out.printf(Locale.ROOT,
                    "%s: %d times from %d to %d and back in %.0f s under wrk: %d requests, %d failed%n",
                    name, cycles, CALM, MANY, took, result.requests(), result.failed());
            out.flush();
        }
    }

    private static void scale(LocalCluster cluster, int instances) throws IOException {
        require(200, cluster.send("PUT", "/v2/apps" + APP + "?force=true",
                "{\"instances\":" + instances + "}"));
        awaitOpen(cluster, instances);
    }

    /** Until so many serve, none is on its way out, and nothing is under way. */
    private static void awaitOpen(LocalCluster cluster, int instances) {
        LocalCluster.await(instances + " instances to serve", PATIENCE, () -> {
            try {
                JsonNode service = cluster.get("/tide/v1/apps" + APP + "/traffic").body()
                        .at("/services/0");
                return service.path("open").asInt() == instances
                        && service.path("draining").asInt() == 0
                        && cluster.get("/v2/deployments").body().isEmpty();
            } catch (IOException e) {
                throw new IllegalStateException("the master does not answer: " + e.getMessage(),
                        e);
            }
        });
    }

    private ObjectNode app() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ObjectNode app = json.createObjectNode().put("id", APP).put("cmd", "exec " + java
                + " -XX:+UseSerialGC -Xmx64m -cp '" + System.getProperty("java.class.path") + "' "
                + Hello.class.getName() + " $PORT0").put("cpus", 0.1).put("mem", 96)
                .put("instances", CALM);
        app.putArray("portDefinitions").addObject().put("port", 0).put("name", "http");
        app.putObject("labels").put("TIDE_0_HOST", HOST);
        app.putArray("healthChecks").addObject().put("protocol", "MESOS_HTTP").put("path", "/")
                .put("portIndex", 0).put("intervalSeconds", 2).put("timeoutSeconds", 10)
                .put("gracePeriodSeconds", 60);
        return app;
    }

    private static URI here(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    private static void require(int status, LocalCluster.Reply reply) {
        if (reply.status() != status) {
            throw new IllegalStateException("the master answered " + reply);
        }
    }
}
