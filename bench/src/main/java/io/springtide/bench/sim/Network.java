package io.springtide.bench.sim;

import java.util.ArrayList;
import java.util.List;

/** Who reaches whom, and how long it takes. Nodes are the store, the masters and the agents, in this order. */
final class Network {

    static final int STORE = 0;

    private final Timeline timeline;
    private final Dice dice;
    private final long meanNanos;
    /** How many faults stop what one node sends to another. */
    private final int[][] stopped;
    private long opened;
    private final List<Link> links = new ArrayList<>();

    Network(Timeline timeline, Dice dice, int nodes, long meanNanos) {
        this.timeline = timeline;
        this.dice = dice;
        this.meanNanos = meanNanos;
        this.stopped = new int[nodes][nodes];
    }

    boolean passes(int from, int to) {
        return stopped[from][to] == 0;
    }

    /** Both ways. */
    boolean reaches(int one, int other) {
        return passes(one, other) && passes(other, one);
    }

    void stop(int from, int to) {
        stopped[from][to]++;
    }

    void letPass(int from, int to) {
        if (stopped[from][to] > 0 && --stopped[from][to] == 0) {
            flush();
        }
    }

    /** Every fault of the network is over. */
    void heal() {
        for (int[] row : stopped) {
            java.util.Arrays.fill(row, 0);
        }
        flush();
    }

    private void flush() {
        List.copyOf(links).forEach(Link::flush);
    }

    long latency() {
        return dice.latency(meanNanos);
    }

    Timeline timeline() {
        return timeline;
    }

    /** Connections that agents have begun to make, ever. */
    long opened() {
        return opened;
    }

    void add(Link link) {
        opened++;
        links.add(link);
    }

    void remove(Link link) {
        links.remove(link);
    }

    /** Connections that stand or are being made, oldest first. */
    List<Link> links() {
        return List.copyOf(links);
    }
}
