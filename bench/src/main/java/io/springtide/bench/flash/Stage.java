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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A cluster of its own with two agents and an ingress, shops on it, and crowds that come to them. */
public final class Stage implements AutoCloseable {

    /** So long anything that is waited for may take. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int AGENTS = 2;
    private static final Duration CROWDS_PATIENCE = Duration.ofSeconds(10);
    /** What waits beyond it waits in the ingress, where those who come next find it. */
    private static final String INSTANCE_CONNECTIONS = "8";
    private static final String REHEARSAL = "rehearsal";
    /** The JVM's own share of the start is most of it: one quick compiler, the archive of classes. */
    private static final String JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -Xmx48m"
            + " -Xss256k -XX:-UsePerfData";

    private final Path folder;
    private final ObjectMapper json = new ObjectMapper();
    private final LocalCluster cluster;
    private final SocketAddress ingress;
    private final Vertx vertx = Vertx.vertx();
    private boolean closed;

    /** Starts the cluster. */
    public Stage() throws IOException {
        this.folder = Files.createTempDirectory("tide-stage-");
        this.cluster = new LocalCluster(folder, AGENTS);
        this.ingress = SocketAddress.inetSocketAddress(cluster.startIngress(
                "--instance-connections", INSTANCE_CONNECTIONS), "127.0.0.1");
    }

    /** Where the ingress takes requests, on the loopback address. */
    public int ingressPort() {
        return ingress.port();
    }

    /**
     * Has instances of a {@link Shop} under a virtual host of the same name.
     *
     * @param name e.g. {@code shop}: the app is {@code /shop}, the host {@code shop.example}
     */
    public void shop(String name, int instances, int workers, int workMs) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = "exec " + java + " " + JVM + " -cp '"
                + System.getProperty("java.class.path") + "' " + Shop.class.getName() + " "
                + workers + " " + workMs + " " + workers * 50;
        ObjectNode app = json.createObjectNode().put("id", "/" + name).put("cmd", command)
                .put("cpus", 0.1).put("mem", 64).put("instances", instances);
        app.putArray("portDefinitions").addObject().put("port", 0).put("name", "http");
        app.putObject("labels").put("TIDE_0_HOST", host(name)).put("TIDE_0_QUEUE", "10000")
                .put("TIDE_0_WAIT", CROWDS_PATIENCE.toSeconds() + "s");
        app.putArray("healthChecks").addObject().put("protocol", "HTTP").put("path", "/health")
                .put("portIndex", 0).put("delaySeconds", 0).put("intervalSeconds", 2)
                .put("timeoutSeconds", 5)
                .put("gracePeriodSeconds", 60).put("maxConsecutiveFailures", 10);
        app.putArray("readinessChecks").addObject().put("path", "/health").put("portName", "http")
                .put("intervalSeconds", 2).put("timeoutSeconds", 1);
        require(201, cluster.send("POST", "/v2/apps", app.toString()));
    }

    /** The virtual host of a shop. */
    public static String host(String name) {
        return name + ".example";
    }

    /** Has a shop's count owned by a policy. */
    public void policy(String name, ObjectNode policy) throws IOException {
        require(200, cluster.send("PUT", "/v2/apps/" + name + "/autoscaling", policy.toString()));
    }

    /** An empty object, to be filled. */
    public ObjectNode object() {
        return json.createObjectNode();
    }

    /** Asks for so many instances of a shop that no policy owns. */
    public void scale(String name, int instances) throws IOException {
        require(200, cluster.send("PUT", "/v2/apps/" + name + "?force=true",
                "{\"instances\":" + instances + "}"));
    }

    /** Takes a shop away and waits until all its instances have ended: what is tried next is not to share with them. */
    public void remove(String name) throws IOException {
        require(200, cluster.send("DELETE", "/v2/apps/" + name + "?force=true", ""));
        LocalCluster.await("/" + name + " to be gone", PATIENCE,
                () -> reply("/v2/apps/" + name).status() == 404);
    }

    /** What the master says of a shop's policy. */
    public JsonNode scaling(String name) {
        return get("/v2/apps/" + name + "/autoscaling").path("state");
    }

    /** The decisions about a shop, the newest first. */
    public JsonNode decisions(String name) {
        return get("/v2/apps/" + name + "/autoscaling/history").path("decisions");
    }

    /** The instances of a shop that traffic goes to. */
    public int open(String name) {
        int open = 0;
        for (JsonNode service : get("/tide/v1/apps/" + name + "/traffic").path("services")) {
            open += service.path("open").asInt();
        }
        return open;
    }

    /** A crowd comes to a shop; the seconds are there when the last of it has been served or has left. */
    public CompletableFuture<List<Second>> crowd(String name, List<Arrivals.Phase> phases,
            Consumer<List<Second>> everySecond) {
        return new OpenLoad(vertx, ingress, host(name), "/buy", phases, CROWDS_PATIENCE,
                everySecond).run().toCompletionStage().toCompletableFuture();
    }

    /**
     * A load balancer that serves a sale has been up for weeks, and has compiled what it does; that of
     * this stage is a minute old. So a crowd goes through it to a shop that is taken away again.
     */
    public void rehearse(double fromRate, double toRate, long ms) throws IOException {
        shop(REHEARSAL, 1, 64, 1);
        LocalCluster.await("the rehearsal's shop to be served", PATIENCE,
                () -> open(REHEARSAL) == 1);
        join(crowd(REHEARSAL, List.of(new Arrivals.Phase("rehearsal", fromRate,
                toRate, ms)), seconds -> {}));
        remove(REHEARSAL);
    }

    /** Waits for a crowd that is to end by itself. */
    public static List<Second> join(CompletableFuture<List<Second>> crowd) {
        try {
            return crowd.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the load has failed", e);
        }
    }

    private JsonNode get(String path) {
        return reply(path).body();
    }

    private LocalCluster.Reply reply(String path) {
        try {
            return cluster.get(path);
        } catch (IOException e) {
            throw new IllegalStateException("the master does not answer: " + e.getMessage(), e);
        }
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
