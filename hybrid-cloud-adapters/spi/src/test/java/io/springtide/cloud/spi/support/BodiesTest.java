package io.springtide.cloud.spi.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BodiesTest {

    /** Goal: an answer whose rest never comes holds nobody up. Method: a server that stops in the middle. */
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void anAnswerThatStopsInTheMiddleIsGivenUp() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                HttpClient client = HttpClient.newHttpClient()) {
            Thread serving = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
                                    .getBytes(StandardCharsets.US_ASCII));
                    Thread.sleep(Duration.ofMinutes(1));
                } catch (IOException | InterruptedException e) {
                    // The test is over.
                    Thread.currentThread().interrupt();
                }
            });
            InputStream body = client.send(
                    HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
                            .timeout(Duration.ofSeconds(5)).build(),
                    BodyHandlers.ofInputStream()).body();
            assertThatThrownBy(() -> Bodies.read(body, 100, Duration.ofMillis(200)))
                    .isInstanceOf(IOException.class).hasMessageContaining("within 200 ms");
            serving.interrupt();
            client.shutdownNow();
        }
    }

    @Test
    void oneThatIsTooLongIsRefusedAndAnyOtherIsWhole() throws Exception {
        byte[] ten = new byte[10];
        assertThat(Bodies.read(new ByteArrayInputStream(ten), 10, Duration.ofSeconds(9)))
                .hasSize(10);
        assertThatThrownBy(
                () -> Bodies.read(new ByteArrayInputStream(ten), 9, Duration.ofSeconds(9)))
                .hasMessageContaining("longer than 9 bytes");
    }
}
