package io.springtide.api.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Talks to a master over its REST interface. Blocking; safe for use by several threads. Built on
 * {@link HttpURLConnection}, which loads in a third of the time of the newer client.
 *
 * <p>Of several addresses the first that accepts a connection is used; a request that may have
 * arrived somewhere is never sent again.
 */
public final class TideClient {
    /** Longest answer that is read: the tasks of some hundred thousand instances. */
    public static final int BODY_BYTES_MAX = 128 << 20;

    /** Longest answer that tells of an error. */
    private static final int ERROR_BYTES_MAX = 1 << 20;

    private final List<URI> bases;
    private final int connectTimeoutMs;
    private final int readTimeoutMs;

    /**
     * @param bases addresses of the masters, in the order in which they are tried
     * @param connectTimeout patience for each address
     * @param readTimeout patience between two pieces of an answer
     */
    public TideClient(List<URI> bases, Duration connectTimeout, Duration readTimeout) {
        if (bases.isEmpty()) {
            throw new IllegalArgumentException("no address of a master is given");
        }
        this.bases = List.copyOf(bases);
        this.connectTimeoutMs = Math.toIntExact(connectTimeout.toMillis());
        this.readTimeoutMs = Math.toIntExact(readTimeout.toMillis());
    }

    /**
     * Reads a list of addresses as people write it: comma separated, scheme optional.
     *
     * @throws IllegalArgumentException if one is no HTTP address; the message says which
     */
    public static List<URI> addresses(String list) {
        List<URI> found = new ArrayList<>();
        for (String part : list.split(",", -1)) {
            String text = part.strip();
            if (text.isEmpty()) {
                continue;
            }
            String full = text.contains("://") ? text : "http://" + text;
            while (full.endsWith("/")) {
                full = full.substring(0, full.length() - 1);
            }
            try {
                URI uri = new URI(full);
                String scheme = Optional.ofNullable(uri.getScheme()).orElse("")
                        .toLowerCase(Locale.ROOT);
                if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
                    throw new IllegalArgumentException("not an HTTP address: " + text);
                }
                found.add(uri);
            } catch (URISyntaxException broken) {
                throw new IllegalArgumentException("not an HTTP address: " + text, broken);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("the address is empty");
        }
        return List.copyOf(found);
    }

    /** The addresses that are tried. */
    public List<URI> bases() {
        return bases;
    }

    /** Reads a document. @throws TideException if there is none */
    public Reply get(String path) {
        return call("GET", path, Json.nothing());
    }

    /** Creates something, or starts an action. @throws TideException if it was refused */
    public Reply post(String path, Json body) {
        return call("POST", path, body);
    }

    /** Changes something. @throws TideException if it was refused */
    public Reply put(String path, Json body) {
        return call("PUT", path, body);
    }

    /** Removes something. @throws TideException if it was refused */
    public Reply delete(String path) {
        return call("DELETE", path, Json.nothing());
    }

    /**
     * Reads a piece of a file of a task.
     *
     * @param file {@code stdout} or {@code stderr}
     * @param offset first byte; a negative one counts from the end
     */
    public FilePart file(String taskId, String file, long offset, int lengthBytes) {
        HttpURLConnection http = send("GET",
                "/tide/v1/tasks/" + segment(taskId) + "/files/" + segment(file)
                        + "?offset=" + offset + "&length=" + lengthBytes,
                Json.nothing(), Map.of("Accept", "*/*"));
        try {
            failUnlessOk(http);
            byte[] bytes = read(http.getInputStream(), Math.max(lengthBytes, 1) + 1);
            long start = Math.max(0, header(http, "X-Tide-Offset", Math.max(0, offset)));
            return new FilePart(start, header(http, "X-Tide-Size", start + bytes.length), bytes);
        } catch (IOException broken) {
            throw lost(http, broken);
        }
    }

