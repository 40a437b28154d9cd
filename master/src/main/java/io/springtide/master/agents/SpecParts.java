package io.springtide.master.agents;

import io.springtide.api.agent.Resources;
import io.springtide.api.agent.TaskIds;
import io.springtide.api.agent.TaskSpec;
import io.springtide.api.marathon.Resources.Limit;
import io.springtide.api.marathon.Resources.Limits;
import io.springtide.api.marathon.Timestamps;
import io.springtide.core.model.AppVersion;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What specs of apps and of pods have in common. */
final class SpecParts {

    static final BigDecimal MILLI = BigDecimal.valueOf(1_000);

    private SpecParts() {}

    /** What runs, under which names, and what the core has set aside for it. */
    static TaskSpec.Builder begin(AppVersion version, String clusterId) {
        var wanted = version.spec().shape().resources();
        return TaskSpec.newBuilder().setAppId(version.spec().id().path())
                .setAppVersion(Timestamps.format(version.versionMs()))
                .setTaskIdPrefix(TaskIds.prefix(version.spec().id().path(), clusterId))
                .setKillGraceMs(version.spec().killGraceMs())
                .setResources(Resources.newBuilder().setCpusMilli(wanted.cpusMilli())
                        .setMemMib(wanted.memMib()).setDiskMib(wanted.diskMib())
                        .setGpus(wanted.gpus()));
    }

    /** How far something may go beyond what it asks for; 0 = as far as it likes. */
    static void limit(Limits limits, TaskSpec.Builder out) {
        limits.cpus().ifPresent(limit -> out.setCpusLimitMilli(atMost(limit, MILLI)));
        limits.memMib().ifPresent(limit -> out.setMemLimitMib(atMost(limit, BigDecimal.ONE)));
    }

    private static long atMost(Limit limit, BigDecimal unit) {
        return switch (limit) {
            case Limit.Unlimited() -> 0;
            case Limit.AtMost(double amount) -> up(amount, unit);
        };
    }

    /** An amount in a smaller unit, rounded up. */
    static long up(double amount, BigDecimal unit) {
        return BigDecimal.valueOf(amount).multiply(unit).setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }
}
