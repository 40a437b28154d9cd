package io.springtide.cloud.ingress.proxy;

import io.springtide.cloud.spi.traffic.Front.Protocol;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The ports that are listened at, each on every loop. Any thread. */
final class Doors {

    /** Requests under way at a port that is closed get so long to end. */
    private static final long CLOSE_SECONDS = 30;

    /** Of a request line; longer ones are answered with 414. */
    private static final int LINE_BYTES_MAX = 8 << 10;

    /** What closes a server, gracefully. */
    private interface Server {
        Future<Void> close(long seconds);
    }

    private record Door(Protocol protocol, List<Server> servers) {}

    private final Vertx vertx;
    private final String host;
    private final List<Loop> loops;
    private final IngressLimits limits;
    private final Map<Integer, Door> open = new HashMap<>();
    private final Map<Integer, String> troubles = new TreeMap<>();

    Doors(Vertx vertx, String host, List<Loop> loops, IngressLimits limits) {
        this.vertx = vertx;
        this.host = host;
        this.loops = loops;
        this.limits = limits;
    }

    /** The door that all hosts share. Returns the port. */
    Future<Integer> openMain(int port) {
        List<Future<Integer>> opened = new ArrayList<>();
        for (Loop loop : loops) {
            opened.add(on(loop, () -> {
                HttpServer server = httpServer(loop).requestHandler(loop::route);
                return server.listen(port, host).map(bound -> {
                    remember(0, Protocol.HTTP,
                            seconds -> server.shutdown(seconds, TimeUnit.SECONDS));
                    return bound.actualPort();
                });
            }));
        }
        return Future.all(opened).map(all -> all.<Integer>resultAt(0));
    }

    /** Opens and closes doors, until these are open. */
    Future<Void> want(Map<Integer, Served> ports) {
        List<Future<?>> work = new ArrayList<>();
        synchronized (this) {
            open.entrySet().removeIf(entry -> {
                Served served = ports.get(entry.getKey());
                Door door = entry.getValue();
                boolean stays = entry.getKey() == 0 || (served != null
                        && served.said.front().protocol() == door.protocol());
                if (!stays) {
                    // Not waited for: what is under way there may take long.
                    door.servers().forEach(server -> server.close(CLOSE_SECONDS));
                }
                return !stays;
            });
            troubles.keySet().retainAll(ports.keySet());
        }
        ports.forEach((port, served) -> {
            synchronized (this) {
                if (open.containsKey(port)) {
                    return;
                }
            }
            work.add(open(port, served.said.front().protocol()).recover(failure -> {
                synchronized (this) {
                    troubles.put(port, "Port " + port + " of " + served.id
                            + " cannot be listened at: " + failure.getMessage()
                            + "; see who has it: ss -ltnp 'sport = :" + port + "'");
                    Door half = open.remove(port);
                    if (half != null) {
                        half.servers().forEach(server -> server.close(0));
                    }
                }
                return Future.succeededFuture();
            }));
        });
        return Future.all(work).mapEmpty();
    }

    private Future<Void> open(int port, Protocol protocol) {
        List<Future<Void>> opened = new ArrayList<>();
        for (Loop loop : loops) {
            opened.add(on(loop, () -> protocol == Protocol.HTTP
                    ? openHttp(loop, port)
                    : openTcp(loop, port)));
        }
        return Future.all(opened).map(all -> {
            synchronized (this) {
                troubles.remove(port);
            }
            return null;
        });
    }

    private Future<Void> openHttp(Loop loop, int port) {
        HttpServer server = httpServer(loop).requestHandler(request -> loop.route(request, port));
        return server.listen(port, host).map(bound -> {
            remember(port, Protocol.HTTP, seconds -> server.shutdown(seconds, TimeUnit.SECONDS));
            return null;
        });
    }

    private Future<Void> openTcp(Loop loop, int port) {
        NetServer server = vertx.createNetServer(
                new NetServerOptions().setTcpNoDelay(true).setTcpKeepAlive(true))
                .connectHandler(socket -> relay(loop, port, socket));
        return server.listen(port, host).map(bound -> {
            remember(port, Protocol.TCP, seconds -> server.shutdown(seconds, TimeUnit.SECONDS));
            return null;
        });
    }

    private static void relay(Loop loop, int port, NetSocket socket) {
        Served served = loop.table().ports().get(port);
        if (served == null || !loop.arrived()) {
            socket.close();
        } else {
            new TcpRelay(loop, served, socket).begin();
        }
    }

    private HttpServer httpServer(Loop loop) {
        return vertx.createHttpServer(new HttpServerOptions()
                .setHttp2ClearTextEnabled(false).setCompressionSupported(false)
                .setDecompressionSupported(false).setHandle100ContinueAutomatically(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxHeaderSize(limits.headerBytesMax())
                .setMaxInitialLineLength(LINE_BYTES_MAX).setTcpNoDelay(true)
                .setStrictThreadMode(true).setAcceptBacklog(1_024))
                // What a client does wrong is no trouble of ours; it is told by the decoder's answer.
                .exceptionHandler(ignored -> {}).connectionHandler(loop::connected);
    }

    private synchronized void remember(int port, Protocol protocol,
            Function<Long, Future<Void>> close) {
        open.computeIfAbsent(port, key -> new Door(protocol, new ArrayList<>())).servers()
                .add(close::apply);
    }

    /** Nobody is let in any more; what is under way has so long to end. */
    Future<Void> close(long seconds) {
        List<Future<Void>> closing = new ArrayList<>();
        synchronized (this) {
            open.values().forEach(door -> door.servers()
                    .forEach(server -> closing.add(server.close(seconds))));
            open.clear();
        }
        return Future.join(closing).mapEmpty();
    }

    /** Sentences about ports that cannot be listened at; empty if there are none. */
    synchronized String trouble() {
        return String.join(" ", troubles.values());
    }

    private static <T> Future<T> on(Loop loop, Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        loop.context.runOnContext(run -> {
            try {
                work.get().onComplete(done);
            } catch (RuntimeException bug) {
                done.tryFail(bug);
            }
        });
        return done.future();
    }
}
