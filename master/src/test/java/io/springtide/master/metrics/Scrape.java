package io.springtide.master.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What a registry would show, by name and labels as they are written. */
final class Scrape {

    private Scrape() {}

    /** The value of {@code name} or {@code name{label="value"}}; -1 if it is not shown. */
    static double value(PrometheusRegistry registry, String series) {
        return all(registry).getOrDefault(series, -1.0);
    }

    private static Map<String, Double> all(PrometheusRegistry registry) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        Map<String, Double> values = new TreeMap<>();
        out.toString(StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                .forEach(line -> values.put(line.substring(0, line.lastIndexOf(' ')),
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
        return values;
    }
}
