package io.springtide.core.state;

import io.springtide.core.Check;
import io.springtide.core.model.PortRange;
import java.util.List;

/**
 * The host ports of one agent. Free ones are handed out in turn, so that a port just given back is
 * the last to be used again: a client that still talks to the old instance is refused, not misled.
 */
public final class PortSet {

    /** First and last port of each range, in turn. */
    private final int[] ranges;
    private final int size;
    private final long[] used;
    private int free;
    private int cursor;

    PortSet(List<PortRange> ranges) {
        this.ranges = new int[2 * ranges.size()];
        int ports = 0;
        for (int i = 0; i < ranges.size(); i++) {
            this.ranges[2 * i] = ranges.get(i).first();
            this.ranges[2 * i + 1] = ranges.get(i).last();
            ports += ranges.get(i).size();
        }
        this.size = ports;
        this.used = new long[(size + 63) >>> 6];
        this.free = size;
    }

    private PortSet(PortSet other) {
        this.ranges = other.ranges;
        this.size = other.size;
        this.used = other.used.clone();
        this.free = other.free;
        this.cursor = other.cursor;
    }

    /** For trying out; the original does not notice. */
    public PortSet copy() {
        return new PortSet(this);
    }

    public int free() {
        return free;
    }

    int cursor() {
        return cursor;
    }

    void cursor(int index) {
        cursor = index;
    }

    public boolean isFree(int port) {
        int index = indexOf(port);
        return index >= 0 && (used[index >>> 6] & 1L << index) == 0;
    }

    /** Takes the next free port in turn; there must be one. */
    public int takeAny() {
        Check.invariant(free > 0, "no free port left");
        int index = cursor < size ? cursor : 0;
        int word = index >>> 6;
        long candidates = ~used[word] & -1L << index;
        while (true) {
            while (candidates == 0) {
                word = word + 1 == used.length ? 0 : word + 1;
                candidates = ~used[word];
            }
            int found = (word << 6) + Long.numberOfTrailingZeros(candidates);
            if (found < size) {
                mark(found);
                return portAt(found);
            }
            // Bits behind the end of the set: go on at its start.
            word = 0;
            candidates = ~used[0];
        }
    }

    /** Takes this very port; it must be free. */
    public void take(int port) {
        int index = indexOf(port);
        // The text is made only when it is needed: this runs for every port of every instance.
        if (index < 0 || (used[index >>> 6] & 1L << index) != 0) {
            throw new IllegalStateException("port is not free: " + port);
        }
        mark(index);
    }

    /** Gives a port back in a copy that is for trying out. */
    public void giveBack(int port) {
        release(port);
    }

    void release(int port) {
        int index = indexOf(port);
        // A range may have shrunk since the port was handed out.
        if (index >= 0 && (used[index >>> 6] & 1L << index) != 0) {
            used[index >>> 6] &= ~(1L << index);
            free++;
        }
    }

    /** Takes a port that an instance holds already, if it still belongs to the set. */
    public void retake(int port) {
        if (isFree(port)) {
            int before = cursor;
            mark(indexOf(port));
            cursor = before;
        }
    }

    private void mark(int index) {
        used[index >>> 6] |= 1L << index;
        free--;
        cursor = index + 1 == size ? 0 : index + 1;
    }

    private int indexOf(int port) {
        int base = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (port >= ranges[i] && port <= ranges[i + 1]) {
                return base + port - ranges[i];
            }
            base += ranges[i + 1] - ranges[i] + 1;
        }
        return -1;
    }

    private int portAt(int index) {
        int base = index;
        for (int i = 0; i < ranges.length; i += 2) {
            int length = ranges[i + 1] - ranges[i] + 1;
            if (base < length) {
                return ranges[i] + base;
            }
            base -= length;
        }
        throw new IllegalStateException("index behind the end of the port set: " + index);
    }
}
