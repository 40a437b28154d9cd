package io.springtide.master.scaling;

import io.springtide.core.elasticity.Observation;
import io.springtide.core.elasticity.Verdict;
import io.springtide.core.model.AppId;
import java.util.List;
import java.util.Optional;

/**
 * How a policy stands at a moment.
 *
 * @param atMs when it was looked at
 * @param readings one for each target
 * @param frozenSinceMs since when it does not shrink for want of measurements; 0 = it may
 * @param troubledSinceMs since when something is wrong that people should look after: a measurement that is
 *     missing, a schedule that cannot be read; 0 = nothing is
 * @param alarmed it has been so for a while, and nothing suggests that it will pass
 * @param faults sentences about what else is wrong: schedules that cannot be read, a count refused
 */
public record Standing(AppId app, long atMs, Observation seen, Verdict verdict,
        List<Reading> readings, long frozenSinceMs, long troubledSinceMs, boolean alarmed,
        List<String> faults) {

    public Standing {
        readings = List.copyOf(readings);
        faults = List.copyOf(faults);
    }

    /** Why it does not shrink, or does not follow its schedules; empty if all is well. */
    public Optional<String> trouble() {
        List<String> all = new java.util.ArrayList<>();
        for (int i = 0; i < readings.size(); i++) {
            if (!readings.get(i).fault().isEmpty()) {
                all.add("/targets(" + i + "): " + readings.get(i).fault());
            }
        }
        all.addAll(faults);
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
    }
}
