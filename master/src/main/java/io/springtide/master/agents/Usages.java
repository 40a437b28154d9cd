package io.springtide.master.agents;

import io.springtide.api.agent.Heartbeat;
import io.springtide.core.event.Event;
import io.springtide.master.agents.AgentsPort.InstanceUsage;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** What instances used when their agents last said. Any thread. */
final class Usages {

    /** As many as the largest app has instances; what is beyond is not shown. */
    private static final int USAGES_MAX = 1_000_000;

    /** What was not said again for so long belongs to an instance that has ended. */
    private static final long STALE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final ConcurrentHashMap<Long, Said> byInstance = new ConcurrentHashMap<>();

    private record Said(InstanceUsage usage, long atNanos) {}

    void said(Heartbeat heartbeat) {
        long now = System.nanoTime();
        for (var usage : heartbeat.getUsageList()) {
            if (byInstance.size() < USAGES_MAX || byInstance.containsKey(usage.getInstanceId())) {
                byInstance.put(usage.getInstanceId(), new Said(
                        new InstanceUsage(usage.getCpusMilli(), usage.getMemBytes()), now));
            }
        }
    }

    Optional<InstanceUsage> of(long instance) {
        return Optional.ofNullable(byInstance.get(instance)).map(Said::usage);
    }

    void ended(Event.InstancesReported reported) {
        reported.statuses().forEach(status -> {
            if (status.condition().terminal()) {
                byInstance.remove(status.instance());
            }
        });
    }

    void ended(Event.InstancesLost lost) {
        lost.instances().forEach(byInstance::remove);
    }

    /** Catches what was said after the end of an instance. */
    void forgetStale() {
        long now = System.nanoTime();
        byInstance.values().removeIf(said -> now - said.atNanos() > STALE_NANOS);
    }
}
