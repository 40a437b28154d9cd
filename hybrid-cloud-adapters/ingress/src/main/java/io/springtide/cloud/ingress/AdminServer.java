package io.springtide.cloud.ingress;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.cloud.ingress.feed.Feed;
import io.springtide.cloud.ingress.proxy.Ingress;
import io.springtide.cloud.spi.traffic.TrafficReport;
import io.springtide.cloud.spi.traffic.TrafficReport.EndpointLoad;
import io.springtide.cloud.spi.traffic.TrafficReport.ServiceLoad;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.UncheckedIOException;
import java.util.List;

/** What an ingress says about itself: {@code GET /status} as JSON, {@code GET /metrics} for Prometheus. */
final class AdminServer {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final String id;
    private final Ingress ingress;
    private final Feed feed;

    AdminServer(String id, Ingress ingress, Feed feed) {
        this.id = id;
        this.ingress = ingress;
        this.feed = feed;
    }

    /** Fails if the port cannot be listened at. */
    Future<HttpServer> listen(Vertx vertx, String host, int port) {
        return vertx.createHttpServer().requestHandler(this::answer).listen(port, host);
    }

    private void answer(HttpServerRequest request) {
        switch (request.path() == null ? "" : request.path()) {
            case "/status" -> request.response().putHeader("Content-Type", "application/json")
                    .end(status());
            case "/metrics" -> request.response()
                    .putHeader("Content-Type", "text/plain; version=0.0.4").end(metrics());
            default -> request.response().setStatusCode(404)
                    .end("There are /status and /metrics.\n");
        }
    }

    String status() {
        TrafficReport report = feed.last();
        ObjectNode status = MAPPER.createObjectNode();
        status.put("id", id);
        status.put("revision", ingress.inForce());
        status.put("connections", ingress.clients());
        status.put("trouble", (feed.trouble() + " " + report.trouble()).strip());
        status.put("atMs", report.atMs());
        status.set("services", MAPPER.valueToTree(report.services()));
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(status) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    String metrics() {
        StringBuilder text = new StringBuilder();
        head(text, "tide_ingress_revision", "gauge", "Revision of the table in force.");
        text.append("tide_ingress_revision ").append(ingress.inForce()).append('\n');
        head(text, "tide_ingress_connections", "gauge", "Connections of clients.");
        text.append("tide_ingress_connections ").append(ingress.clients()).append('\n');
        head(text, "tide_ingress_masters_reached", "gauge", "1 if the last fetch went well.");
        text.append("tide_ingress_masters_reached ").append(feed.trouble().isEmpty() ? 1 : 0)
                .append('\n');
        counter(text, "tide_ingress_arrivals_total", "Requests that came.", 0);
        counter(text, "tide_ingress_refused_total", "Requests turned away.", 1);
        counter(text, "tide_ingress_requests_total", "Requests that were sent to an endpoint.", 2);
        counter(text, "tide_ingress_errors_total", "Answers of 5xx, and requests without one.", 3);
        List<ServiceLoad> loads = feed.last().services();
        head(text, "tide_ingress_waiting", "gauge", "Requests that wait.");
        loads.forEach(load -> sample(text, "tide_ingress_waiting", load, load.waiting()));
        head(text, "tide_ingress_in_flight", "gauge", "Requests under way.");
        loads.forEach(load -> sample(text, "tide_ingress_in_flight", load,
                load.endpoints().stream().mapToInt(EndpointLoad::inFlight).sum()));
        head(text, "tide_ingress_p99_seconds", "gauge",
                "Of the last second, of the slowest endpoint.");
        loads.forEach(load -> load.endpoints().stream().mapToDouble(EndpointLoad::p99Ms)
                .filter(ms -> ms >= 0).max()
                .ifPresent(ms -> sample(text, "tide_ingress_p99_seconds", load, ms / 1e3)));
        return text.toString();
    }

    private void counter(StringBuilder text, String name, String help, int index) {
        head(text, name, "counter", help);
        ingress.totals().forEach((service, sums) -> text.append(name).append("{service=\"")
                .append(escaped(service)).append("\"} ").append(sums.get(index)).append('\n'));
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ")
                .append(name).append(' ').append(type).append('\n');
    }

    private static void sample(StringBuilder text, String name, ServiceLoad load, double value) {
        text.append(name).append("{service=\"").append(escaped(load.service())).append("\"} ")
                .append(value).append('\n');
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
