package io.springtide.bench.flash;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The service of the demo: sells one thing. An order takes a piece from the stock, is signed, and waits
 * as long as a bank's ledger would take; only so many are worked on at a time, so that an instance has a
 * capacity that everybody can reckon: workers divided by the time an order takes. Beyond its queue it
 * says 503, as a service does that would rather serve some than none.
 *
 * <p>On the JDK alone and on virtual threads, since it has to be there quickly. It says that it is well
 * when it has rehearsed.
 */
public final class Shop {

    private static final int SIGNATURES = 10;
    /** So many orders and the code they need is compiled: the first of a sale would wait for that. */
    private static final int REHEARSALS = 300;
    private static final int BACKLOG = 1_024;
    /** What is under way at the end may take so long. */
    private static final int STOP_S = 10;

    private final int workMs;
    private final int queueMax;
    private final Semaphore workers;
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicLong stock;
    private final SecretKeySpec key;
    private final String name;
    private volatile boolean rehearsed;

    Shop(String name, int workers, int workMs, int queueMax, long stock) {
        this.name = name;
        this.workMs = workMs;
        this.queueMax = queueMax;
        this.workers = new Semaphore(workers, true);
        this.stock = new AtomicLong(stock);
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        this.key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /** Serves {@code PORT0} until it is asked to end. Arguments: workers, ms an order takes, queue. */
    public static void main(String[] arguments) throws IOException {
        Shop shop = new Shop(System.getenv().getOrDefault("MESOS_TASK_ID", "shop"),
                Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]), 1_000_000_000L);
        HttpServer server = shop.start(System.getenv().getOrDefault("HOST", "127.0.0.1"),
                Integer.parseInt(System.getenv().getOrDefault("PORT0", "8000")));
        shop.rehearse(server.getAddress());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(
                () -> server.stop(STOP_S)));
    }

    /** Listens at an address; port 0 takes any. */
    HttpServer start(String host, int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(host, port), BACKLOG);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", exchange -> answer(exchange, rehearsed ? 200 : 503,
                rehearsed ? "well" : "rehearsing"));
        server.createContext("/rehearsal", exchange -> order(exchange, 0, 0));
        server.createContext("/buy", exchange -> order(exchange, 1, workMs));
        server.start();
        return server;
    }

    /** Goes the way of an order as often as it takes to go it quickly; only then it is well. */
    void rehearse(InetSocketAddress address) throws IOException {
        URL url = URI.create("http://" + address.getHostString() + ":" + address.getPort()
                + "/rehearsal").toURL();
        for (int i = 0; i < REHEARSALS; i++) {
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            connection.setRequestMethod("POST");
            try (InputStream answer = connection.getInputStream()) {
                answer.readAllBytes();
            }
        }
        rehearsed = true;
    }

    private void order(HttpExchange exchange, int pieces, int ledgerMs) throws IOException {
        if (queued.incrementAndGet() > queueMax) {
            queued.decrementAndGet();
            answer(exchange, 503, "the queue is full");
            return;
        }
        try {
            workers.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer(exchange, 503, "the shop closes");
            return;
        } finally {
            queued.decrementAndGet();
        }
        String order;
        try {
            long left = stock.addAndGet(-pieces);
            order = "{\"left\":" + left + ",\"by\":\"" + name + "\",\"receipt\":\"" + sign(left)
                    + "\"}";
            TimeUnit.MILLISECONDS.sleep(ledgerMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer(exchange, 503, "the shop closes");
            return;
        } finally {
            workers.release();
        }
        answer(exchange, 200, order);
    }

    private String sign(long left) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] receipt = Long.toString(left).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < SIGNATURES; i++) {
                receipt = mac.doFinal(receipt);
            }
            return HexFormat.of().formatHex(receipt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK can sign by HmacSHA256", e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text)
            throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
