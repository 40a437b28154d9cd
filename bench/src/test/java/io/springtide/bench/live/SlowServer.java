package io.springtide.bench.live;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a test has instances run: answers each request after a while, and ends at once when it is told to. */
final class SlowServer {

    private static final int BACKLOG = 1_024;

    private SlowServer() {}

    /** Takes the port and the milliseconds. */
    public static void main(String[] arguments) throws IOException {
        long millis = Long.parseLong(arguments[1]);
        HttpServer server = HttpServer.create(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])), BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
            byte[] body = "served".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
