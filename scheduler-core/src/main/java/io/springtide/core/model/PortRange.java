package io.springtide.core.model;

import io.springtide.core.Check;

/** Host ports an agent offers; both ends belong to the range. */
public record PortRange(int first, int last) {

    public static final int PORT_MAX = 65_535;

    public PortRange {
        Check.argument(first >= 1 && first <= last && last <= PORT_MAX,
                "a port range lies within 1-65535: " + first + "-" + last);
    }

    public int size() {
        return last - first + 1;
    }
}
