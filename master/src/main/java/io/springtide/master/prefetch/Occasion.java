package io.springtide.master.prefetch;

import io.springtide.core.elasticity.ScheduleWindow;
import io.springtide.core.model.AppId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A schedule that asks an app for more instances than it has, now or soon.
 *
 * @param schedule its name
 * @param beginMs from when on it asks for more
 * @param fromMs when they are to be there
 * @param missing how many they are
 */
public record Occasion(AppId app, String schedule, long beginMs, long fromMs, int missing)
        implements
            Comparable<Occasion> {

    /**
     * So long before a schedule begins what it needs is fetched. An image of some gigabytes takes minutes, a
     * thousand agents in turns of {@link Turns#AT_ONCE_MAX} take about thirty turns, and what has failed is to
     * have time to be put right; much earlier, the cluster would be another one by then.
     */
    public static final long AHEAD_MS = 30 * 60_000L;

    /**
     * The next schedule of an app, if what it needs is to be fetched now; until it has ended or all of its
     * instances are there, or on their way, for then they fetch themselves what they need.
     *
     * @param there how many instances there are
     */
    public static Optional<Occasion> of(AppId app, List<ScheduleWindow> windows, int there,
            long nowMs) {
        List<ScheduleWindow> due = windows.stream()
                .filter(one -> one.beginMs() - AHEAD_MS <= nowMs && nowMs < one.toMs()
                        && one.count() > there)
                .toList();
        int most = due.stream().mapToInt(ScheduleWindow::count).max().orElse(0);
        return due.stream().min(Comparator.comparingLong(ScheduleWindow::beginMs))
                .map(next -> new Occasion(app, next.name(), next.beginMs(), next.fromMs(),
                        most - there));
    }

    /** The earliest first. */
    @Override
    public int compareTo(Occasion other) {
        return Comparator.comparingLong(Occasion::beginMs).thenComparing(Occasion::app)
                .compare(this, other);
    }
}
