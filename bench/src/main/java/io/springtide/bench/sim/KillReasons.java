package io.springtide.bench.sim;

import io.springtide.core.event.Event;
import io.springtide.core.model.InstanceStatus;
import java.util.BitSet;

/** Which instances may be killed by the facts of one cluster: what is given up, and what has ended. */
final class KillReasons {

    private final BitSet decommissioned = new BitSet();
    private final BitSet ended = new BitSet();

    /** A fact is in the store. */
    void next(Event event) {
        switch (event) {
            case Event.InstancesReported reported -> {
                for (InstanceStatus status : reported.statuses()) {
                    if (status.condition().terminal()) {
                        ended.set(index(status.instance()));
                    }
                }
            }
            case Event.InstancesLost lost -> lost.instances()
                    .forEach(number -> ended.set(index(number)));
            case Event.InstancesDecommissioned going -> going.instances()
                    .forEach(number -> decommissioned.set(index(number)));
            default -> {
            }
        }
    }

    /** Whether there is a reason to kill this one. */
    boolean hold(long number) {
        return decommissioned.get(index(number)) || ended.get(index(number));
    }

    /** Its place in sets of numbers; no simulation has more. */
    static int index(long number) {
        if (number < 0 || number >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no simulation has instance " + number);
        }
        return (int) number;
    }
}
