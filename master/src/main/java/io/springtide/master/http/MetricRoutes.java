package io.springtide.master.http;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import java.util.List;
import java.util.Optional;

/** {@code /metrics} as Marathon has it, {@code /metrics/prometheus} for everybody else. */
final class MetricRoutes implements Routes {

    @Override
    public Optional<Resource> resource(List<String> path) {
        if (path.equals(List.of("metrics"))) {
            return Resource.at("/metrics").anyType()
                    .get(x -> x.json(200, x.backend().metrics().json())).found();
        }
        if (path.equals(List.of("metrics", "prometheus"))) {
            return Resource.at("/metrics/prometheus").anyType().get(MetricRoutes::scrape).found();
        }
        return Optional.empty();
    }

    private static void scrape(Exchange x) {
        String accept = x.request().getHeader("Accept");
        MetricsExposition metrics = x.backend().metrics();
        ExpositionFormatWriter writer = metrics.writer(accept == null ? "" : accept);
        x.end(200, writer.getContentType(), metrics.prometheus(writer));
    }
}
