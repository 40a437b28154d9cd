package io.springtide.master.http;

import io.springtide.master.MasterStatus;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.metrics.Registries;
import io.springtide.master.nodes.NodesPort;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.scaling.ScalingPort;
import io.springtide.master.traffic.TrafficPort;
import io.springtide.master.view.ClusterView;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door for people and programs: Marathon's {@code /v2}, our own {@code /tide/v1}, metrics. Holds no
 * state of the cluster: reads go to the view, changes to the {@link CommandPort}.
 *
 * <p>Everything is bounded: connections, headers, bodies, how long a request may take to arrive, and how
 * much waits for a slow reader.
 */
public final class RestServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);

    /** A thousand clients with two connections each; a stranger cannot take all file handles. */
    static final int CONNECTIONS_MAX = 2_000;

    private static final int URI_BYTES_MAX = 16 * 1024;
    private static final int HEADERS_BYTES_MAX = 16 * 1024;
    private static final int IDLE_SECONDS_MAX = 60;
    private static final int EVENT_LOOPS_MAX = 4;
    private static final int BACKLOG = 1_024;
    private static final int STOP_SECONDS = 10;

    /** Requests that are under way at the end may take so long. */
    private static final long DRAIN_MS_MAX = 3_000;
    /** Shorter answers cost more to squeeze than to send. */
    private static final int GZIP_BYTES_MIN = 1_024;

    private final Vertx vertx;
    private final RestSettings settings;
    private final Backend backend;
    private final List<Routes> routes;
    private final AtomicInteger connections = new AtomicInteger();
    private volatile String deployment = "";
    private volatile int port;

    public RestServer(Vertx vertx, RestSettings settings, CommandPort commands, ClusterView view,
            AgentsPort agents, MasterStatus status, EventStream events, Registries metrics) {
        this(vertx, settings, commands, view, agents, status, events, metrics, ScalingPort.NONE,
                Optional::empty, NodesPort.NONE);
    }

    /**
     * Of a master that scales apps by itself, drives traffic and orders machines.
     *
     * @param traffic what is known of it; nothing while this master does not lead
     */
    public RestServer(Vertx vertx, RestSettings settings, CommandPort commands, ClusterView view,
            AgentsPort agents, MasterStatus status, EventStream events, Registries metrics,
            ScalingPort scaling, Supplier<Optional<TrafficPort>> traffic, NodesPort nodes) {
        this.vertx = vertx;
        this.settings = settings;
        MetricsExposition exposition = new MetricsExposition(metrics,
                new ClusterMetrics(settings, view, agents, status, events, connections::get));
        AppDefinitions definitions = new AppDefinitions();
        InstantSource clock = InstantSource.system();
        this.backend = new Backend(settings, commands, view, agents, status, events, exposition,
                clock, new Readers(settings.dialect()), definitions,
                new AppPieces(view, definitions, clock), scaling, traffic, nodes);
        // Tasks of apps first: to the other, their paths look like ids of apps.
        this.routes = List.of(new AppTaskRoutes(), new AutoscalingRoutes(), new AppRoutes(),
                new GroupRoutes(),
                new TaskRoutes(),
                new QueueRoutes(),
                new PodRoutes(),
                new DeploymentRoutes(), new InfoRoutes(), new EventRoutes(), new MetricRoutes(),
                new AgentRoutes(), new AgentControl(), new BackupRoutes(), new RestoreRoutes(),
                new RoleRoutes(), new WhatIfRoutes(),
                new DeploymentControl(), new WeightRoutes(), new TrafficRoutes(),
                new NodesRoutes(),
                new TideRoutes(),
                new SettingsRoutes(), new OpenApiRoutes(), new HealthRoutes());
    }

    /** Listens. The future has the port, or fails if the address cannot be had. */
    public CompletableFuture<Integer> start() {
        int loops = Math.min(EVENT_LOOPS_MAX,
                Math.max(1, Runtime.getRuntime().availableProcessors()));
        // The first one finds the port; the others share it.
        CompletableFuture<Integer> started = new CompletableFuture<>();
        vertx.deployVerticle(Listener::new, new DeploymentOptions().setInstances(loops))
                .onSuccess(id -> {
                    deployment = id;
                    LOG.info("rest-listening host={} port={}", settings.host(), port);
                    started.complete(port);
                })
                .onFailure(started::completeExceptionally);
        return started;
    }

    /** Every noun's part of the address space, in the order in which they are asked. */
    List<Routes> routes() {
        return routes;
    }

    /** The port it listens on; 0 before {@link #start} is done. */
    public int port() {
        return port;
    }

    /** Stops listening and closes all connections, event streams first. */
    @Override
    public void close() {
        backend.events().closeAll();
        backend.pieces().close();
        String id = deployment;
        if (!id.isEmpty()) {
            deployment = "";
            try {
                vertx.undeploy(id).toCompletionStage().toCompletableFuture().get(STOP_SECONDS,
                        TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException
                    | java.util.concurrent.TimeoutException late) {
                LOG.warn("rest-stop-incomplete", late);
            }
        }
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(settings.host().equals("[::1]") ? "::1" : settings.host())
                // A negative number: all event loops share one free port.
                .setPort(settings.port() == 0 ? -1 : settings.port())
                .setMaxInitialLineLength(URI_BYTES_MAX)
                .setMaxHeaderSize(HEADERS_BYTES_MAX)
                .setIdleTimeout(IDLE_SECONDS_MAX)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setAcceptBacklog(BACKLOG)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setCompressionSupported(true)
                .setCompressionLevel(1)
                .setCompressionContentSizeThreshold(GZIP_BYTES_MIN);
    }

    /** One event loop's share of the connections; Vert.x hands them out in turn. */
    private final class Listener extends VerticleBase {

        private @Nullable HttpServer listening;

        @Override
        public Future<?> stop() {
            HttpServer server = listening;
            return server == null
                    ? Future.succeededFuture()
                    : server.shutdown(DRAIN_MS_MAX, TimeUnit.MILLISECONDS);
        }

        @Override
        public Future<?> start() {
            HttpServer server = vertx.createHttpServer(options());
            listening = server;
            FrontDoor door = new FrontDoor(vertx, context, backend, routes);
            server.requestHandler(door::receive);
            server.invalidRequestHandler(door::unreadable);
            server.connectionHandler(connection -> {
                if (connections.incrementAndGet() > CONNECTIONS_MAX) {
                    backend.metrics().rejected("connections");
                    connection.close();
                }
                connection.closeHandler(unused -> connections.decrementAndGet());
            });
            server.exceptionHandler(failure -> LOG.debug("connection-failed", failure));
            return server.listen().onSuccess(open -> port = open.actualPort());
        }
    }
}
