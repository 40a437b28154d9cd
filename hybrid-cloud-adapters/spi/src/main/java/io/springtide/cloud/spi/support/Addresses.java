package io.springtide.cloud.spi.support;

import io.springtide.cloud.spi.traffic.Endpoint;
import io.springtide.cloud.spi.traffic.TrafficTable;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Addresses of the hosts of a table. A host that the name service does not know any more keeps the address
 * it had: while names are not known, instances are where they were, and who took them out would end the
 * traffic. For one thread.
 */
public final class Addresses {

    /** So long a turn asks for hosts whose address is known; a name service that is away takes seconds each. */
    private static final long ASKING_NANOS = Duration.ofSeconds(1).toNanos();

    /** Who knows names. */
    public interface Names {

        /** The address of a host, in digits. */
        String address(String host) throws UnknownHostException;
    }

    private final Names names;
    private final Map<String, String> known = new HashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final TreeSet<String> kept = new TreeSet<>();
    private long askingNanos;

    /** By the name service of this machine. */
    public Addresses() {
        this(Words::address);
    }

    /** By somebody else. */
    public Addresses(Names names) {
        this.names = names;
    }

    /** Begins a turn, in which every host is asked for once; forgets hosts that the table has not. */
    public void begin(TrafficTable table) {
        known.keySet().retainAll(table.services().stream().flatMap(s -> s.endpoints().stream())
                .map(Endpoint::host).collect(Collectors.toSet()));
        asked.clear();
        kept.clear();
        askingNanos = 0;
    }

    /** In digits, the one it had if there is none now; empty if there has never been one. */
    public Optional<String> of(String host) {
        boolean had = known.containsKey(host);
        if ((!had || askingNanos < ASKING_NANOS) && asked.add(host)) {
            long begunNanos = System.nanoTime();
            try {
                known.put(host, names.address(host));
            } catch (UnknownHostException e) {
                if (had) {
                    kept.add(host);
                }
            }
            askingNanos += System.nanoTime() - begunNanos;
        }
        return Optional.ofNullable(known.get(host));
    }

    /** What the operator should know of this turn's hosts; empty if all is well. */
    public Optional<String> trouble() {
        return kept.isEmpty()
                ? Optional.empty()
                : Optional.of(kept.size() + (kept.size() == 1 ? " host is" : " hosts are")
                        + " unknown here now, e.g. '" + Words.shown(kept.first())
                        + "', and served where it was known last; look at the name service of"
                        + " this machine");
    }

    /** The sentence of an instance whose host has never been known. */
    public static String unknown(Endpoint endpoint) {
        return "instance " + endpoint.instance() + " is left out: its host '"
                + Words.shown(endpoint.host()) + "' is unknown here; look at the name service of"
                + " this machine";
    }
}
