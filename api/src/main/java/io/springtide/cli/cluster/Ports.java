package io.springtide.cli.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Asks which ports of this machine are free. Another process may take one right after the answer. */
public final class Ports {
    private static final int ATTEMPTS_MAX = 50;

    private Ports() {}

    /** True if one could listen there now. */
    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException ignored) {
            return false;
        }
    }

    /** The first of two ports in a row that are free. */
    public static int freePair() {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            int port;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            } catch (IOException ignored) {
                continue;
            }
            if (port < 65_535 && isFree(port) && isFree(port + 1)) {
                return port;
            }
        }
        throw ClusterException.failure("There are no two free ports in a row on this machine.", "");
    }

    /** The first port of so many free ones in a row, below the range that outgoing connections use. */
    public static int freeRange(int count) {
        for (int first = 22_000; first + count <= 32_768; first += 1_000) {
            boolean free = true;
            for (int port = first; free && port < first + count; port++) {
                free = isFree(port);
            }
            if (free) {
                return first;
            }
        }
        throw ClusterException.failure(
                "There are no " + count + " free ports in a row between 22000 and 32767.", "");
    }
}
