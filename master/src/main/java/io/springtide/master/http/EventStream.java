package io.springtide.master.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.springtide.core.event.Event;
import io.springtide.core.model.Condition;
import io.springtide.core.state.ClusterState;
import io.springtide.master.agents.UnknownEnds;
import io.springtide.master.view.CommitListener;
import io.springtide.master.view.CommittedState;
import io.springtide.master.view.History;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Tells every listener on {@code /v2/events} what has become durable, in order. Facts arrive on the
 * outbox's thread and are rendered there, once for all listeners and only if one wants them; from there on
 * each listener has a bounded queue, and is cut off when it falls behind: it can connect again and say
 * what it has seen last, and {@link EventReplay} tells it the rest.
 */
public final class EventStream implements CommitListener, UnknownEnds {

    /** Each costs memory of its own; a cluster has a few load balancers and dashboards. */
    static final int CLIENTS_MAX = 500;

    private static final long KEEP_ALIVE_MS = 10_000;
    private static final int ID_SHOWN_MAX = 40;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final CommittedState view;
    private final CopyOnWriteArrayList<EventClient> clients = new CopyOnWriteArrayList<>();
    private final List<EventFrame> pending = new ArrayList<>();
    private final AppDefinitions definitions = new AppDefinitions();
    private final EventFrames frames = new EventFrames(this::wants, pending::add, definitions);
    private final EventReplay replay;
    private final AtomicInteger attached = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    private final InstantSource clock = InstantSource.system();

    private final Object door = new Object();
    // Guarded by the door.
    private final List<EventClient> joining = new ArrayList<>();
    private boolean underWay;
    private volatile long told;

    /** Begins with what {@code view} shows at present, and has to hear of everything from there on. */
    public EventStream(CommittedState view, History history) {
        this(view, history, EventReplay.PATIENCE);
    }

    EventStream(CommittedState view, History history, Duration patience) {
        this.view = view;
        this.told = view.position();
        this.replay = new EventReplay(this, history, definitions, patience);
    }

    @Override
    public void before(Event event, ClusterState state) {
        synchronized (door) {
            // Who comes now would miss what has been left out for nobody wanted it.
            underWay = true;
        }
        frames.passed(event);
        if (!clients.isEmpty()) {
            frames.begin(view.position());
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
        synchronized (door) {
            told = view.position();
            underWay = false;
            joining.forEach(this::admit);
            joining.clear();
        }
    }

    /** What lies between cannot be told: listeners come again, and are told that. */
    @Override
    public void leapt(ClusterState state) {
        synchronized (door) {
            told = view.position();
        }
        clients.forEach(EventClient::close);
    }

    /** How many are listening to the present. */
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

    /** Position of the first fact that has not been told yet. */
    long told() {
        return told;
    }

    /** Somebody has created or changed an app. */
    void apiPost(String clientIp, String uri, ObjectNode definition, long atMs) {
        ObjectNode body = Json.object().put("clientIp", clientIp).put("uri", uri);
        body.set("appDefinition", definition);
        publish(List.of(EventFrame.of(EventTypes.API_POST, body, atMs)));
    }

    /**
     * Turns a request into a stream that ends when either side closes it.
     *
     * @param lastId of the last event that the client has seen on a stream before, if it says so
     */
    void attach(Exchange x, List<String> types, Optional<String> lastId) {
        HttpServerResponse response = x.response();
        if (attached.get() >= CLIENTS_MAX) {
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
        EventClient client = new EventClient(new HashSet<>(types), x.context(), response,
                x.clientIp());
        attached.incrementAndGet();
        response.write(Buffer.buffer(LINE_END));
        long timer = x.context().owner().setPeriodic(KEEP_ALIVE_MS, unused -> {
            if (!response.closed() && !response.writeQueueFull()) {
                response.write(Buffer.buffer(LINE_END));
            }
        });
        response.closeHandler(unused -> {
            x.context().owner().cancelTimer(timer);
            attached.decrementAndGet();
            gone(client);
        });
        Optional<EventId> seen = lastId.flatMap(EventId::parse);
        if (seen.isPresent()) {
            replay.add(client, seen.get());
        } else {
            lastId.ifPresent(text -> tellLost(client, text));
            var unused = join(client);
        }
    }

    /**
     * Lets a client hear the present, from the end of what is being told just now.
     *
     * @return position of the first fact that it hears
     */
    CompletableFuture<Long> join(EventClient client) {
        synchronized (door) {
            if (underWay) {
                joining.add(client);
            } else {
                admit(client);
            }
        }
        return client.joined();
    }

    /** What it has missed cannot be told. */
    void tellLost(EventClient client, String id) {
        StringBuilder shown = new StringBuilder();
        // A client's own text: nothing of it may end the line.
        id.chars().limit(ID_SHOWN_MAX).filter(c -> c > ' ' && c < 127)
                .forEach(c -> shown.append((char) c));
        client.offerPast(List.of((": events before " + shown
                + " are no longer kept; read the state anew\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8)));
    }

    /** It reads too slowly. */
    void cut(EventClient client) {
        dropped.increment();
        client.close();
    }

    /** Ends all streams; listeners reconnect to whoever leads then. */
    void closeAll() {
        replay.close();
        clients.forEach(EventClient::close);
    }

    private void admit(EventClient client) {
        if (!client.isOver()) {
            clients.add(client);
            presence(EventTypes.STREAM_ATTACHED, client);
        }
        client.joined().complete(told);
    }

    private void gone(EventClient client) {
        boolean listened;
        synchronized (door) {
            client.end();
            listened = clients.remove(client);
        }
        if (listened) {
            presence(EventTypes.STREAM_DETACHED, client);
        }
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

    @Override
    public void unknownEnded(String instanceId, String runSpec, Condition condition, long atMs) {
        if (wants(EventTypes.UNKNOWN_TERMINATED)) {
            publish(List.of(EventFrame.of(EventTypes.UNKNOWN_TERMINATED,
                    Json.object().put("instanceId", instanceId).put("runSpecId", runSpec)
                            .put("condition", TaskJson.condition(condition)),
                    atMs)));
        }
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
