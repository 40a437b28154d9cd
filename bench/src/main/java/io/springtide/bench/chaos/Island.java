package io.springtide.bench.chaos;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A network of its own, with one cable to this one that can be pulled: what is sent then vanishes, and nobody
 * is told, as behind a dead switch. Takes root and {@code ip} of iproute2.
 */
final class Island implements AutoCloseable {

    /** Addresses for tests of networks, RFC 2544. */
    private static final String NETWORK = "198.18.";

    private final String name;
    private final String cable;
    private final String here;

    private Island(String name, String cable, String here) {
        this.name = name;
        this.cable = cable;
        this.here = here;
    }

    /** A new one; empty if this machine or user cannot have one. */
    static Optional<Island> create() {
        int number = ThreadLocalRandom.current().nextInt(1, 255);
        int low = ThreadLocalRandom.current().nextInt(0, 63) * 4;
        String name = "tide-" + number + "-" + low;
        String cable = "td" + number + "x" + low;
        String here = NETWORK + number + "." + (low + 1);
        String there = NETWORK + number + "." + (low + 2);
        if (!Commands.tried("ip", "netns", "add", name)) {
            return Optional.empty();
        }
        Island island = new Island(name, cable, here);
        boolean made = Commands.tried("ip", "link", "add", cable, "type", "veth", "peer", "name",
                "eth0", "netns", name)
                && Commands.tried("ip", "addr", "add", here + "/30", "dev", cable)
                && Commands.tried("ip", "link", "set", cable, "up")
                && Commands.tried("ip", "-n", name, "addr", "add", there + "/30", "dev", "eth0")
                && Commands.tried("ip", "-n", name, "link", "set", "lo", "up")
                && Commands.tried("ip", "-n", name, "link", "set", "eth0", "up");
        if (!made) {
            island.close();
            return Optional.empty();
        }
        return Optional.of(island);
    }

    /** How this side of the cable is called there. */
    String here() {
        return here;
    }

    /** The words before a command that have it run there. */
    List<String> inside() {
        return List.of("ip", "netns", "exec", name);
    }

    void unplug() {
        Commands.run("ip", "link", "set", cable, "down");
    }

    void plug() {
        Commands.run("ip", "link", "set", cable, "up");
    }

    /** What runs there keeps its network until it ends. */
    @Override
    public void close() {
        Commands.tried("ip", "link", "del", cable);
        Commands.tried("ip", "netns", "del", name);
    }
}
