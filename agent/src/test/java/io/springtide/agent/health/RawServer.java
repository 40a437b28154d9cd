package io.springtide.agent.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Waits for the end of a request's headers, says the same to everybody, and hangs up. */
final class RawServer implements AutoCloseable {

    private final ServerSocket listening;
    private final String answer;

    RawServer(String answer) throws IOException {
        this.answer = answer;
        this.listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void serve() {
        while (!listening.isClosed()) {
            try (Socket socket = listening.accept()) {
                // One read takes the whole of so small a request, or the beginning of a TLS greeting.
                int got = socket.getInputStream().read(new byte[4096]);
                if (got > 0) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    socket.getOutputStream().flush();
                    socket.shutdownOutput();
                }
            } catch (IOException e) {
                // The client is gone, or the test is over.
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