    /**
     * Reads an answer of any length as it comes.
     *
     * @throws TideException if there is none, or it broke off
     * @throws IOException what the reader throws by itself
     */
    public <T> T stream(String path, StreamReader<T> reader) throws IOException {
        HttpURLConnection http = send("GET", path, Json.nothing(), Map.of("Accept", "*/*"));
        InputStream stream;
        try {
            failUnlessOk(http);
            stream = http.getInputStream();
        } catch (IOException broken) {
            throw lost(http, broken);
        }
        return reader.read(new LossInWords(stream, broken -> lost(http, broken)));
    }

    /** Takes in an answer. */
    public interface StreamReader<T> {

        /** Reads it to its end. */
        T read(InputStream stream) throws IOException;
    }

    /** Apps, their versions and weights. */
    public Apps apps() {
        return new Apps(this);
    }

    /** Groups. */
    public Groups groups() {
        return new Groups(this);
    }

    /** Pods. */
    public Pods pods() {
        return new Pods(this);
    }

    /** Deployments that are under way. */
    public Deployments deployments() {
        return new Deployments(this);
    }

    /** Follows the master's events until closed, from now on. Types: those wanted, none for all. */
    public EventStream events(List<String> types) {
        return events(types, "");
    }

    /**
     * Follows the master's events until closed.
     *
     * @param types those wanted, none for all
     * @param lastId id of the last event that was seen: what came after it is sent first, as far as the
     *     master's journal reaches back; empty to begin now
     */
    public EventStream events(List<String> types, String lastId) {
        StringBuilder path = new StringBuilder("/v2/events");
        char separator = '?';
        for (String type : types) {
            path.append(separator).append("event_type=").append(segment(type));
            separator = '&';
        }
        return new EventStream(this, path.toString(), lastId);
    }

    /** An app id as it stands in a path: every segment encoded, one slash in front. */
    public static String appPath(String appId) {
        StringBuilder path = new StringBuilder();
        for (String part : appId.split("/", -1)) {
            if (!part.isEmpty()) {
                path.append('/').append(segment(part));
            }
        }
        return path.toString();
    }

