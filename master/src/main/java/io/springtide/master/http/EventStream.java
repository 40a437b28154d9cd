package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.core.event.Event;
import io.springtide.core.state.ClusterState;
import io.springtide.master.view.CommitListener;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/**
 * Tells every listener on {@code /v2/events} what has become durable, in order. Facts arrive on the
 * outbox's thread and are rendered there, once for all listeners and only if one wants them; from there on
 * each listener has a bounded queue, and is cut off when it falls behind: it can reconnect and read the
 * state, which beats a stream with holes.
 */
public final class EventStream implements CommitListener {

    /** Each costs memory of its own; a cluster has a few load balancers and dashboards. */
    static final int CLIENTS_MAX = 500;

    private static final long KEEP_ALIVE_MS = 10_000;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final CopyOnWriteArrayList<EventClient> clients = new CopyOnWriteArrayList<>();
    private final List<EventFrame> pending = new ArrayList<>();
    private final EventFrames frames = new EventFrames(this::wants, pending::add,
            new AppDefinitions());
    private final LongAdder dropped = new LongAdder();
    private final InstantSource clock = InstantSource.system();

    @Override
    public void before(Event event, ClusterState state) {
        if (!clients.isEmpty()) {
            frames.before(event, state);
        }
    }

    @Override
    public void after(Event event, ClusterState state) {
        if (!clients.isEmpty()) {
            frames.after(event, state);
        }
    }

    /** Only now is the state what the events say it is. */
    @Override
    public void batchEnd(ClusterState state) {
        if (!pending.isEmpty()) {
            publish(pending);
            pending.clear();
        }
    }

    /** How many are listening. */
    int clientCount() {
        return clients.size();
    }

    /** How many have been cut off because they read too slowly. */
    long droppedCount() {
        return dropped.sum();
    }

    boolean wants(String type) {
        for (EventClient client : clients) {
            if (client.wants(type)) {
                return true;
            }
        }
        return false;
    }

    /** Somebody has created or changed an app. */
    void apiPost(String clientIp, String uri, ObjectNode definition, long atMs) {
        ObjectNode body = Json.object().put("clientIp", clientIp).put("uri", uri);
        body.set("appDefinition", definition);
        publish(List.of(EventFrame.of(EventTypes.API_POST, body, atMs)));
    }

    /** Turns a request into a stream that ends when either side closes it. */
    void attach(Exchange x, List<String> types) {
        HttpServerResponse response = x.response();
        if (clients.size() >= CLIENTS_MAX) {
            response.putHeader("Retry-After", "10");
            throw Errors.refused(503, "There are " + CLIENTS_MAX
                    + " listeners already; close one, or try again later");
        }
        response.setStatusCode(200).setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                // Squeezed, events would wait in the compressor for more to come.
                .putHeader("Content-Encoding", "identity");
        if (x.request().method().equals(HttpMethod.HEAD)) {
            response.end();
            return;
        }
        Set<String> wanted = new HashSet<>(types);
        EventClient client = new EventClient(wanted, x.context(), response, x.clientIp());
        response.write(Buffer.buffer(LINE_END));
        long timer = x.context().owner().setPeriodic(KEEP_ALIVE_MS, unused -> {
            if (!response.closed() && !response.writeQueueFull()) {
                response.write(Buffer.buffer(LINE_END));
            }
        });
        response.closeHandler(unused -> {
            x.context().owner().cancelTimer(timer);
            if (clients.remove(client)) {
                presence(EventTypes.STREAM_DETACHED, client);
            }
        });
        clients.add(client);
        presence(EventTypes.STREAM_ATTACHED, client);
    }

    /** Ends all streams; listeners reconnect to whoever leads then. */
    void closeAll() {
        clients.forEach(EventClient::close);
    }

    private void presence(String type, EventClient client) {
        if (wants(type)) {
            publish(List.of(EventFrame.of(type,
                    Json.object().put("remoteAddress", client.address()), clock.millis())));
        }
    }

    /** Somebody has created, changed or deleted a pod. */
    void podRequest(String type, String clientIp, String uri, long atMs) {
        publish(List.of(EventFrame.of(type,
                Json.object().put("clientIp", clientIp).put("uri", uri), atMs)));
    }

    private void publish(List<EventFrame> some) {
        for (EventClient client : clients) {
            List<byte[]> wanted = new ArrayList<>(some.size());
            for (EventFrame frame : some) {
                if (client.wants(frame.type())) {
                    wanted.add(frame.bytes());
                }
            }
            if (!wanted.isEmpty() && !client.offer(wanted) && clients.remove(client)) {
                dropped.increment();
            }
        }
    }
}
