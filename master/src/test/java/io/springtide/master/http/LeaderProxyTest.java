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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
