package io.springtide.master.agents;

import io.springtide.api.agent.Heartbeat;
import io.springtide.core.event.Event;
import io.springtide.master.agents.AgentsPort.InstanceUsage;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What instances used when their agents last said. Any thread. */
final class Usages {

    /** As many as the largest app has instances; what is beyond is not shown. */
    private static final int USAGES_MAX = 1_000_000;

    /** What was not said again for so long belongs to an instance that has ended. */
    private static final long STALE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<Long, Said> byInstance = new ConcurrentHashMap<>();

    /** None yet. */
    Usages(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private record Said(InstanceUsage usage, InstanceUsage steady, long atNanos) {}

    void said(Heartbeat heartbeat) {
        long now = nanoTime.getAsLong();
        for (var usage : heartbeat.getUsageList()) {
            if (byInstance.size() < USAGES_MAX || byInstance.containsKey(usage.getInstanceId())) {
                InstanceUsage said = new InstanceUsage(usage.getCpusMilli(), usage.getMemBytes());
                byInstance.compute(usage.getInstanceId(), (id, before) -> new Said(said,
                        before == null ? said : steady(before.steady(), said), now));
            }
        }
    }

    Optional<InstanceUsage> of(long instance) {
        return Optional.ofNullable(byInstance.get(instance)).map(Said::usage);
    }

    /** The same without the dips between its peaks: it rises at once and falls slowly. */
    Optional<InstanceUsage> steady(long instance) {
        return Optional.ofNullable(byInstance.get(instance)).map(Said::steady);
    }

    private static InstanceUsage steady(InstanceUsage before, InstanceUsage now) {
        return new InstanceUsage(steady(before.cpusMilli(), now.cpusMilli()),
                steady(before.memBytes(), now.memBytes()));
    }

    private static long steady(long before, long now) {
        return Math.max(now, before - (before - now) / 5);
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
        long now = nanoTime.getAsLong();
        byInstance.values().removeIf(said -> now - said.atNanos() > STALE_NANOS);
    }
}
