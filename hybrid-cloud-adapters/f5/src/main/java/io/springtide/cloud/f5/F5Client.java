package io.springtide.cloud.f5;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.springtide.cloud.spi.support.Bodies;
import io.springtide.cloud.spi.support.Words;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Speaks JSON to a BIG-IP, with a token that it gets by itself and gets anew once it has expired. The
 * password is in the login's body alone, never in an address, a log or a message. For one thread.
 */
final class F5Client implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration REST_MAX = Duration.ofSeconds(60);
    private static final int ANSWER_MAX = 64 << 20;

    private final F5Settings settings;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private Optional<String> token = Optional.empty();

    F5Client(F5Settings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder().connectTimeout(CONNECT)
                .version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(Tls.context(settings)).build();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, Optional.empty());
    }

    JsonNode post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, Optional.of(body));
    }

    JsonNode patch(String path, Object body) throws IOException, InterruptedException {
        return send("PATCH", path, Optional.of(body));
    }

    JsonNode delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, Optional.empty());
    }

    private JsonNode send(String method, String path, Optional<Object> body)
            throws IOException, InterruptedException {
        boolean fresh = token.isEmpty();
        if (fresh) {
            token = Optional.of(login());
        }
        try {
            return exchange(method, path, body, token);
        } catch (F5Exception e) {
            if (e.status() != 401) {
                throw e;
            }
            token = Optional.empty();
            if (fresh) {
                throw e;
            }
        }
        token = Optional.of(login());
        return exchange(method, path, body, token);
    }

    private String login() throws IOException, InterruptedException {
        String password = Files.readString(settings.passwordFile()).lines().findFirst().orElse("");
        try {
            JsonNode answer = exchange("POST", "/mgmt/shared/authn/login",
                    Optional.of(Map.of("username", settings.user(), "password", password,
                            "loginProviderName", settings.loginProvider())),
                    Optional.empty());
            String got = answer.path("token").path("token").asText();
            if (!got.matches("[!-~]+")) {
                throw new IOException("BIG-IP " + settings.url() + " has answered the login"
                        + " without a token");
            }
            return got;
        } catch (F5Exception e) {
            if (e.status() != 401) {
                throw e;
            }
            throw new F5Exception(401, "BIG-IP " + settings.url() + " does not let "
                    + settings.user() + " in; look at the password in " + settings.passwordFile()
                    + " and at the user's role", REST_MAX);
        }
    }

    private JsonNode exchange(String method, String path, Optional<Object> body,
            Optional<String> withToken) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(settings.url() + path))
                .timeout(ANSWER).header("Accept", "application/json");
        if (body.isPresent()) {
            request.header("Content-Type", "application/json").method(method,
                    HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body.get())));
        } else {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        }
        withToken.ifPresent(t -> request.header("X-F5-Auth-Token", t));
        HttpResponse<InputStream> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new IOException("BIG-IP " + settings.url() + " does not answer (" + e
                    + "); look at its management address, its certificate and ca-file", e);
        }
        String text;
        try {
            text = new String(Bodies.read(response.body(), ANSWER_MAX, ANSWER),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException("BIG-IP " + settings.url() + " breaks off its answer to "
                    + method + " " + path + ": " + e.getMessage(), e);
        }
        int status = response.statusCode();
        if (status >= 300) {
            throw new F5Exception(status, "BIG-IP " + settings.url() + " answers " + status + " to "
                    + method + " " + path + ": " + Words.shown(message(text)), rest(response));
        }
        try {
            return text.isBlank() ? MissingNode.getInstance() : json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IOException("BIG-IP " + settings.url() + " answers " + method + " " + path
                    + " with what is no JSON", e);
        }
    }

    private String message(String text) {
        try {
            JsonNode answer = json.readTree(text);
            return answer.path("message").asText(text);
        } catch (JsonProcessingException e) {
            // A proxy's page, or nothing at all: shown as it is.
            return e.getOriginalMessage().isEmpty() ? "" : text;
        }
    }

    private static Duration rest(HttpResponse<?> response) {
        String asked = response.headers().firstValue("Retry-After").orElse("");
        Duration rest = asked.matches("[0-9]{1,6}")
                ? Duration.ofSeconds(Long.parseLong(asked))
                : Duration.ZERO;
        return rest.compareTo(REST_MAX) > 0 ? REST_MAX : rest;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
