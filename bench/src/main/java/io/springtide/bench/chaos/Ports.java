package io.springtide.bench.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below those that Linux gives to outgoing connections: a server that is down for a moment must
 * find its port free when it comes back. One thread.
 */
final class Ports {

    private static final int FIRST = 12_000;
    private static final int LAST = 19_999;
    private static final int TRIES_MAX = 1_000;

    private final Set<Integer> taken = new HashSet<>();

    int next() {
        for (int tries = 0; tries < TRIES_MAX; tries++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (taken.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new ChaosException("no free port between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException inUse) {
            return false;
        }
    }
}
