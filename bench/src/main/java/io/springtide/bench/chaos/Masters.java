package io.springtide.bench.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks masters, each at its own address, with the patience of one who expects them to be down. Any thread. */
final class Masters implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final List<Integer> ports;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE).build();

    /**
     * An answer.
     *
     * @param status of HTTP; 0 if there was no answer, so that it is not known what came of it
     */
    record Reply(int status, JsonNode body) {

        boolean accepted() {
            return status / 100 == 2;
        }
    }

    Masters(List<Integer> ports) {
        this.ports = List.copyOf(ports);
    }

    int count() {
        return ports.size();
    }

    /** As the leader is named by masters. */
    String address(int master) {
        return "127.0.0.1:" + ports.get(master);
    }

    /** Waits for a second at most. */
    Reply get(int master, String path) {
        return send(master, "GET", path, "", PATIENCE);
    }

    /** The answer, with the status 0 if there is none in time. */
    Reply send(int master, String method, String path, String body, Duration patience) {
        HttpRequest request = HttpRequest
                .newBuilder(URI.create("http://" + address(master) + path)).timeout(patience)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty()
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<byte[]> response = http.send(request,
                    HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.body().length == 0
                    ? json.nullNode()
                    : json.readTree(response.body()));
        } catch (IOException noAnswer) {
            return new Reply(0, json.nullNode());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChaosException("interrupted", interrupted);
        }
    }

    /** Which master says itself that it leads. */
    OptionalInt leader() {
        for (int master = 0; master < ports.size(); master++) {
            if (leads(master)) {
                return OptionalInt.of(master);
            }
        }
        return OptionalInt.empty();
    }

    boolean leads(int master) {
        return get(master, "/health/leader").status() == 200;
    }

    /** It has caught up and knows a leader. */
    boolean ready(int master) {
        return get(master, "/health/ready").status() == 200;
    }

    Optional<JsonNode> status(int master) {
        Reply reply = get(master, "/tide/v1/status");
        return reply.status() == 200 ? Optional.of(reply.body()) : Optional.empty();
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
