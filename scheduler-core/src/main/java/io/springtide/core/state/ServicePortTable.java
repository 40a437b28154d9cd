package io.springtide.core.state;

import io.springtide.core.model.AppVersion;
import java.util.BitSet;
import java.util.TreeSet;
import org.agrona.collections.Int2IntCounterMap;

/**
 * Which service ports apps have: those of what they are now and of what they are to be next. Follows from
 * the apps, so that a snapshot does not hold it. Only {@code apply} changes it.
 */
public final class ServicePortTable {

    private final BitSet used = new BitSet();
    /** By how many apps: nobody keeps two from asking for the same one. */
    private final Int2IntCounterMap holders = new Int2IntCounterMap(0);

    /** Whether an app has it. */
    public boolean used(int port) {
        return used.get(port);
    }

    /** The lowest port that no app has, from this one on; may lie above all that there are. */
    public int nextFree(int from) {
        return used.nextClearBit(from);
    }

    /** How many ports are in use. */
    public int size() {
        return used.cardinality();
    }

    /** Counts what an app has now in place of what it had when it was counted last. */
    void recount(AppState app) {
        TreeSet<Integer> ports = new TreeSet<>(app.current.spec().servicePorts());
        AppVersion planned = app.planned;
        if (planned != null) {
            ports.addAll(planned.spec().servicePorts());
        }
        if (ports.equals(app.servicePorts)) {
            return;
        }
        ports.forEach(this::take);
        release(app);
        app.servicePorts = ports;
    }

    /** The app is gone. */
    void release(AppState app) {
        app.servicePorts.forEach(this::giveBack);
        app.servicePorts = new TreeSet<>();
    }

    private void take(int port) {
        if (holders.incrementAndGet(port) == 1) {
            used.set(port);
        }
    }

    private void giveBack(int port) {
        if (holders.decrementAndGet(port) == 0) {
            used.clear(port);
        }
    }
}
