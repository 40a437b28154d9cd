package io.springtide.master.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A client of the event stream that remembers what it was sent, word for word. */
final class EventReader implements AutoCloseable {

    private final BufferedReader lines;

    /** An event, or a comment, which has no type. */
    record Frame(String id, String type, String data, String comment) {}

    private EventReader(InputStream body) {
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    static EventReader open(int port, String query, Optional<String> lastId) throws Exception {
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + port + "/v2/events" + query))
                .header("Accept", "text/event-stream");
        lastId.ifPresent(id -> request.header("Last-Event-ID", id));
        HttpResponse<InputStream> response = HttpClient.newHttpClient().send(request.build(),
                BodyHandlers.ofInputStream());
        return new EventReader(response.body());
    }

    /** The next one. */
    Frame next() throws IOException {
        String id = "";
        String type = "";
        String data = "";
        String comment = "";
        while (true) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the stream has ended");
            }
            if (line.isEmpty()) {
                if (!type.isEmpty() || !comment.isEmpty()) {
                    return new Frame(id, type, data, comment);
                }
            } else if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                type = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.startsWith(":")) {
                comment = line;
            } else {
                throw new IOException("no line of an event: " + line);
            }
        }
    }

    /** Those with an id, up to the one with this id. */
    List<Frame> until(String id) throws IOException {
        List<Frame> seen = new ArrayList<>();
        while (seen.isEmpty() || !seen.getLast().id().equals(id)) {
            Frame frame = next();
            if (!frame.id().isEmpty()) {
                seen.add(frame);
            }
        }
        return seen;
    }

    /** Those with an id, up to the first of a type for an app. */
    List<Frame> until(String type, String text) throws IOException {
        List<Frame> seen = new ArrayList<>();
        while (true) {
            Frame frame = next();
            if (!frame.id().isEmpty()) {
                seen.add(frame);
                if (frame.type().equals(type) && frame.data().contains(text)) {
                    return seen;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
