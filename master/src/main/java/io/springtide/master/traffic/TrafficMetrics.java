package io.springtide.master.traffic;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.springtide.core.model.AppId;
import io.springtide.master.metrics.Registries;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The traffic of apps as Prometheus sees it, read at each scrape. The busiest apps have a series of their
 * own; the others are one. The names are API.
 */
public final class TrafficMetrics implements MultiCollector {

    /** Apps with series of their own; a store of metrics suffers under more names than it needs. */
    static final int APPS_MAX = 200;

    /** The label of all others together; no app can be called that. */
    static final String OTHERS = "(others)";

    private static final double MS = 1e3;

    private final Supplier<Optional<Traffic>> traffic;

    private TrafficMetrics(Supplier<Optional<Traffic>> traffic) {
        this.traffic = traffic;
    }

    /** Registers them; there is something to read only while this master leads. */
    public static void register(Registries registries, Supplier<Optional<Traffic>> traffic) {
        registries.prometheus().register(new TrafficMetrics(traffic));
    }

    /** An app's load, and its label. */
    private record Row(String app, AppLoad load) {}

    @Override
    public MetricSnapshots collect() {
        Optional<Traffic> leading = traffic.get();
        List<Row> rows = rows(leading.map(Traffic::measured).orElse(Map.of()));
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(gauge("tide_traffic_arrivals_per_second",
                "Requests that came for an app in about the last second.", rows,
                AppLoad::arrivalsPerSecond));
        all.add(gauge("tide_traffic_refused_per_second",
                "Of those, the ones that reached no instance.", rows, AppLoad::refusedPerSecond));
        all.add(gauge("tide_traffic_errors_per_second",
                "Answers of 5xx, and requests without an answer.", rows,
                AppLoad::errorsPerSecond));
        all.add(gauge("tide_traffic_concurrency", "Requests under way.", rows,
                AppLoad::concurrency));
        all.add(gauge("tide_traffic_waiting", "Requests that wait for an instance.", rows,
                AppLoad::waiting));
        all.add(gauge("tide_traffic_p99_seconds",
                "The worst p99 of an app's instances; nothing where nothing was answered.",
                rows.stream().filter(row -> row.load().p99Ms() >= 0).toList(),
                load -> load.p99Ms() / MS));
        all.add(GaugeSnapshot.builder().name("tide_traffic_held_instances")
                .help("Instances that are to end and still have traffic.")
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(leading.map(Traffic::held).orElse(0)).build())
                .build());
        all.add(CounterSnapshot.builder().name("tide_traffic_cuts")
                .help("Instances that were ended before their traffic had.")
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value((double) leading.map(Traffic::cuts).orElse(0L)).build())
                .build());
        return new MetricSnapshots(all);
    }

    private static List<Row> rows(Map<AppId, AppLoad> loads) {
        List<Row> rows = new ArrayList<>();
        loads.forEach((app, load) -> rows.add(new Row(app.path(), load)));
        if (rows.size() <= APPS_MAX) {
            return rows;
        }
        rows.sort(Comparator
                .comparingDouble((Row row) -> row.load().arrivalsPerSecond()).reversed()
                .thenComparing(Row::app));
        List<Row> bounded = new ArrayList<>(rows.subList(0, APPS_MAX));
        bounded.add(new Row(OTHERS, rows.subList(APPS_MAX, rows.size()).stream().map(Row::load)
                .reduce(TrafficMetrics::sum).orElseThrow()));
        return bounded;
    }

    private static AppLoad sum(AppLoad one, AppLoad other) {
        return new AppLoad(one.arrivalsPerSecond() + other.arrivalsPerSecond(),
                one.refusedPerSecond() + other.refusedPerSecond(),
                one.concurrency() + other.concurrency(), one.waiting() + other.waiting(),
                Math.max(one.p99Ms(), other.p99Ms()),
                one.errorsPerSecond() + other.errorsPerSecond(),
                one.instances() + other.instances(), Math.max(one.atMs(), other.atMs()));
    }

    private static GaugeSnapshot gauge(String name, String help, List<Row> rows,
            ToDoubleFunction<AppLoad> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        rows.forEach(row -> gauge.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .value(value.applyAsDouble(row.load())).labels(Labels.of("app", row.app()))
                .build()));
        return gauge.build();
    }
}
