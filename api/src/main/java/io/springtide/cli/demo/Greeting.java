package io.springtide.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What an instance of the hello app answers: which task it is, and which process since when. The
 * process id is what proves that an instance was not restarted.
 */
record Greeting(String taskId, long pid, long sinceSeconds) {
    private static final int TIMEOUT_MS = 2_000;
    private static final int ANSWER_BYTES_MAX = 16_384;

    /** Asks the instance on a port of this machine; empty if it does not answer as it should. */
    static Optional<Greeting> from(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    TIMEOUT_MS);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return parse(new String(in.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8));
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }

    static Optional<Greeting> parse(String answer) {
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            return Optional.empty();
        }
        int body = answer.indexOf("\r\n\r\n");
        String task = "";
        long pid = 0;
        long since = 0;
        for (String line : answer.substring(Math.max(0, body)).strip().lines().toList()) {
            if (line.startsWith("hello from ")) {
                task = line.substring("hello from ".length());
            } else if (line.startsWith("pid ")) {
                pid = number(line.substring("pid ".length()));
            } else if (line.startsWith("since ")) {
                since = number(line.substring("since ".length()));
            }
        }
        return task.isEmpty() || pid == 0
                ? Optional.empty()
                : Optional.of(new Greeting(task, pid, since));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException ignored) {
            return 0;
        }
    }
}
