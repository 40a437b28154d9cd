package io.springtide.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs the everyday commands once against a stand-in for a master, so that the JVM can write the
 * classes they need into an archive. The launcher calls this after a build; nobody else does.
 */
final class Rehearsal {
    private static final String TASKS = "{\"tasks\":[{\"id\":\"a.instance-1._app.1\",\"appId\":\"/a\",\"host\":\"h\","
            + "\"ports\":[1],\"state\":\"TASK_RUNNING\",\"stagedAt\":\"2026-01-01T00:00:00.000Z\","
            + "\"healthCheckResults\":[{\"alive\":true}]}],\"apps\":[{\"id\":\"/a\",\"instances\":1,\"cpus\":0.1}],"
            + "\"app\":{\"id\":\"/a\",\"instances\":1},\"agents\":[{\"id\":\"a\",\"resources\":{\"cpus\":1.5}}],"
            + "\"queue\":[],\"deploymentId\":\"d\"}";

    private Rehearsal() {}

    /** Plays it. */
    public static void main(String[] args) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread answers = Thread.ofPlatform().daemon().unstarted(() -> serve(server));
            answers.start();
            String url = "http://127.0.0.1:" + server.getLocalPort();
            Terminal nowhere = new Terminal(
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                    new ByteArrayInputStream(new byte[0]), true, true, false,
                    Map.of("TIDE_URL", url), "");
            Tide tide = new Tide(nowhere);
            tide.run("ps");
            tide.run("ps", "-o", "json");
            tide.run("app", "list");
            tide.run("app", "show", "a");
            tide.run("app", "scale", "a", "1", "--detach");
            tide.run("agents");
            tide.run("queue");
            tide.run("logs", "a");
            tide.run("help");
            tide.run("nonsense");
        }
    }

    private static void serve(ServerSocket server) {
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                + TASKS.length() + "\r\n\r\n" + TASKS).getBytes(StandardCharsets.US_ASCII);
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(1_000);
                InputStream in = socket.getInputStream();
                byte[] request = new byte[8_192];
                if (in.read(request) > 0) {
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException ignored) {
                // The rehearsal is over, or a call was cut short: neither matters.
            }
        }
    }
}
