package io.springtide.core.elasticity;

import java.util.List;
import java.util.Optional;

/**
 * What is to be known of an app to decide on its count.
 *
 * @param count how many are wanted now
 * @param ready how many of them are ready to serve
 * @param launching how many are on their way there
 * @param samples one for each target of the policy, in their order; empty = there is none
 * @param traffic of the last second or so; empty = nobody knows
 * @param windows of schedules: those that count now, or are being got ready for
 */
public record Observation(int count, int ready, int launching, List<Optional<Sample>> samples,
        Optional<Traffic> traffic, List<ScheduleWindow> windows) {

    public Observation {
        samples = List.copyOf(samples);
        windows = List.copyOf(windows);
    }
}
