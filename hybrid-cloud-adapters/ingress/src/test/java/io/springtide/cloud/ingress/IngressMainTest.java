package io.springtide.cloud.ingress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The ingress as a process of its own. */
class IngressMainTest {

    private static final int EXIT_CONFIG = 78;

    @TempDir
    Path folder;

    @Test
    void readsAddresses() {
        assertThat(Address.parse("--listen", "[::1]:80")).isEqualTo(new Address("::1", 80));
        for (String wrong : List.of("80", ":80", "::1:80", "a:", "a:b", "a:65536", "a:-1")) {
            assertThatThrownBy(() -> Address.parse("--listen", wrong)).as(wrong)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("--listen: '" + wrong + "' is not HOST:PORT");
        }
    }

    @Test
    void saysWhatIsWrongWithItsOptions() throws Exception {
        assertThat(failure("--masters", "ftp://x"))
                .contains("'ftp://x' is not the URL of a master");
        assertThat(failure("--cookie-secret", folder.resolve("none").toString()))
                .contains("--cookie-secret").contains("cannot be read");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(failure("--listen", "127.0.0.1:" + taken.getLocalPort()))
                    .contains("--listen 127.0.0.1:" + taken.getLocalPort()
                            + " cannot be listened at", "ss -ltnp");
        }
    }

    @Test
    void servesItsStatusAndEndsOnASignal() throws Exception {
        int port = freePort();
        int admin = freePort();
        Process process = start("--listen", "127.0.0.1:" + port, "--admin", "127.0.0.1:" + admin,
                "--masters", "http://127.0.0.1:" + freePort(), "--data-dir",
                folder.resolve("data").toString(), "--id", "edge-1", "--drain", "2");
        try {
            String metrics = "";
            for (int i = 0; i < 300 && metrics.isEmpty(); i++) {
                metrics = get(admin, "/metrics");
            }
            assertThat(metrics).contains("tide_ingress_revision 0\n",
                    "tide_ingress_masters_reached 0\n", "# TYPE tide_ingress_errors_total counter");
            assertThat(get(admin, "/status")).contains("\"id\" : \"edge-1\"",
                    "\"trouble\" : \"No ");
            assertThat(get(port, "/")).contains("not heard from a master");
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readString(log())).contains("ingress-listens", "ingress-stopped cut=0");
    }

    private String failure(String... options) throws Exception {
        Process process = start(options);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(EXIT_CONFIG);
        return Files.readString(log());
    }

    private Path log() {
        return folder.resolve("log");
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=logback-ingress.xml",
                        "-cp", System.getProperty("java.class.path"), IngressMain.class.getName()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(log().toFile()).start();
    }

    private static String get(int port, String path) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                    BodyHandlers.ofString()).body();
        } catch (IOException notYet) {
            Thread.sleep(100);
            return "";
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
