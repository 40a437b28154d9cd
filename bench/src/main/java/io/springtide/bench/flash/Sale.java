package io.springtide.bench.flash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.bench.live.LocalCluster;
import io.springtide.master.journal.Folders;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One sale: a cluster of its own with an ingress, the shop under a policy, and the crowd. Close it,
 * whether or not it came to its end.
 */
final class Sale implements AutoCloseable {

    private static final String APP = "/shop";
    private static final String HOST = "shop.example";
    private static final int AGENTS = 2;
    private static final int MARGIN = 5;
    private static final Duration READY = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** The JVM's own share of the start is most of it: one quick compiler, the archive of classes. */
    private static final String JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -Xmx48m"
            + " -Xss256k -XX:-UsePerfData";

    private final Plan plan;
    private final boolean tiers;
    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();
    private final LocalCluster cluster;
    private final Vertx vertx = Vertx.vertx();
    private boolean closed;

    /**
     * Starts the cluster.
     *
     * @param tiers whether there are standbys, and floods are told apart from growth
     */
    Sale(Plan plan, boolean tiers) throws IOException {
        this.plan = plan;
        this.tiers = tiers;
        this.folder = Files.createTempDirectory("tide-flash-sale-");
        this.cluster = new LocalCluster(folder, AGENTS);
    }

    /** The whole of it; {@code live} hears a line a second. */
    Outcome run(Consumer<String> say, Consumer<Live> live) throws IOException {
        int port = cluster.startIngress();
        int calm = plan.instances(plan.rate());
        require(201, cluster.send("POST", "/v2/apps", app(calm).toString()));
        require(200, cluster.send("PUT", "/v2/apps" + APP + "/autoscaling", policy().toString()));
        int standbys = standbys();
        say.accept("waiting for " + calm + " instances to serve"
                + (standbys == 0 ? "" : " and for " + standbys + " standbys to be frozen"));
        LocalCluster.await("the shop to be served, with its standbys", READY, () -> {
            Moment now = look(0);
            return now.serving() >= calm && now.standby() >= standbys;
        });
        List<Moment> moments = new ArrayList<>();
        OpenLoad load = new OpenLoad(vertx, SocketAddress.inetSocketAddress(port, "127.0.0.1"),
                HOST, "/buy", plan.phases(),
                seconds -> live.accept(new Live(seconds, List.copyOf(moments))));
        Outcome outcome = new Outcome(tiers ? "with tiers" : "without tiers", plan,
                watched(load, moments), moments);
        say.accept("what the policy decided, and why:");
        for (JsonNode one : cluster.get("/v2/apps" + APP + "/autoscaling/history").body()
                .path("decisions")) {
            say.accept("  " + one.path("at").asText() + "  " + one.path("from").asInt() + " -> "
                    + one.path("to").asInt() + "  " + one.path("sentence").asText());
        }
        return outcome;
    }

    /** What is known so far. */
    record Live(List<Second> seconds, List<Moment> moments) {}

    private List<Second> watched(OpenLoad load, List<Moment> moments) {
        long began = System.nanoTime();
        var done = load.run().toCompletionStage().toCompletableFuture();
        while (!done.isDone()) {
            double atS = (System.nanoTime() - began) / 1e9;
            moments.add(look(atS));
            LockSupport.parkNanos(LOOK_NANOS);
        }
        try {
            return done.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the load has failed", e);
        }
    }

    private Moment look(double atS) {
        try {
            JsonNode scaling = cluster.get("/v2/apps" + APP + "/autoscaling").body()
                    .path("state");
            int serving = 0;
            for (JsonNode service : cluster.get("/tide/v1/apps" + APP + "/traffic").body()
                    .path("services")) {
                serving += service.path("open").asInt();
            }
            return new Moment(atS, scaling.path("wanted").asInt(), serving,
                    scaling.path("standbys").path("frozen").asInt());
        } catch (IOException e) {
            throw new IllegalStateException("the master does not answer: " + e.getMessage(), e);
        }
    }

    private int standbys() {
        return tiers ? plan.instances(plan.peak()) - plan.instances(plan.rate()) : 0;
    }

    private ObjectNode app(int instances) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "exec " + java + " " + JVM + " -cp '"
                + System.getProperty("java.class.path") + "' " + Shop.class.getName() + " "
                + plan.workers() + " " + plan.workMs() + " " + plan.workers() * 50;
        ObjectNode app = json.createObjectNode().put("id", APP).put("cmd", command)
                .put("cpus", 0.1).put("mem", 64).put("instances", instances);
        app.putArray("portDefinitions").addObject().put("port", 0).put("name", "http");
        app.putObject("labels").put("TIDE_0_HOST", HOST);
        app.putArray("healthChecks").addObject().put("protocol", "HTTP").put("path", "/health")
                .put("portIndex", 0).put("intervalSeconds", 2).put("timeoutSeconds", 5)
                .put("gracePeriodSeconds", 60).put("maxConsecutiveFailures", 10);
        app.putArray("readinessChecks").addObject().put("path", "/health").put("portName", "http")
                .put("intervalSeconds", 2).put("timeoutSeconds", 1);
        return app;
    }

    private ObjectNode policy() {
        int calm = plan.instances(plan.rate());
        ObjectNode policy = json.createObjectNode().put("min", calm).put("max",
                plan.instances(plan.peak()) + MARGIN);
        policy.putArray("targets").addObject().put("metric", "requests").put("value",
                plan.target());
        policy.putObject("down").put("stabilizationSeconds", 10);
        if (tiers) {
            policy.putObject("burst").put("windowSeconds", 1).put("factor", 2)
                    .put("holdSeconds", 10);
            policy.putObject("standby").put("count", standbys());
        }
        return policy;
    }

    private static void require(int status, LocalCluster.Reply reply) {
        if (reply.status() != status) {
            throw new IllegalStateException("the master answered " + reply);
        }
    }

    /** Ends the cluster and removes its folder; the second call changes nothing. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            cluster.close();
            vertx.close();
            Folders.delete(folder);
        }
    }
}
