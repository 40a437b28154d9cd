package io.springtide.master.metrics;

import com.codahale.metrics.MetricRegistry;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Where metrics are registered: what has labels, buckets or only ever rises in Prometheus' registry,
 * plain gauges in Dropwizard's. A name may be in one of them only, or a scrape fails. Any thread.
 */
public record Registries(PrometheusRegistry prometheus, MetricRegistry dropwizard) {

    /** From a commit on a fast disk to one behind a slow one. */
    private static final double[] SECONDS_OF_WORK = {0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5,
            0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

    /** From a placement at once to an image pulled over a slow line. */
    private static final double[] SECONDS_OF_WAITING = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
            2.5, 5, 10, 30, 60, 300, 1_800, 7_200};

    /** Two empty ones. */
    public static Registries empty() {
        return new Registries(new PrometheusRegistry(), new MetricRegistry());
    }

    /** Registers a value that is read at each scrape. */
    public void gauge(String name, DoubleSupplier value) {
        dropwizard.gauge(name, () -> value::getAsDouble);
    }

    /** Registers a count that is kept elsewhere, never falls, and is read at each scrape. */
    public void counter(String name, String help, LongSupplier count) {
        CounterWithCallback.builder().name(name).help(help)
                .callback(callback -> callback.call((double) count.getAsLong()))
                .register(prometheus);
    }

    /** The same for counts that belong together, by the values of one label. */
    public void counter(String name, String help, String label,
            Map<String, LongSupplier> counts) {
        CounterWithCallback.builder().name(name).help(help).labelNames(label)
                .callback(callback -> counts.forEach(
                        (value, count) -> callback.call((double) count.getAsLong(), value)))
                .register(prometheus);
    }

    /** Registers what has to be in order before this master can do its work. */
    public void ready(Map<String, BooleanSupplier> components) {
        GaugeWithCallback.builder().name("tide_ready")
                .help("1 if the part is in order: the engine and the journal do not hang, an agent"
                        + " is live.")
                .labelNames("component")
                .callback(callback -> components.forEach((component, ready) -> callback
                        .call(ready.getAsBoolean() ? 1 : 0, component)))
                .register(prometheus);
    }

    /** Registers durations of what the master itself does. */
    Histogram work(String name, String help) {
        return histogram(name, help, SECONDS_OF_WORK).register(prometheus);
    }

    /** Registers durations of what users wait for. */
    Histogram waiting(String name, String help, String... labels) {
        return histogram(name, help, SECONDS_OF_WAITING).labelNames(labels).register(prometheus);
    }

    private static Histogram.Builder histogram(String name, String help, double[] bounds) {
        return Histogram.builder().name(name).help(help).classicOnly().classicUpperBounds(bounds)
                .withoutExemplars();
    }
}
