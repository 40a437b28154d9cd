package io.springtide.master.http;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.api.marathon.JsonInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an operator looks up and turns while the server runs: {@code /config}, {@code /logging}; and the
 * page that a browser finds at {@code /}.
 */
final class SettingsRoutes implements Routes {

    private static final List<String> LEVELS = List.of("all", "trace", "debug", "info", "warn",
            "error", "off");

    /** A day: whoever debugs for longer can ask again. */
    private static final int SECONDS_MAX = 86_400;

    private static final List<String> SECRETS = List.of("secret", "password", "token",
            "credential", "passphrase");

    private static final byte[] PAGE = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Springtide</title></head><body>
            <h1>Springtide</h1>
            <p>This is a master. There is no web interface yet; use <code>tide</code>, or the REST interface:</p>
            <ul>
            <li><a href="/openapi.json">/openapi.json</a> what there is</li>
            <li><a href="/v2/apps">/v2/apps</a> apps</li>
            <li><a href="/tide/v1/status">/tide/v1/status</a> the cluster in numbers</li>
            <li><a href="/v2/info">/v2/info</a> this server</li>
            <li><a href="/ping">/ping</a> whether it answers</li>
            <li><a href="/metrics">/metrics</a>, <a href="/metrics/prometheus">/metrics/prometheus</a></li>
            <li><a href="/config">/config</a>, <a href="/logging">/logging</a></li>
            </ul></body></html>
            """
            .getBytes(StandardCharsets.UTF_8);

    private final LogLevels levels = new LogLevels();

    @Override
    public Optional<Resource> resource(List<String> path) {
        return switch (String.join("/", path)) {
            case "" -> Resource.at("/").anyType().get(SettingsRoutes::page).found();
            case "help" -> Resource.at("/help").anyType().get(SettingsRoutes::page).found();
            case "config" -> Resource.at("/config").get(SettingsRoutes::config).found();
            case "logging" -> Resource.at("/logging").get(this::loggers).post(this::change).found();
            default -> Optional.empty();
        };
    }

    private static void page(Exchange x) {
        x.response().putHeader("Content-Security-Policy", "default-src 'none'");
        x.end(200, "text/html; charset=UTF-8", PAGE);
    }

    private static void config(Exchange x) {
        ObjectNode body = Json.object();
        x.backend().settings().flags().forEach(
                (name, value) -> body.put(name, isSecret(name) ? "********" : value));
        x.json(200, body);
    }

    static boolean isSecret(String flag) {
        String lower = flag.toLowerCase(Locale.ROOT);
        return SECRETS.stream().anyMatch(lower::contains);
    }

    private void loggers(Exchange x) {
        ObjectNode body = Json.object();
        levels.all().forEach(body::put);
        x.json(200, body);
    }

    private void change(Exchange x) {
        ObjectNode body = JsonInput.parseObject(x.body());
        String level = text(body, "level").toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw Errors.notValid("/level", "must be one of " + String.join(", ", LEVELS));
        }
        String logger = text(body, "logger");
        if (logger.isEmpty()) {
            throw Errors.notValid("/logger", "must not be empty");
        }
        OptionalInt seconds = seconds(body.path("durationSeconds"));
        if (!levels.set(x.context().owner(), logger, Level.toLevel(level), seconds)) {
            throw Errors.notValid("/logger",
                    "there is no logger '" + logger + "'; GET /logging lists them");
        }
        ObjectNode answer = Json.object().put("level", level).put("logger", logger);
        seconds.ifPresent(number -> answer.put("durationSeconds", number));
        x.json(200, answer);
    }

    private static String text(ObjectNode body, String field) {
        JsonNode value = body.path(field);
        if (!value.isTextual()) {
            throw Errors.notValid("/" + field, "must be a text");
        }
        return value.asText();
    }

    private static OptionalInt seconds(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return OptionalInt.empty();
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1
                || value.asInt() > SECONDS_MAX) {
            throw Errors.notValid("/durationSeconds",
                    "must be a whole number from 1 to " + SECONDS_MAX);
        }
        return OptionalInt.of(value.asInt());
    }
}
