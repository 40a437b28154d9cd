package io.springtide.master.http;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.springtide.core.decide.DeploymentProgress;
import io.springtide.core.model.AgentCondition;
import io.springtide.core.model.AgentId;
import io.springtide.core.model.Condition;
import io.springtide.core.model.Rejection;
import io.springtide.master.MasterStatus;
import io.springtide.master.agents.AgentsPort;
import io.springtide.master.view.ClusterView;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;

/** The cluster as Prometheus sees it, read from the view at each scrape. The names are API. */
final class ClusterMetrics implements MultiCollector {

    private static final double MIB = 1024.0 * 1024.0;

    private final RestSettings settings;
    private final ClusterView view;
    private final AgentsPort contacts;
    private final MasterStatus status;
    private final EventStream events;
    private final IntSupplier connections;
    private final InstantSource clock = InstantSource.system();

    ClusterMetrics(RestSettings settings, ClusterView view, AgentsPort contacts,
            MasterStatus status, EventStream events, IntSupplier connections) {
        this.settings = settings;
        this.view = view;
        this.contacts = contacts;
        this.status = status;
        this.events = events;
        this.connections = connections;
    }

    @Override
    public MetricSnapshots collect() {
        long nowMs = clock.millis();
        ClusterCounts counts = view.read(state -> ClusterCounts.of(state, nowMs));
        List<MetricSnapshot> all = new ArrayList<>();
        // The suffix _info is added on the way out.
        all.add(InfoSnapshot.builder().name("tide_build").help("Which software this is.")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", settings.version(), "commit",
                                settings.commit(), "java", Runtime.version().toString()))
                        .build())
                .build());
        all.add(gauge("tide_master_is_leader", "1 if this master leads.",
                status.leads() ? 1 : 0, Labels.EMPTY));
        all.add(gauge("tide_leader_epoch", "Number of the present reign.", (double) status.epoch(),
                Labels.EMPTY));
        all.add(gauge("tide_journal_index", "Facts that are durable.", (double) status.position(),
                Labels.EMPTY));
        all.add(gauge("tide_apps", "Apps.", counts.apps, Labels.EMPTY));
        all.add(gauge("tide_instances_desired", "Instances that are to run.", counts.desired,
                Labels.EMPTY));
        all.add(gauge("tide_instances_missing", "Instances that are to run and do not.",
                counts.missing, Labels.EMPTY));
        all.add(gauge("tide_instances_excess", "Instances that run and are not to.",
                counts.excess, Labels.EMPTY));
        all.add(instances(counts));
        all.add(pending(counts));
        all.add(gauge("tide_pending_oldest_seconds",
                "How long the instances that wait longest have been waiting; 0 if none does.",
                counts.pendingMsMax / 1_000.0, Labels.EMPTY));
        all.add(agents(counts));
        all.add(gauge("tide_agent_heartbeat_age_seconds_max",
                "Time since the message of the connected agent that has been silent longest.",
                heardMsAgoMax() / 1_000.0, Labels.EMPTY));
        all.add(resources("tide_resources_capacity",
                "What agents have; mem and disk in bytes.", counts, false));
        all.add(resources("tide_resources_reserved",
                "What instances have taken of it; mem and disk in bytes.", counts, true));
        all.add(deployments(counts));
        all.add(gauge("tide_health_storm",
                "1 while health checks fail so widely that nothing is ended for its health.",
                counts.healthStormMs == 0 ? 0 : 1, Labels.EMPTY));
        all.add(gauge("tide_sse_clients", "Listeners on /v2/events.", events.clientCount(),
                Labels.EMPTY));
        all.add(gauge("tide_http_connections", "Open connections.", connections.getAsInt(),
                Labels.EMPTY));
        all.add(CounterSnapshot.builder().name("tide_sse_dropped")
                .help("Listeners cut off since they read too slowly.")
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value((double) events.droppedCount()).build())
                .build());
        return new MetricSnapshots(all);
    }

    /** Asked outside of the view's lock. */
    private long heardMsAgoMax() {
        List<AgentId> ids = view.read(state -> {
            List<AgentId> known = new ArrayList<>();
            for (int row = 0; row < state.agents().rows(); row++) {
                if (state.agents().present(row)) {
                    known.add(state.agents().spec(row).id());
                }
            }
            return known;
        });
        return ids.stream().flatMap(id -> contacts.contact(id).stream())
                .filter(AgentsPort.Contact::connected).mapToLong(AgentsPort.Contact::heardMsAgo)
                .max().orElse(0);
    }

    private static GaugeSnapshot instances(ClusterCounts counts) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("tide_instances")
                .help("Instances by what was last seen of them.");
        for (Condition condition : Condition.values()) {
            if (!condition.terminal()) {
                gauge.dataPoint(point(counts.instances.getOrDefault(condition, 0),
                        Labels.of("state", condition.name().toLowerCase(Locale.ROOT))));
            }
        }
        return gauge.build();
    }

    private static GaugeSnapshot deployments(ClusterCounts counts) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("tide_deployments")
                .help("Deployments on their way: they go on, wait for something, or are paused.");
        for (DeploymentProgress.State state : List.of(DeploymentProgress.State.RUNNING,
                DeploymentProgress.State.WAITING, DeploymentProgress.State.PAUSED)) {
            gauge.dataPoint(point(counts.deployments.getOrDefault(state, 0),
                    Labels.of("state", DeploymentStanding.word(state))));
        }
        return gauge.build();
    }

    private static GaugeSnapshot pending(ClusterCounts counts) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("tide_pending_instances")
                .help("Instances that wait to be launched, by the veto of most agents.");
        List<String> reasons = new ArrayList<>(List.of("backoff", "none"));
        for (Rejection rejection : Rejection.values()) {
            reasons.add(ClusterCounts.word(rejection));
        }
        for (String reason : reasons) {
            gauge.dataPoint(point(counts.pending.getOrDefault(reason, 0),
                    Labels.of("reason", reason)));
        }
        return gauge.build();
    }

    private static GaugeSnapshot agents(ClusterCounts counts) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("tide_agents")
                .help("Agents by site and by what was last seen of them.");
        counts.sites.forEach((name, site) -> {
            for (AgentCondition condition : AgentCondition.values()) {
                gauge.dataPoint(point(site.agents.getOrDefault(condition, 0),
                        Labels.of("state", ClusterCounts.word(condition), "site", name)));
            }
        });
        return gauge.build();
    }

    private static GaugeSnapshot resources(String name, String help, ClusterCounts counts,
            boolean reserved) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        counts.sites.forEach((siteName, site) -> {
            for (int i = 0; i < ClusterCounts.RESOURCES.length; i++) {
                String resource = ClusterCounts.RESOURCES[i];
                double amount = reserved ? site.reserved[i] : site.capacity[i];
                boolean isBytes = resource.equals("mem") || resource.equals("disk");
                gauge.dataPoint(point(isBytes ? amount * MIB : amount,
                        Labels.of("resource", resource, "site", siteName)));
            }
        });
        return gauge.build();
    }

    private static GaugeSnapshot gauge(String name, String help, double value, Labels labels) {
        return GaugeSnapshot.builder().name(name).help(help).dataPoint(point(value, labels))
                .build();
    }

    private static GaugeSnapshot.GaugeDataPointSnapshot point(double value, Labels labels) {
        return GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
    }
}
