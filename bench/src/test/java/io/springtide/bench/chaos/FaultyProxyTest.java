package io.springtide.bench.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class FaultyProxyTest {

    private static final int SHORT_MS = 300;

    private ServerSocket server;
    private FaultyProxy proxy;
    private Socket client;
    private Socket accepted;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        int port = new Ports().next();
        proxy = new FaultyProxy(port, server.getLocalPort());
        client = new Socket(InetAddress.getLoopbackAddress(), port);
        accepted = server.accept();
        client.setSoTimeout(10_000);
        accepted.setSoTimeout(10_000);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        accepted.close();
        proxy.close();
        server.close();
    }

    @Test
    void passesOnInBothDirections() throws IOException {
        client.getOutputStream().write(1);
        assertThat(accepted.getInputStream().read()).isEqualTo(1);
        accepted.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void holdsBackOneDirectionOnlyAndLosesNothing() throws IOException {
        proxy.holdRequests();
        client.getOutputStream().write(1);
        accepted.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
        accepted.setSoTimeout(SHORT_MS);
        assertThatThrownBy(() -> accepted.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class);
        proxy.mend();
        accepted.setSoTimeout(10_000);
        assertThat(accepted.getInputStream().read()).isEqualTo(1);
    }

    @Test
    void delays() throws IOException {
        proxy.delay(Duration.ofMillis(SHORT_MS));
        long beganNs = System.nanoTime();
        client.getOutputStream().write(1);
        assertThat(accepted.getInputStream().read()).isEqualTo(1);
        assertThat(Pause.msSince(beganNs)).isGreaterThanOrEqualTo(SHORT_MS);
    }

    @Test
    void cutsWhatIsOpenAndWhatIsNew() throws IOException {
        proxy.cut();
        assertThat(ended(client)).isTrue();
        try (Socket late = new Socket(InetAddress.getLoopbackAddress(), client.getPort())) {
            late.setSoTimeout(10_000);
            assertThat(ended(late)).isTrue();
        }
    }

    private static boolean ended(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }
}
