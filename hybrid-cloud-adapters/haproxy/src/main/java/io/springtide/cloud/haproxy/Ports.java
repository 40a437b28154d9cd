package io.springtide.cloud.haproxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** Whether somebody else has a port that HAProxy is to open. */
final class Ports {

    private static final Duration PATIENCE = Duration.ofMillis(200);

    private Ports() {}

    /**
     * Whether HAProxy could open it. One that we may not open ourselves is left to HAProxy, unless
     * somebody answers there.
     *
     * @param address {@code *} for all
     */
    static boolean free(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address.equals("*")
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(address, port));
            return true;
        } catch (IOException e) {
            return !String.valueOf(e.getMessage()).contains("in use") && !answers(address, port);
        }
    }

    /** Whether somebody takes connections there. */
    static boolean answers(String address, int port) {
        try (Socket socket = new Socket()) {
            InetAddress there = InetAddress.getByName(address.equals("*") ? "0.0.0.0" : address);
            socket.connect(new InetSocketAddress(
                    there.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : there, port),
                    (int) PATIENCE.toMillis());
            return true;
        } catch (IOException e) {
            // Nobody, as far as can be seen: HAProxy says it if it cannot open it.
            return false;
        }
    }
}
