package io.springtide.master.http;

import io.springtide.api.marathon.JsonInput;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a path leads to: a handler for each method. Made anew for each request, with the path's ids in it. */
final class Resource {

    /** Answers a request, at once or later; may refuse by throwing. */
    interface Handler {
        void handle(Exchange exchange);
    }

    private final String route;
    private final Map<HttpMethod, Handler> handlers = new LinkedHashMap<>();
    private List<String> produces = List.of("application/json");
    private boolean deleteHasBody;
    private boolean ofLeader;
    private int bodyBytesMax = JsonInput.BODY_BYTES_MAX;

    private Resource(String route) {
        this.route = route;
    }

    /** Opens a resource; {@code route} is the pattern that metrics name, never a path of a client. */
    static Resource at(String route) {
        return new Resource(route);
    }

    Resource get(Handler handler) {
        return on(HttpMethod.GET, handler);
    }

    Resource post(Handler handler) {
        return on(HttpMethod.POST, handler);
    }

    Resource put(Handler handler) {
        return on(HttpMethod.PUT, handler);
    }

    Resource patch(Handler handler) {
        return on(HttpMethod.PATCH, handler);
    }

    Resource delete(Handler handler) {
        return on(HttpMethod.DELETE, handler);
    }

    /** A DELETE that says in its body what is to go. */
    Resource deleteWithBody(Handler handler) {
        deleteHasBody = true;
        return delete(handler);
    }

    /** What it answers with does not depend on what the client accepts. */
    Resource anyType() {
        produces = List.of();
        return this;
    }

    /** Other media types than JSON alone. */
    Resource produces(String... mediaTypes) {
        produces = List.of(mediaTypes);
        return this;
    }

    /** What it answers with is known to the leader alone: standbys pass even reading on. */
    Resource leaderOnly() {
        ofLeader = true;
        return this;
    }

    /** Bodies of another length than usual; in bytes. */
    Resource bodyMax(int bytes) {
        bodyBytesMax = bytes;
        return this;
    }

    int bodyMax() {
        return bodyBytesMax;
    }

    boolean ofLeader() {
        return ofLeader;
    }

    Optional<Resource> found() {
        return Optional.of(this);
    }

    String route() {
        return route;
    }

    List<String> produces() {
        return produces;
    }

    /** Whether requests of this method have a body that is of interest. */
    boolean takesBody(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT)
                || method.equals(HttpMethod.PATCH)
                || (deleteHasBody && method.equals(HttpMethod.DELETE));
    }

    /** What answers a method; HEAD is GET without a body. */
    Optional<Handler> handler(HttpMethod method) {
        return Optional.ofNullable(
                handlers.get(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method));
    }

    /** For the header {@code Allow}. */
    String allowed() {
        List<String> names = new ArrayList<>();
        handlers.keySet().forEach(method -> names.add(method.name()));
        if (handlers.containsKey(HttpMethod.GET)) {
            names.add("HEAD");
        }
        names.add("OPTIONS");
        return String.join(", ", names);
    }

    private Resource on(HttpMethod method, Handler handler) {
        handlers.put(method, handler);
        return this;
    }
}
