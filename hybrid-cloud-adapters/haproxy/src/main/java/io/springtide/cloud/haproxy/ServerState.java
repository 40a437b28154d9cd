package io.springtide.cloud.haproxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One server of a backend: what is wanted of it, or what HAProxy says of it.
 *
 * @param address digits, never a name
 * @param weight 0 to 100
 */
record ServerState(String address, int port, int weight, Mode mode) {

    /** Whether requests go there. */
    enum Mode {
        /** All. */
        READY,
        /** Only of clients that are bound to it. */
        DRAIN,
        /** None. */
        MAINT
    }

    /** A place that nobody has; nothing is sent there. */
    static final ServerState FREE = new ServerState("127.0.0.1", 9, 0, Mode.MAINT);

    private static final int MAINT_BITS = 0x01 | 0x02 | 0x20 | 0x40;
    private static final int DRAIN_BITS = 0x08 | 0x10;

    /** Whether there is nothing to do. What a place in maintenance would be does not matter. */
    boolean serves(ServerState wanted) {
        return wanted.mode == Mode.MAINT ? mode == Mode.MAINT : equals(wanted);
    }

    /**
     * Reads the answer of {@code show servers state}.
     *
     * @return servers by name, of each backend by name
     * @throws IllegalArgumentException if it is not such an answer
     */
    static Map<String, Map<String, ServerState>> read(String answer) {
        Map<String, Map<String, ServerState>> backends = new LinkedHashMap<>();
        boolean begun = false;
        for (String line : answer.split("\n", -1)) {
            if (line.startsWith("# be_id be_name srv_id srv_name srv_addr")) {
                begun = true;
            }
            String[] words = line.split(" ", -1);
            if (!begun || line.startsWith("#") || words.length < 19) {
                continue;
            }
            int admin = Integer.parseInt(words[6]);
            Mode mode = (admin & MAINT_BITS) != 0
                    ? Mode.MAINT
                    : (admin & DRAIN_BITS) != 0 ? Mode.DRAIN : Mode.READY;
            backends.computeIfAbsent(words[1], b -> new LinkedHashMap<>()).put(words[3],
                    new ServerState(digits(words[4]), Integer.parseInt(words[18]),
                            Integer.parseInt(words[7]), mode));
        }
        if (!begun) {
            throw new IllegalArgumentException("'show servers state' was answered with '"
                    + answer.strip().lines().findFirst().orElse("") + "'");
        }
        return backends;
    }

    /** An address as the JDK writes it, so that equal ones are equal. */
    private static String digits(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + address + "' is no address", e);
        }
    }
}
