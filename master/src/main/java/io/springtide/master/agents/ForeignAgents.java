package io.springtide.master.agents;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents of other clusters that have come here. One may have a wrong address; many mean that this master
 * leads from an empty or a wrong store, and a person must know before anything is lost. Any thread.
 */
final class ForeignAgents {

    /** They come again every few seconds; who does not has been put right. */
    static final long FORGOTTEN_MS = 60_000;

    private static final int AGENTS_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ForeignAgents.class);

    private record Seen(String cluster, int held, long firstMs, long lastMs) {}

    private final LongSupplier nowMs;
    private final Map<String, Seen> seen = new LinkedHashMap<>();

    ForeignAgents(LongSupplier nowMs) {
        this.nowMs = nowMs;
    }

    /** One has come, and was refused. */
    synchronized void came(String agent, String cluster, int held) {
        long now = nowMs.getAsLong();
        forget(now);
        if (seen.isEmpty()) {
            LOG.warn("foreign_agents agent={} cluster={} held={}; see the alarm in /tide/v1/status",
                    agent, cluster, held);
        }
        Seen before = seen.remove(agent);
        if (before != null || seen.size() < AGENTS_MAX) {
            seen.put(agent, new Seen(cluster, held, before == null ? now : before.firstMs(), now));
        }
    }

    synchronized Optional<AgentsPort.Foreign> now() {
        forget(nowMs.getAsLong());
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>(seen.keySet());
        long held = seen.values().stream().mapToLong(Seen::held).sum();
        long since = seen.values().stream().mapToLong(Seen::firstMs).min().orElse(0);
        String newest = names.getLast();
        return Optional.of(new AgentsPort.Foreign(newest,
                Optional.ofNullable(seen.get(newest)).map(Seen::cluster).orElse(""), seen.size(),
                held, since));
    }

    private void forget(long now) {
        seen.values().removeIf(one -> now - one.lastMs() > FORGOTTEN_MS);
    }
}
