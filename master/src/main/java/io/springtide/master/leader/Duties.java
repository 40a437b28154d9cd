package io.springtide.master.leader;

import io.springtide.cloud.spi.traffic.TrafficDriver;
import io.springtide.core.SchedulerCore;
import io.springtide.core.command.Command;
import io.springtide.core.placement.PlacementSettings;
import io.springtide.core.state.ClusterState;
import io.springtide.master.agents.AgentGateway;
import io.springtide.master.journal.JournalException;
import io.springtide.master.nodes.NodesPort;
import io.springtide.master.nodes.NodesService;
import io.springtide.master.ring.CommandPort;
import io.springtide.master.ring.Outcome;
import io.springtide.master.ring.ReignEngine;
import io.springtide.master.scaling.ScalingPort;
import io.springtide.master.scaling.ScalingService;
import io.springtide.master.snapshot.Snapshots;
import io.springtide.master.standby.Follower;
import io.springtide.master.store.Reign;
import io.springtide.master.traffic.Drivers;
import io.springtide.master.traffic.ServiceReader;
import io.springtide.master.traffic.Traffic;
import io.springtide.master.view.ClusterView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs only while this master leads: the engine, the agents' sessions, autoscaling, machines, the
 * snapshots. One reign.
 */
final class Duties {

    private static final Logger LOG = LoggerFactory.getLogger(Duties.class);

    /** A store that does not take a fact within this time will not make a leader of anybody. */
    private static final Duration FOUND_WITHIN = Duration.ofSeconds(30);

    private final Follower follower;
    private final ReignEngine engine;
    private final AgentGateway gateway;
    private final Traffic traffic;
    private final ScalingService scaling;
    private final Optional<NodesService> nodes;
    private final Snapshots snapshots;

    private Duties(Follower follower, ReignEngine engine, AgentGateway gateway, Traffic traffic,
            ScalingService scaling, Optional<NodesService> nodes, Snapshots snapshots) {
        this.follower = follower;
        this.engine = engine;
        this.gateway = gateway;
        this.traffic = traffic;
        this.scaling = scaling;
        this.nodes = nodes;
        this.snapshots = snapshots;
    }

    /**
     * Takes over from where the follower stands. Returns when the first fact of the reign is durable
     * and agents are let in.
     *
     * @param follower halted
     * @param onFatal told, on a thread of the engine, if it has failed
     * @throws JournalException if the log cannot be read to its end, or takes nothing
     */
    static Duties begin(Reign reign, String clusterId, Follower follower, LeaderParts parts,
            Consumer<Throwable> onFatal) {
        ClusterState state = follower.takeOver(reign.journal().positionNext());
        ReignEngine engine = parts.machinery().engine(
                new SchedulerCore(state, parts.settings(), parts.scorers()),
                follower.view(), reign.journal(), reign.epoch(), follower.newestMs(),
                parts.metrics(), onFatal);
        Traffic traffic = new Traffic(reign.epoch(), drivers(parts), new ServiceReader(),
                parts.machinery().timing(), parts.machinery().clock());
        AgentGateway gateway = new AgentGateway(parts.gateway(), reign.epoch(), engine,
                follower.view(), parts.unknownEnds(), parts.counters(), parts.door(),
                parts.machinery().timing(), traffic);
        follower.view().listen(traffic);
        follower.view().listen(gateway);
        ScalingService scaling = new ScalingService(follower.view(), engine, gateway, gateway,
                traffic.loads(), parts.scaling().queries(parts.machinery().clock()),
                parts.machinery().timing(), parts.machinery().clock(),
                parts.scaling().counters());
        Duties duties = new Duties(follower, engine, gateway, traffic, scaling,
                nodes(parts, follower.view(), engine),
                parts.machinery().snapshots(follower.view(), reign.journal(), reign.epoch()));
        boolean begun = false;
        try {
            traffic.begin(follower.view());
            engine.start();
            duties.found(clusterId);
            gateway.start();
            scaling.start();
            duties.nodes.ifPresent(NodesService::start);
            duties.snapshots.start();
            begun = true;
            return duties;
        } finally {
            if (!begun) {
                duties.abort();
            }
        }
    }

    private void found(String clusterId) {
        try {
            Outcome outcome = engine.await(engine.submit(new Command.FoundCluster(clusterId)),
                    FOUND_WITHIN);
            if (!(outcome instanceof Outcome.Decided)) {
                throw new JournalException("the reign was over before its first fact was durable");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JournalException("interrupted while taking over", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new JournalException("the journal did not take the first fact within "
                    + FOUND_WITHIN.toSeconds() + " s; look at the store", e);
        }
    }

    /** They were tried when this master started; should one not open now, the reign is worth more. */
    private static List<TrafficDriver> drivers(LeaderParts parts) {
        try {
            return Drivers.open(parts.traffic());
        } catch (IllegalArgumentException refused) {
            LOG.error("traffic_not_driven why=\"{}\"", refused.getMessage());
            return List.of();
        }
    }

    /** None where nothing was said of machines: then there is not even a timer. */
    private static Optional<NodesService> nodes(LeaderParts parts, ClusterView view,
            CommandPort commands) {
        if (parts.nodes().settings().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new NodesService(parts.nodes().settings(), view, commands,
                    new PlacementSettings(parts.scorers(),
                            PlacementSettings.DEFAULT.slackMarginPpm()),
                    parts.machinery().timing(), parts.machinery().clock(),
                    parts.nodes().counters()));
        } catch (IllegalArgumentException refused) {
            LOG.error("nodes_not_ordered why=\"{}\"", refused.getMessage());
            return Optional.empty();
        }
    }

    ReignEngine engine() {
        return engine;
    }

    AgentGateway gateway() {
        return gateway;
    }

    ScalingPort scaling() {
        return scaling;
    }

    NodesPort nodes() {
        return nodes.<NodesPort>map(service -> service).orElse(NodesPort.NONE);
    }

    Traffic traffic() {
        return traffic;
    }

    /** In good order: what is under way comes out first. */
    void close() {
        nodes.ifPresent(NodesService::close);
        scaling.close();
        gateway.close();
        engine.close();
        snapshots.close();
        traffic.close();
        follower.view().unlisten(gateway);
        follower.view().unlisten(traffic);
    }

    /** At once: nothing more can become durable. The view stays what it is, and is still true. */
    void abort() {
        nodes.ifPresent(NodesService::close);
        scaling.close();
        gateway.close();
        engine.abort();
        snapshots.close();
        traffic.close();
        follower.view().unlisten(gateway);
        follower.view().unlisten(traffic);
    }
}
