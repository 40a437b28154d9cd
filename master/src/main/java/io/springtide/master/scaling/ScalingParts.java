package io.springtide.master.scaling;

import io.springtide.master.config.PrometheusSetting;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What the autoscaling of every reign is made with.
 *
 * @param prometheus who answers the queries of policies
 */
public record ScalingParts(Optional<PrometheusSetting> prometheus, ScalingCounters counters) {

    /** Without queries, and counted for nobody. */
    public static ScalingParts plain() {
        return new ScalingParts(Optional.empty(), new ScalingCounters());
    }

    /** For one reign, which closes it. */
    public Queries queries(InstantSource clock) {
        return prometheus.<Queries>map(setting -> new Prometheus(setting, clock, counters))
                .orElse(Queries.NONE);
    }
}
