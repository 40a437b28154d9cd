package io.springtide.master.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** What a client of the REST API does, in few words; one that breaks the rules included. */
final class TestClient {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    TestClient(int port) {
        this.port = port;
    }

    /** An answer; {@code json} is missing where the body is none. */
    record Reply(int status, String text, HttpResponse<String> raw) {

        JsonNode json() {
            try {
                return MAPPER.readTree(text);
            } catch (IOException broken) {
                throw new AssertionError("no JSON: " + text, broken);
            }
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    Reply get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    Reply post(String path, String body) throws Exception {
        return send("POST", path, body, "Content-Type", "application/json");
    }

    Reply put(String path, String body) throws Exception {
        return send("PUT", path, body, "Content-Type", "application/json");
    }

    Reply patch(String path, String body) throws Exception {
        return send("PATCH", path, body, "Content-Type", "application/json");
    }

    Reply delete(String path) throws Exception {
        return send("DELETE", path, "");
    }

    Reply send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).method(method,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Reply(response.statusCode(), response.body(), response);
    }

    HttpResponse<InputStream> stream(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri(path)).header("Accept", "text/event-stream").build(),
                BodyHandlers.ofInputStream());
    }

    /** Sends bytes as they are and reads until the server closes; for what no client library sends. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