    /** One path segment, or one query value. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Reply call(String method, String path, Json body) {
        HttpURLConnection http = send(method, path, body, Map.of("Accept", "application/json"));
        try {
            int status = failUnlessOk(http);
            byte[] bytes = status == HttpURLConnection.HTTP_NO_CONTENT
                    ? new byte[0]
                    : read(http.getInputStream(), BODY_BYTES_MAX);
            Json document = bytes.length == 0 ? Json.nothing() : JsonText.parse(bytes);
            return new Reply(status, deploymentOf(http, document), document);
        } catch (JsonText.MalformedJson broken) {
            throw new TideException.Garbled(
                    http.getURL() + " answered, but not with JSON: " + broken.getMessage()
                            + ". Is it a Springtide master?");
        } catch (IOException broken) {
            throw lost(http, broken);
        }
    }

    /** What the call finds; empty if it finds nothing, 404. */
    static <T> Optional<T> found(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (TideException.Refused refused) {
            if (refused.status() == 404) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static String deploymentOf(HttpURLConnection http, Json document) {
        String header = http.getHeaderField("Marathon-Deployment-Id");
        if (header != null && !header.isEmpty()) {
            return header;
        }
        return document.get("deploymentId").text();
    }

    /** Connects to the first address that listens and sends the request. */
    HttpURLConnection send(String method, String path, Json body, Map<String, String> headers) {
        IOException last = new ConnectException("no address");
        for (URI base : bases) {
            HttpURLConnection http = open(base, method, path, headers);
            boolean connected = false;
            try {
                byte[] bytes = body.isMissing()
                        ? new byte[0]
                        : JsonText.compact(body).getBytes(StandardCharsets.UTF_8);
                if (!method.equals("GET")) {
                    http.setDoOutput(true);
                    // A fixed length also keeps the JDK from sending a POST again by itself.
                    http.setFixedLengthStreamingMode(bytes.length);
                    http.setRequestProperty("Content-Type", "application/json");
                }
                http.connect();
                connected = true;
                if (!method.equals("GET")) {
                    try (OutputStream out = http.getOutputStream()) {
                        out.write(bytes);
                    }
                }
                return http;
            } catch (ConnectException | UnknownHostException | NoRouteToHostException refused) {
                last = refused;
            } catch (SocketTimeoutException slow) {
                if (connected) {
                    throw lost(http, slow);
                }
                last = slow;
            } catch (IOException broken) {
                throw lost(http, broken);
            }
        }
        throw new TideException.Unreachable("No master answers at " + names() + ": " + reason(last),
                false, last);
    }

    private HttpURLConnection open(URI base, String method, String path,
            Map<String, String> headers) {
        try {
            HttpURLConnection http = (HttpURLConnection) URI.create(base + path).toURL()
                    .openConnection();
            http.setRequestMethod(method);
            http.setConnectTimeout(connectTimeoutMs);
            http.setReadTimeout(readTimeoutMs);
            http.setUseCaches(false);
            headers.forEach(http::setRequestProperty);
            http.setRequestProperty("User-Agent", "tide");
            return http;
        } catch (IOException impossible) {
            throw new IllegalArgumentException("not an address: " + base + path, impossible);
        }
    }

    /** Returns the status if it says success. */
    static int failUnlessOk(HttpURLConnection http) throws IOException {
        int status = http.getResponseCode();
        if (status >= 200 && status < 300) {
            return status;
        }
        if (status < 0) {
            throw new TideException.Garbled(http.getURL().getAuthority() + " does not speak HTTP."
                    + " Name the port for clients (8080 unless chosen otherwise), not the one for agents.");
        }
        InputStream stream = http.getErrorStream();
        byte[] bytes = stream == null ? new byte[0] : read(stream, ERROR_BYTES_MAX);
        Json document;
        try {
            document = bytes.length == 0 ? Json.nothing() : JsonText.parse(bytes);
        } catch (JsonText.MalformedJson ignored) {
            // A proxy's page, or plain text: the first line of it says more than nothing.
            document = Json.nothing();
        }
        String message = document.get("message").text();
        if (message.isEmpty()) {
            message = "HTTP " + status + " from " + http.getURL();
        }
        List<TideException.Problem> problems = new ArrayList<>();
        Json details = document.get("details");
        if (!details.text().isEmpty()) {
            problems.add(new TideException.Problem("", details.text()));
        }
        for (Json detail : details.items()) {
            for (Json error : detail.get("errors").items()) {
                problems.add(new TideException.Problem(detail.get("path").text(), error.text()));
            }
        }
        List<String> deployments = new ArrayList<>();
        for (Json deployment : document.get("deployments").items()) {
            deployments.add(deployment.get("id").text());
        }
        int retryAfterSeconds = (int) Math.max(0, Math.min(3600, header(http, "Retry-After", 0)));
        throw new TideException.Refused(status, message, problems, deployments, retryAfterSeconds);
    }

    static TideException lost(HttpURLConnection http, IOException broken) {
        return new TideException.Unreachable(
                "The connection to " + http.getURL().getAuthority()
                        + " broke before the answer had come: "
                        + reason(broken),
                !http.getRequestMethod().equals("GET"), broken);
    }

    private static String reason(IOException broken) {
        if (broken instanceof UnknownHostException) {
            return "unknown host " + broken.getMessage();
        }
        String message = broken.getMessage();
        return message == null ? broken.getClass().getSimpleName() : message;
    }

    private String names() {
        StringBuilder names = new StringBuilder();
        for (URI base : bases) {
            names.append(names.length() == 0 ? "" : ", ").append(base);
        }
        return names.toString();
    }

    private static long header(HttpURLConnection http, String name, long otherwise) {
        return http.getHeaderFieldLong(name, otherwise);
    }

    private static byte[] read(InputStream stream, int bytesMax) throws IOException {
        try (InputStream in = stream) {
            ByteArrayOutputStream all = new ByteArrayOutputStream(8192);
            byte[] piece = new byte[16_384];
            int got = in.read(piece);
            while (got >= 0) {
                all.write(piece, 0, got);
                if (all.size() > bytesMax) {
                    throw new TideException.Garbled(
                            "The answer is longer than " + bytesMax + " bytes");
                }
                got = in.read(piece);
            }
            return all.toByteArray();
        }
    }
}
