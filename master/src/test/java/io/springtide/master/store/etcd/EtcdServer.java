package io.springtide.master.store.etcd;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

import static org.junit.jupiter.api.Assertions.fail;

/** Debian's etcd as a process of its own. */
final class EtcdServer implements AutoCloseable {

    private static final Path ETCD = Path.of("/usr/bin/etcd");
    private static final int START_SECONDS = 30;

    private final Process process;
    private final int port;

    private EtcdServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one and waits until it serves; skips the test where there is no etcd. */
    static EtcdServer start(Path folder) throws IOException, InterruptedException {
        boolean there = Files.isExecutable(ETCD);
        String why = "no " + ETCD + "; build-support/install-etcd.sh installs it";
        if (!there && "true".equals(System.getenv("CI"))) {
            fail(why);
        }
        if (!there) {
            System.out.println("skipped: " + why);
        }
        Assumptions.assumeTrue(there, why);
        int port = freePort();
        String clients = "http://127.0.0.1:" + port;
        String peers = "http://127.0.0.1:" + freePort();
        EtcdServer server = new EtcdServer(new ProcessBuilder(ETCD.toString(), "--data-dir",
                folder.toString(), "--listen-client-urls", clients, "--advertise-client-urls",
                clients, "--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers,
                "--initial-cluster", "default=" + peers)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start(), port);
        server.awaitServing();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitServing() throws InterruptedException {
        HttpRequest question = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + port + "/health")).build();
        long deadline = System.nanoTime() + START_SECONDS * 1_000_000_000L;
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    if (http.send(question, HttpResponse.BodyHandlers.ofString()).body()
                            .contains("true")) {
                        return;
                    }
                } catch (IOException e) {
                    if (!process.isAlive() || System.nanoTime() > deadline) {
                        close();
                        throw new IllegalStateException("etcd does not serve", e);
                    }
                }
                Thread.sleep(50);
            }
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
