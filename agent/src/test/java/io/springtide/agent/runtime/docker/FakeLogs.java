package io.springtide.agent.runtime.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A daemon that does nothing but hand out logs, when and as a test says. */
final class FakeLogs implements AutoCloseable {

    private static final long WAIT_S_MAX = 20;

    private final Path path;
    private final ServerSocketChannel server;
    private final Thread acceptor;
    private final BlockingQueue<Stream> asked = new LinkedBlockingQueue<>();

    FakeLogs(Path path) throws IOException {
        this.path = path;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    URI host() {
        return URI.create("unix://" + path);
    }

    /** The next request for a container's logs, which now waits for its answer. */
    Stream next() throws InterruptedException {
        Stream stream = asked.poll(WAIT_S_MAX, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("nobody has asked for logs for " + WAIT_S_MAX + " s");
        }
        return stream;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel socket = server.accept();
                ByteBuffer buffer = ByteBuffer.allocate(4096);
                StringBuilder text = new StringBuilder();
                while (text.indexOf("\r\n\r\n") < 0 && socket.read(buffer.clear()) >= 0) {
                    text.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
                }
                asked.add(new Stream(text.toString(), socket));
            }
        } catch (IOException ignored) {
            // Closed: the test is over.
        }
    }

    /** One answer, in the making. Its lines are numbered; the number is in the timestamp, too. */
    record Stream(String request, SocketChannel socket) {

        Stream answer(String status) throws IOException {
            write(("HTTP/1.0 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        Stream line(int number) throws IOException {
            write(frame(number));
            return this;
        }

        /** All of a line but its last byte. */
        Stream part(int number) throws IOException {
            byte[] frame = frame(number);
            write(Arrays.copyOf(frame, frame.length - 1));
            return this;
        }

        void end() throws IOException {
            socket.close();
        }

        private void write(byte[] bytes) throws IOException {
            socket.write(ByteBuffer.wrap(bytes));
        }

        private static byte[] frame(int number) {
            byte[] text = String.format("2026-01-02T03:04:05.%09dZ line %d%n", number, number)
                    .getBytes(StandardCharsets.US_ASCII);
            ByteArrayOutputStream frame = new ByteArrayOutputStream();
            frame.writeBytes(ByteBuffer.allocate(8).put((byte) 1).putInt(4, text.length).array());
            frame.writeBytes(text);
            return frame.toByteArray();
        }
    }

    /** From then on nobody is let in: one who still was would wait for an answer for ever. */
    @Override
    public void close() throws IOException {
        server.close();
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
