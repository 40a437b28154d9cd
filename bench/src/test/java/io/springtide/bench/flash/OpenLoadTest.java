package io.springtide.bench.flash;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OpenLoadTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void end() {
        vertx.close();
    }

    private List<Second> load(int port, List<Arrivals.Phase> phases) throws Exception {
        return load(port, phases, Duration.ofSeconds(10));
    }

    private List<Second> load(int port, List<Arrivals.Phase> phases, Duration patience)
            throws Exception {
        return new OpenLoad(vertx, SocketAddress.inetSocketAddress(port, "127.0.0.1"), "shop",
                "/buy", phases, patience, seconds -> {}).run().toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void asMuchIsSentAsThePhasesSay() throws Exception {
        HttpServer shop = new Shop("one", 50, 1, 1_000, 1_000_000).start("127.0.0.1", 0);
        try {
            List<Second> seconds = load(shop.getAddress().getPort(),
                    List.of(Arrivals.Phase.steady("calm", 100, 1_000),
                            new Arrivals.Phase("step", 100, 300, 1_000),
                            Arrivals.Phase.steady("sale", 300, 1_000)));
            assertThat(seconds).extracting(Second::due).satisfiesExactly(
                    due -> assertThat(due).isEqualTo(100),
                    due -> assertThat(due).isBetween(195, 205),
                    due -> assertThat(due).isBetween(298, 302));
            assertThat(seconds).allSatisfy(second -> {
                assertThat(second.answered()).isEqualTo(second.due());
                assertThat(second.failed()).isZero();
            });
        } finally {
            shop.stop(0);
        }
    }

    /**
     * Goal: a stall counts for all who would have come meanwhile, not only for those who waited at its
     * beginning. Method: a server stands still for a second in the middle of an even load.
     */
    @Test
    void aStallIsSeenByAllWhoCameMeanwhile() throws Exception {
        ReentrantLock open = new ReentrantLock();
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                1_000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        AtomicInteger requests = new AtomicInteger();
        server.createContext("/", exchange -> {
            boolean stalls = requests.incrementAndGet() == 50;
            open.lock();
            try {
                if (stalls) {
                    TimeUnit.MILLISECONDS.sleep(1_000);
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                open.unlock();
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            List<Second> seconds = load(server.getAddress().getPort(),
                    List.of(Arrivals.Phase.steady("even", 100, 2_000)));
            // Those due within the stall waited from its whole length down to nothing: half a second on average.
            assertThat(seconds.get(0).ms(75)).isGreaterThan(400);
            assertThat(seconds.get(1).ms(99)).isGreaterThan(300);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void whatIsRefusedIsCountedByKind() throws Exception {
        HttpServer shop = new Shop("one", 1, 200, 1, 1_000_000).start("127.0.0.1", 0);
        try {
            List<Second> seconds = load(shop.getAddress().getPort(),
                    List.of(Arrivals.Phase.steady("sale", 100, 1_000)));
            assertThat(seconds.getFirst().errors()).containsOnlyKeys("503");
            assertThat(seconds.getFirst().answered() + seconds.getFirst().failed())
                    .isEqualTo(100);
        } finally {
            shop.stop(0);
        }
    }

    /** Goal: a load ends, whatever the server does. Method: one takes all connections and answers nobody. */
    @Test
    void whoeverIsNotAnsweredLeaves() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            List<Second> seconds = load(mute.getLocalPort(),
                    List.of(Arrivals.Phase.steady("sale", 20, 1_000)), Duration.ofMillis(300));
            assertThat(seconds.getFirst().errors()).containsExactly(Map.entry("timeout", 20));
        }
    }

    @Test
    void whoIsNotThereIsCountedToo() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        List<Second> seconds = load(port, List.of(Arrivals.Phase.steady("sale", 10, 1_000)));
        assertThat(seconds.getFirst().errors()).containsEntry("connection", 10);
    }
}
