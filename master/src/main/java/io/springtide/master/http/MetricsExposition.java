package io.springtide.master.http;

import com.codahale.metrics.Counting;
import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metered;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Sampling;
import com.codahale.metrics.jvm.GarbageCollectorMetricSet;
import com.codahale.metrics.jvm.MemoryUsageGaugeSet;
import com.codahale.metrics.jvm.ThreadStatesGaugeSet;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.springtide.master.metrics.Registries;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.StringJoiner;

/**
 * All metrics of this master, in Prometheus' text and in the JSON that Marathon had. Requests are
 * counted here; what other parts of the master have registered is shown too.
 */
final class MetricsExposition {

    private static final double NANOS = 1e9;

    /** From a lookup in the view to a commit behind a slow disk. */
    private static final double[] SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
            0.5, 1, 2.5, 10};

    private final PrometheusRegistry registry;
    private final MetricRegistry dropwizard;
    private final Counter requests;
    private final Counter rejections;
    private final Histogram durations;

    MetricsExposition(Registries registries, MultiCollector cluster) {
        registry = registries.prometheus();
        dropwizard = registries.dropwizard();
        registerJvm(dropwizard);
        requests = Counter.builder().name("tide_http_requests_total").help("Requests answered.")
                .labelNames("route", "method", "code").register(registry);
        durations = Histogram.builder().name("tide_http_request_duration_seconds")
                .help("From the request's headers to the end of its answer.").classicOnly()
                .classicUpperBounds(SECONDS).labelNames("route", "method").register(registry);
        rejections = Counter.builder().name("tide_http_rejected_total")
                .help("Requests and connections turned away to protect the server.")
                .labelNames("why").register(registry);
        registry.register(cluster);
        // Of the JVM, Prometheus gets the names that its dashboards know.
        registry.register(new DropwizardExports(dropwizard,
                (name, metric) -> !name.startsWith("jvm.")));
        JvmMetrics.builder().register(registry);
    }

    void requested(String route, String method, int code, long tookNs) {
        requests.labelValues(route, method(method), Integer.toString(code)).inc();
        durations.labelValues(route, method(method)).observe(tookNs / NANOS);
    }

    void rejected(String why) {
        rejections.labelValues(why).inc();
    }

    /** A scrape in the format that the header {@code Accept} asks for. */
    ExpositionFormatWriter writer(String accept) {
        return accept.contains("application/openmetrics-text")
                ? new OpenMetricsTextFormatWriter(true, true)
                : PrometheusTextFormatWriter.create();
    }

    byte[] prometheus(ExpositionFormatWriter writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
        try {
            writer.write(out, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    /** As Marathon shows its metrics; labels become part of the name. */
    ObjectNode json() {
        ObjectNode body = Json.object().put("version", "4.0.0");
        ObjectNode gauges = body.putObject("gauges");
        ObjectNode counters = body.putObject("counters");
        ObjectNode histograms = body.putObject("histograms");
        ObjectNode meters = body.putObject("meters");
        ObjectNode timers = body.putObject("timers");
        for (MetricSnapshot snapshot : registry.scrape()) {
            String name = snapshot.getMetadata().getName();
            if (!name.startsWith("tide_")) {
                continue;
            }
            if (snapshot instanceof GaugeSnapshot gauge) {
                gauge.getDataPoints().forEach(point -> gauges
                        .putObject(name + labels(point)).put("value", point.getValue()));
            } else if (snapshot instanceof CounterSnapshot counter) {
                counter.getDataPoints().forEach(point -> counters
                        .putObject(name + labels(point)).put("count", (long) point.getValue()));
            } else if (snapshot instanceof HistogramSnapshot histogram) {
                histogram.getDataPoints().forEach(point -> histograms
                        .putObject(name + labels(point)).put("count", point.getCount())
                        .put("mean", point.getSum() / Math.max(1, point.getCount())));
            }
        }
        dropwizard.getGauges().forEach((name, gauge) -> putGauge(gauges, name, gauge));
        dropwizard.getCounters().forEach((name, one) -> count(counters.putObject(name), one));
        dropwizard.getHistograms().forEach((name, one) -> {
            sample(count(histograms.putObject(name), one), one, 1);
        });
        dropwizard.getMeters().forEach((name, one) -> rates(meters.putObject(name), one));
        dropwizard.getTimers().forEach((name, one) -> {
            ObjectNode timer = rates(timers.putObject(name), one);
            sample(timer, one, NANOS);
            timer.put("duration_units", "seconds");
        });
        return body;
    }

    private static void registerJvm(MetricRegistry metrics) {
        if (!metrics.getNames().contains("jvm.memory.heap.used")) {
            metrics.register("jvm.memory", new MemoryUsageGaugeSet());
            metrics.register("jvm.gc", new GarbageCollectorMetricSet());
            metrics.register("jvm.threads", new ThreadStatesGaugeSet());
        }
    }

    /** Methods are words of strangers; only known ones become labels. */
    private static String method(String name) {
        return switch (name) {
            case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> name;
            default -> "other";
        };
    }

    private static String labels(DataPointSnapshot point) {
        StringJoiner text = new StringJoiner(".", ".", "").setEmptyValue("");
        point.getLabels().forEach(label -> text.add(label.getValue()));
        return text.toString();
    }

    private static void putGauge(ObjectNode gauges, String name, Gauge<?> gauge) {
        Object value = gauge.getValue();
        if (value instanceof Number number) {
            double amount = number.doubleValue();
            if (Double.isNaN(amount) || Double.isInfinite(amount)) {
                return;
            }
            gauges.putObject(name).put("value", amount);
        }
    }

    private static ObjectNode count(ObjectNode node, Counting counting) {
        return node.put("count", counting.getCount());
    }

    private static ObjectNode rates(ObjectNode node, Metered metered) {
        return node.put("count", metered.getCount()).put("mean_rate", metered.getMeanRate())
                .put("m1_rate", metered.getOneMinuteRate())
                .put("m5_rate", metered.getFiveMinuteRate())
                .put("m15_rate", metered.getFifteenMinuteRate())
                .put("units", "events/second");
    }

    private static void sample(ObjectNode node, Sampling sampling, double unit) {
        var snapshot = sampling.getSnapshot();
        node.put("min", snapshot.getMin() / unit).put("max", snapshot.getMax() / unit)
                .put("mean", snapshot.getMean() / unit).put("p50", snapshot.getMedian() / unit)
                .put("p75", snapshot.get75thPercentile() / unit)
                .put("p95", snapshot.get95thPercentile() / unit)
                .put("p98", snapshot.get98thPercentile() / unit)
                .put("p99", snapshot.get99thPercentile() / unit)
                .put("p999", snapshot.get999thPercentile() / unit)
                .put("stddev", snapshot.getStdDev() / unit);
    }
}
