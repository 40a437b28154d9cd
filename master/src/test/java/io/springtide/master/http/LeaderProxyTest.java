package io.springtide.master.http;

import io.springtide.master.MasterStatus;
import io.springtide.master.http.TestClient.Reply;
import io.springtide.master.metrics.Registries;
import io.springtide.master.store.Election.Addresses;
import io.springtide.master.store.Election.Leader;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a standby does with a request while the leader cannot answer. */
class LeaderProxyTest {

    /** A standby that knows who leads. */
    private static final class Standby implements LeadingAlone {

        private volatile Optional<Leader> leader = Optional.empty();

        @Override
        public boolean leads() {
            return false;
        }

        @Override
        public Optional<Leader> leader() {
            return leader;
        }

        @Override
        public Optional<Addresses> elsewhere() {
            return leader.map(Leader::addresses);
        }

        @Override
        public long position() {
            return 0;
        }
    }

    @Test
    void nobodyWaitsForALeaderThatHasBeenReplaced() throws Exception {
        Standby standby = new Standby();
        Vertx vertx = Vertx.vertx();
        try (ServerSocket frozen = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                TestCluster cluster = new TestCluster()) {
            Addresses addresses = new Addresses("127.0.0.1:" + frozen.getLocalPort(), "");
            standby.leader = Optional.of(new Leader(1, addresses));
            RestServer server = server(vertx, cluster, standby);
            TestClient client = new TestClient(server.port());
            CompletableFuture<Reply> asked = CompletableFuture.supplyAsync(() -> put(client));
            try (Socket taken = frozen.accept()) {
                assertThat(taken.getInputStream().read()).as("it was passed on").isEqualTo('P');
                assertThat(asked).isNotDone();
                standby.leader = Optional.of(new Leader(2, new Addresses("127.0.0.1:1", "")));
                Reply reply = asked.get(10, TimeUnit.SECONDS);
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.header("Retry-After")).isEqualTo("1");
                assertThat(reply.text()).contains("it is not known whether");
            }
            server.close();
        } finally {
            vertx.close();
        }
    }

    /**
     * Goal: what comes between two reigns is held, each for its own time, and goes on at once when
     * somebody leads. Method: many changes at once, one that goes away, no leader, then one that does not
     * answer; and once more, since nothing is left over from the first time.
     */
    @Test
    void whatComesBetweenTwoReignsWaitsForTheNext() throws Exception {
        Standby standby = new Standby();
        Vertx vertx = Vertx.vertx();
        try (TestCluster cluster = new TestCluster();
                ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            RestServer server = server(vertx, cluster, standby);
            TestClient client = new TestClient(server.port());
            for (int reign = 1; reign <= 2; reign++) {
                standby.leader = Optional.empty();
                List<Future<Reply>> asked = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    asked.add(pool.submit(() -> put(client)));
                }
                try (Socket impatient = new Socket(InetAddress.getLoopbackAddress(),
                        server.port())) {
                    impatient.getOutputStream()
                            .write("DELETE /v2/apps/a HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    Thread.sleep(500);
                }
                assertThat(asked).noneMatch(Future::isDone);
                standby.leader = Optional
                        .of(new Leader(reign, new Addresses("127.0.0.1:1", "")));
                for (Future<Reply> one : asked) {
                    Reply reply = one.get(4, TimeUnit.SECONDS);
                    assertThat(reply.status()).isEqualTo(503);
                    assertThat(reply.text()).contains("does not answer");
                }
            }
            server.close();
        } finally {
            vertx.close();
        }
    }

    @Test
    void nobodyWaitsForALeaderForEver() throws Exception {
        Standby standby = new Standby();
        Vertx vertx = Vertx.vertx();
        try (TestCluster cluster = new TestCluster()) {
            RestServer server = server(vertx, cluster, standby);
            long begunNs = System.nanoTime();
            Reply reply = put(new TestClient(server.port()));
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.text()).contains("No master leads at present");
            assertThat(Duration.ofNanos(System.nanoTime() - begunNs))
                    .isGreaterThanOrEqualTo(MasterStatus.INTERREGNUM);
            server.close();
        } finally {
            vertx.close();
        }
    }

    /** It may be holding the request itself. */
    @Test
    void oneThatHasHandedOverMayAnswerLater() throws Exception {
        Standby standby = new Standby();
        Vertx vertx = Vertx.vertx();
        try (ServerSocket slow = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                TestCluster cluster = new TestCluster()) {
            standby.leader = Optional.of(new Leader(1,
                    new Addresses("127.0.0.1:" + slow.getLocalPort(), "")));
            RestServer server = server(vertx, cluster, standby);
            TestClient client = new TestClient(server.port());
            CompletableFuture<Reply> asked = CompletableFuture.supplyAsync(() -> put(client));
            try (Socket taken = slow.accept()) {
                assertThat(taken.getInputStream().read()).as("it was passed on").isEqualTo('P');
                standby.leader = Optional.empty();
                // Longer than one that has been replaced gets.
                Thread.sleep(2_000);
                assertThat(asked).isNotDone();
                taken.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(asked.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
            server.close();
        } finally {
            vertx.close();
        }
    }

    private static Reply put(TestClient client) {
        try {
            return client.put("/v2/apps/a", "{\"cmd\":\"sleep 1\"}");
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static RestServer server(Vertx vertx, TestCluster cluster, MasterStatus status)
            throws Exception {
        RestServer server = new RestServer(vertx, RestSettings.loopback(0), cluster, cluster,
                cluster, status, cluster.events, Registries.empty());
        server.start().get(30, TimeUnit.SECONDS);
        return server;
    }
}
